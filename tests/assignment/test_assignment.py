"""Tickets find their agents: by themselves at the commit, by taking the next one, and when somebody leaves."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text, update

from app.agents.edit import edit_agent, edit_me
from app.agents.models import Agent
from app.agents.permit import NotAllowed
from app.assignment.errors import NothingToTake, UnknownStrategy
from app.assignment.hand_over import hand_over
from app.assignment.routes import router
from app.assignment.strategy import MOST_COUNTED
from app.assignment.take_next import take_next
from app.brands.edit import edit_brand
from app.brands.models import Brand
from app.brands.routes import router as brands_router
from app.core.clock import now
from app.core.eventlog import Logged, read_after
from app.core.transaction import record, transaction
from app.tickets.events import TicketMoved, TicketOpened
from app.tickets.models import Ticket
from tests.agents.people import a_brand, an_agent, asking, colleague, cookie, lead
from tests.conftest import Statements
from tests.customers.work import a_customer, a_ticket, an_account, tickets

pytestmark = pytest.mark.usefixtures("reacting")


class Desk:
    """A brand with its account, a customer and agents."""

    def __init__(self, brand: str, account: str, customer: str, agents: list[str]) -> None:
        self.brand, self.account, self.customer, self.agents = brand, account, customer, agents

    async def tickets(self, how_many: int, **known: Any) -> list[str]:
        return await tickets(self.brand, self.account, self.customer, how_many, **known)

    def opened(self, ticket_id: str, *, backfilled: bool = False) -> TicketOpened:
        return TicketOpened(
            brand_id=self.brand,
            ticket_id=ticket_id,
            number=1,
            customer_id=self.customer,
            account_id=self.account,
            language=None,
            backfilled=backfilled,
            follows_id=None,
        )

    async def arrive(self, ids: Sequence[str]) -> None:
        """Say in one transaction that these tickets were opened."""
        async with transaction() as tx:
            await tx.execute(update(Ticket).where(Ticket.id.in_(ids)).values(revision=Ticket.revision))
            for ticket_id in ids:
                record(tx, self.opened(ticket_id))

    async def come_back(self, ticket_id: str, before: Any = "resolved") -> None:
        async with transaction() as tx:
            (await tx.get_one(Ticket, ticket_id)).state = "open"
            moved = TicketMoved(
                brand_id=self.brand, ticket_id=ticket_id, before=before, to="open", why="customer_wrote"
            )
            record(tx, moved)


async def a_desk(*agents: str, assignment: str = "round_robin", name: str = "Acme") -> Desk:
    brand = await a_brand(name, assignment=assignment, agents=agents)
    return Desk(brand, await an_account(brand), await a_customer(), list(agents))


async def owners(ids: Sequence[str]) -> list[str | None]:
    async with transaction() as tx:
        rows = await tx.execute(select(Ticket.id, Ticket.assignee_id).where(Ticket.id.in_(ids)))
        found = {row.id: row.assignee_id for row in rows}
    return [found[i] for i in ids]


async def log() -> list[Logged]:
    async with transaction() as tx:
        return [e for e in await read_after(tx, 0) if e.type == "ticket.assigned"]


async def people(n: int) -> list[str]:
    return [await an_agent(f"Agent{k}") for k in range(n)]


async def set_availability(agent_id: str, availability: str) -> None:
    async with transaction() as tx:
        await tx.execute(update(Agent).where(Agent.id == agent_id).values(availability=availability))


async def test_a_page_is_dealt_out_in_turn_and_says_why(database: str) -> None:
    desk = await a_desk(*await people(3))
    ids = await desk.tickets(7)
    await desk.arrive(ids)
    assert sorted(Counter(await owners(ids)).values()) == [2, 2, 3]
    facts = await log()
    assert {(e.fact["why"], e.agent_id, e.fact["before_id"]) for e in facts} == {("round_robin", None, None)}
    assert [e.card["assignee_id"] for e in facts if e.card] == [e.fact["agent_id"] for e in facts]
    assert {e.card["revision"] for e in facts if e.card} == {2}
    later = await desk.tickets(2)
    await desk.arrive(later)
    assert set(Counter(await owners(ids + later)).values()) == {3}  # the turn goes on where it stopped


async def test_the_number_of_statements_does_not_grow(database: str, statements: Statements) -> None:
    desk = await a_desk(*await people(4))
    counts = []
    for size in (1, 80):
        ids = await desk.tickets(size)
        statements.clear()
        await desk.arrive(ids)
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert counts[0] <= 8


async def test_least_loaded_counts_what_is_open(database: str) -> None:
    ana, ben = await people(2)
    desk = await a_desk(ana, ben, assignment="least_loaded")
    await desk.tickets(3, assignee_id=ana)
    await desk.tickets(5, assignee_id=ben, state="waiting")
    ids = await desk.tickets(3)
    await desk.arrive(ids)
    assert await owners(ids) == [ben, ben, ben]
    assert {e.fact["why"] for e in await log()} == {"least_loaded"}


async def test_what_lies_there_is_counted_to_a_limit_and_only_where_somebody_looks_at_it(
    database: str, statements: Statements
) -> None:
    ana, ben = await people(2)
    desk = await a_desk(ana, ben, assignment="least_loaded")
    (first,) = await desk.tickets(1)
    await desk.arrive([first])
    assert await owners([first]) == [ana]
    (one,) = await desk.tickets(1)
    copies = text("""
        insert into tickets select (jsonb_populate_record(t, jsonb_build_object(
          'id', t.id || n, 'number', -n, 'assignee_id', case when n <= :anas then :ana else :ben end))).*
          from tickets t, generate_series(1, :all) n where t.id = :one
    """)
    async with transaction() as tx:
        sizes = {"anas": MOST_COUNTED, "all": 2 * MOST_COUNTED + 2}
        await tx.execute(copies, {"one": one, "ana": ana, "ben": ben, **sizes})
    await desk.arrive([one])
    assert await owners([one]) == [ben]  # who has one more, but as many as anybody, and waited longer
    for way, counted in (("least_loaded", 1), ("round_robin", 0)):
        async with transaction() as tx:
            await tx.execute(update(Brand).values(assignment=way))
        ids = await desk.tickets(1)
        statements.clear()
        await desk.arrive(ids)
        assert len([one for one in statements if "count(" in one]) == counted, way


async def test_only_who_is_available_and_works_for_the_brand(database: str) -> None:
    ana, away, leaving, gone = await people(4)
    stranger = await an_agent("Stranger")
    await a_brand("Elsewhere", agents=[stranger])
    await set_availability(away, "away")
    await set_availability(leaving, "handover")
    async with transaction() as tx:
        await tx.execute(update(Agent).where(Agent.id == gone).values(disabled_at=now()))
    desk = await a_desk(ana, away, leaving, gone)
    ids = await desk.tickets(4)
    await desk.arrive(ids)
    assert set(await owners(ids)) == {ana}
    await set_availability(ana, "away")
    alone = await desk.tickets(2)
    await desk.arrive(alone)
    assert await owners(alone) == [None, None]


async def test_off_imported_and_taken_tickets_are_left_alone(database: str) -> None:
    [ana] = await people(1)
    off = await a_desk(ana, assignment="off", name="Off")
    on = await a_desk(ana, name="On")
    waiting, [old], [done] = await off.tickets(1), await on.tickets(1), await on.tickets(1, state="resolved")
    await off.arrive(waiting)
    await on.arrive([done])
    async with transaction() as tx:
        record(tx, on.opened(old, backfilled=True))
    assert await owners([*waiting, old, done]) == [None, None, None]
    assert await log() == []


async def test_pages_at_once_share_fairly(database: str) -> None:
    desk = await a_desk(*await people(5))
    pages = [await desk.tickets(2) for _ in range(10)]
    await asyncio.gather(*(desk.arrive(page) for page in pages))
    assert set(Counter(await owners([i for page in pages for i in page])).values()) == {4}


async def test_who_comes_back_finds_the_same_agent(database: str) -> None:
    ana, ben = await people(2)
    desk = await a_desk(ana, ben)
    kept, moved, left = await desk.tickets(3, state="resolved", assignee_id=ana)
    [talking] = await desk.tickets(1, state="waiting", assignee_id=ana)
    await desk.come_back(kept)
    await set_availability(ana, "away")
    await desk.come_back(moved)
    await desk.come_back(talking, before="waiting")
    await set_availability(ana, "handover")
    await desk.come_back(left)
    assert await owners([kept, moved, talking, left]) == [ana, ben, ana, ben]
    assert [e.fact["before_id"] for e in await log()] == [ana, ana]


async def test_a_ticket_of_who_left_comes_back_to_everybody_when_nobody_is_there(database: str) -> None:
    [ana] = await people(1)
    desk = await a_desk(ana, assignment="off")
    ticket = await a_ticket(desk.brand, desk.account, desk.customer, state="resolved", assignee_id=ana)
    await set_availability(ana, "handover")
    await desk.come_back(ticket)
    assert await owners([ticket]) == [None]
    assert [e.fact["why"] for e in await log()] == ["handed_over"]


async def test_taking_follows_the_promises_and_then_the_waiting(database: str, statements: Statements) -> None:
    [ana] = await people(1)
    desk = await a_desk(ana, assignment="off")
    oldest, younger = await desk.tickets(2)
    [late] = await desk.tickets(1, next_due_at=now() - timedelta(hours=1))
    [soon] = await desk.tickets(1, next_due_at=now() + timedelta(hours=1))
    await desk.tickets(1, state="waiting")
    await desk.tickets(1, assignee_id=ana)
    actor = colleague(ana, desk.brand)
    taken = []
    for _ in range(4):
        async with transaction() as tx:
            statements.clear()
            card = await take_next(tx, actor)
            assert len(statements) == 3
        assert (card.assignee_id, card.revision) == (ana, 2)
        taken.append(card.id)
    assert taken == [late, soon, oldest, younger]
    with pytest.raises(NothingToTake):
        async with transaction() as tx:
            await take_next(tx, actor)
    assert {(e.fact["why"], e.agent_id) for e in await log()} == {("taken", ana)}


async def test_ten_who_press_at_once_get_ten_tickets(database: str) -> None:
    agents = await people(10)
    desk = await a_desk(*agents, assignment="off")
    await desk.tickets(8)

    async def press(agent: str) -> str:
        async with transaction() as tx:
            return (await take_next(tx, colleague(agent, desk.brand))).id

    answers = await asyncio.gather(*(press(a) for a in agents), return_exceptions=True)
    got = [a for a in answers if isinstance(a, str)]
    assert len(set(got)) == len(got) == 8
    assert sum(isinstance(a, NothingToTake) for a in answers) == 2


async def test_a_ticket_that_is_let_go_is_taken(database: str) -> None:
    ana, ben = await people(2)
    desk = await a_desk(ana, ben, assignment="off")
    [only] = await desk.tickets(1)
    held = asyncio.Event()

    class LetGo(Exception):
        pass

    async def hesitate() -> None:
        async with transaction() as tx:
            await take_next(tx, colleague(ana, desk.brand))
            held.set()
            await asyncio.sleep(0.2)
            raise LetGo

    async def press() -> str:
        await held.wait()
        async with transaction() as tx:
            return (await take_next(tx, colleague(ben, desk.brand))).id

    first, second = await asyncio.gather(hesitate(), press(), return_exceptions=True)
    assert isinstance(first, LetGo)
    assert second == only


async def test_nobody_takes_what_they_may_not_see(database: str) -> None:
    [ana] = await people(1)
    desk = await a_desk(assignment="off", name="Hidden")
    ids = await desk.tickets(1)
    with pytest.raises(NothingToTake):
        async with transaction() as tx:
            await take_next(tx, colleague(ana))
    async with transaction() as tx:
        assert (await take_next(tx, lead(ana))).id == ids[0]


async def test_going_away_with_hand_over_gives_the_work_to_others(database: str, statements: Statements) -> None:
    ana, ben, cem = await people(3)
    desk = await a_desk(ana, ben, cem)
    other = await a_desk(ana, assignment="off", name="Other")
    mine = await desk.tickets(40, assignee_id=ana)
    snoozed = await desk.tickets(1, assignee_id=ana, state="snoozed")
    done = await desk.tickets(1, assignee_id=ana, state="resolved")
    apart = await other.tickets(1, assignee_id=ana)
    statements.clear()
    async with transaction() as tx:
        await edit_me(tx, colleague(ana, desk.brand), availability="handover")
    assert len(statements) <= 13
    assert Counter(await owners(mine + snoozed)).keys() == {ben, cem}
    assert await owners(apart + done) == [None, ana]
    assert {(e.fact["why"], e.agent_id) for e in await log()} == {("handed_over", ana)}
    async with transaction() as tx:
        await tx.execute(update(Ticket).where(Ticket.id == mine[0]).values(assignee_id=ana))
        await edit_me(tx, colleague(ana, desk.brand), signature="^A")
    assert await owners(mine[:1]) == [ana]  # only leaving hands over, not every change of who has left


async def test_away_keeps_what_one_has(database: str) -> None:
    ana, ben = await people(2)
    desk = await a_desk(ana, ben)
    mine = await desk.tickets(2, assignee_id=ana)
    async with transaction() as tx:
        await edit_me(tx, colleague(ana, desk.brand), availability="away")
    assert await owners(mine) == [ana, ana]


async def test_who_is_disabled_hands_over(database: str) -> None:
    leader = await an_agent("Lea", role="lead")
    ana, ben = await people(2)
    desk = await a_desk(ana, ben)
    mine = await desk.tickets(2, assignee_id=ana)
    async with transaction() as tx:
        await edit_agent(tx, lead(leader), ana, revision=1, disabled=True)
    assert await owners(mine) == [ben, ben]


async def test_one_hands_over_ones_own_and_a_lead_anybodys(database: str) -> None:
    ana, ben = await people(2)
    desk = await a_desk(ana, ben)
    mine = await desk.tickets(2, assignee_id=ana)
    with pytest.raises(NotAllowed):
        async with transaction() as tx:
            await hand_over(tx, colleague(ben, desk.brand), ana)
    async with transaction() as tx:
        assert await hand_over(tx, lead(ben), ana) == 2
        assert await hand_over(tx, colleague(ana, desk.brand), ana) == 0
    assert await owners(mine) == [ben, ben]


async def test_leaving_while_tickets_arrive_leaves_nothing_behind(database: str) -> None:
    for round_ in range(5):
        agents = [await an_agent(f"R{round_}A{k}") for k in range(2)]
        desk = await a_desk(*agents, name=f"Brand {round_}")
        pages = [await desk.tickets(3) for _ in range(6)]
        old = [await a_ticket(desk.brand, desk.account, desk.customer, state="resolved", assignee_id=agents[0])]

        async def leave(desk: Desk = desk, agents: list[str] = agents) -> None:
            async with transaction() as tx:
                await edit_me(tx, colleague(agents[0], desk.brand), availability="handover")

        await asyncio.gather(*(desk.arrive(p) for p in pages), leave(), desk.come_back(old[0]))
        async with transaction() as tx:
            left = await tx.scalar(select(func.count()).where(Ticket.assignee_id == agents[0], Ticket.state == "open"))
        assert left == 0
        assert None not in await owners([i for p in pages for i in p])


async def test_a_brand_cannot_be_set_to_what_does_not_exist(database: str) -> None:
    leader = await an_agent("Lea", role="lead")
    brand = await a_brand()
    with pytest.raises(UnknownStrategy):
        async with transaction() as tx:
            await edit_brand(tx, lead(leader), brand, revision=1, assignment="by_zodiac")
    async with asking(router, brands_router, secret=await cookie(leader)) as browser:
        change = {"revision": 1, "assignment": "by_zodiac"}
        refused = await browser.patch(f"/api/v1/brands/{brand}", json=change)
        assert (refused.status_code, refused.json()["code"]) == (422, "unknown_strategy")
        assert refused.json()["field"] == "assignment"
        kept = await browser.patch(f"/api/v1/brands/{brand}", json={**change, "assignment": "least_loaded"})
        assert kept.json()["assignment"] == "least_loaded"
        names = (await browser.get("/api/v1/assignment-strategies")).json()
        assert {"name": "least_loaded"} in names
        nothing = await browser.post("/api/v1/tickets/take-next")
        assert (nothing.status_code, nothing.json()["code"]) == (404, "nothing_to_take")
    async with transaction() as tx:
        assert await tx.scalar(select(Brand.assignment).where(Brand.id == brand)) == "least_loaded"


async def test_a_ticket_of_a_forgotten_strategy_waits(database: str) -> None:
    desk = await a_desk(*await people(1), assignment="by_zodiac")
    ids = await desk.tickets(1)
    await desk.arrive(ids)
    assert await owners(ids) == [None]
