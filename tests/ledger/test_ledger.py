"""What is used of a network is written with the work, warns at a level, and stops paid work at the limit, never silently."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import select, text, update

from app.brands.connect import refresh_account
from app.core import clock
from app.core.clock import now
from app.core.errors import Refused
from app.core.eventlog import EventRow
from app.core.transaction import transaction
from app.doctor.look_at_work import look_at_work
from app.ingest.backfill import ask_for_backfill, backfill_due
from app.ingest.budget import SPENT
from app.ingest.models import Backfill, Poll
from app.ingest.poll import poll_due
from app.ingest.queries import health_of
from app.ingest.reread import reread_due
from app.ledger.charge import charged, write_rest
from app.ledger.errors import BudgetSpent, NothingPriced, UnknownPrice
from app.ledger.models import Spending
from app.ledger.months import month_ends, month_of, next_month
from app.ledger.queries import costs, my_budgets
from app.ledger.set_budget import set_budget, set_price
from app.networks.cost import Price
from app.networks.errors import Transient
from app.networks.port import Account, Connected
from app.replies.deliver import deliver_due
from app.replies.queries import reply_options
from app.replies.send import Wish, send_reply
from app.tickets.models import Conversation, Ticket
from app.watch.readings import read
from tests.conftest import Statements, Turned
from tests.given import Desk, a_desk, a_lean_account, a_second_brand, hear
from tests.lean import Lean, a_post, lost

PRICES = (
    Price("mention.read", 1_000, "read", "cost.lean.mention_read"),
    Price("post.create", 15_000, "write", "cost.lean.post_create"),
    Price("post.create_with_link", 200_000, "write", "cost.lean.post_create_with_link"),
)


@pytest.fixture
def paid(lean: Lean) -> Lean:
    """The network in memory, where posts read and published are charged."""
    lean.prices = PRICES
    return lean


class Priced:
    """A desk with one account where things cost money."""

    def __init__(self, desk: Desk, lean: Lean, account_id: str) -> None:
        self.desk, self.lean, self.account_id = desk, lean, account_id

    async def used(self) -> dict[str, tuple[int, int]]:
        async with transaction() as tx:
            rows = await tx.scalars(select(Spending).where(Spending.account_id == self.account_id))
            found: dict[str, tuple[int, int]] = {}
            for row in rows:
                uses, micros = found.get(row.name, (0, 0))
                found[row.name] = uses + row.uses, micros + row.micros
            return found

    async def budget(self, limit: int | None, warn: int = 50) -> None:
        async with transaction() as tx:
            await set_budget(tx, self.desk.lead, self.account_id, limit_micros=limit, warn_percent=warn)

    async def ask(self, *keys: str) -> None:
        """So many questions are told to the brand and read."""
        self.lean.say(*(a_post(key, "nora", now()) for key in keys))
        await hear()

    async def facts(self) -> list[tuple[str, Any]]:
        async with transaction() as tx:
            rows = await tx.scalars(
                select(EventRow).where(EventRow.type.like("account.budget%")).order_by(EventRow.seq)
            )
            return [(row.type, row.fact.get("level", row.fact.get("limit_micros"))) for row in rows]


@pytest.fixture
async def house(database: str, turned: Turned, paid: Lean) -> Priced:
    desk = await a_desk(1)
    return Priced(desk, paid, (await a_lean_account(desk)).id)


async def test_a_page_is_charged_with_it_in_one_statement_and_free_networks_in_none(
    house: Priced, statements: Statements
) -> None:
    house.lean.prices = ()
    statements.clear()
    await house.ask("free")
    assert [s for s in statements if _of_ledger(s)] == []
    house.lean.prices = PRICES
    statements.clear()
    await house.ask("paid")
    asking, writing = (s for s in statements if _of_ledger(s))
    assert asking.startswith("\nselect b.account_id")  # whether the budget pays it
    assert "insert into spending" in writing
    assert await house.used() == {"mention.read": (1, 1_000)}
    await house.ask("b", "c")
    assert await house.used() == {"mention.read": (3, 3_000)}


async def test_what_was_counted_is_written_though_the_call_failed_or_the_page_was_not_taken(house: Priced) -> None:
    async def break_off() -> None:
        raise Transient

    house.lean.while_reading = break_off
    await house.ask("a", "b")
    assert await house.used() == {"mention.read": (2, 2_000)}

    async def take_over() -> None:  # another worker claims it meanwhile: what this one read is not taken
        async with transaction() as tx:
            await tx.execute(update(Poll).values(attempts=Poll.attempts + 1))

    house.lean.while_reading = take_over
    await hear()
    assert await house.used() == {"mention.read": (4, 4_000)}
    house.lean.while_reading = None


async def test_what_does_not_commit_is_counted_again_and_what_cannot_be_written_waits_for_the_next(
    house: Priced, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = Account("lean", "", "", "", {}, id=house.account_id)
    account.meter.add("mention.read", 2)
    with pytest.raises(RuntimeError):
        async with charged(account):
            raise RuntimeError
    assert account.meter.used == {"mention.read": 2}
    missing = Account("lean", "", "", "", {}, id=house.account_id)
    missing.meter.add("mention.read", 3)
    with monkeypatch.context() as away:
        away.setattr("app.ledger.charge._WRITE", text("select nothing from nowhere"))
        await write_rest(missing)
    await write_rest(account)
    assert await house.used() == {"mention.read": (5, 5_000)}


async def test_a_reply_costs_also_when_its_answer_was_lost(house: Priced) -> None:
    ticket_id = await _asked(house)
    await _send(house, ticket_id, "We look into it")
    house.lean.after_publish = lost
    await _deliver()
    assert (await house.used())["post.create"] == (1, 15_000)
    house.lean.after_publish = None
    await _deliver(120)  # it is found, and not sent again
    assert (await house.used())["post.create"] == (1, 15_000)
    await _send(house, ticket_id, "Done")
    await _deliver()
    assert (await house.used())["post.create"] == (2, 30_000)


async def test_a_budget_warns_once_at_its_level_and_once_at_its_limit(house: Priced) -> None:
    await house.budget(4_000, warn=50)
    await house.ask("a")
    assert await _level(house) == "fine"
    await house.ask("b")
    await house.ask("c")
    assert await _level(house) == "warned"
    await house.ask("d")
    assert await _level(house) == "spent"
    assert [level for kind, level in await house.facts() if kind == "account.budget_warned"] == ["warned", "spent"]
    async with transaction() as tx:
        readings = await read(tx)
    (spending,) = readings.spending
    assert (spending.micros, spending.left_micros) == ({"read": 4_000}, 0)
    assert any(f.check == "budget" and "has spent its budget" in f.sentence for f in look_at_work(readings))


async def test_at_the_limit_paid_reading_and_posting_stop_and_a_raise_lets_them_go_on_at_once(
    house: Priced, turned: Turned
) -> None:
    ticket_id = await _asked(house)
    await house.budget(1_000)
    async with transaction() as tx:
        await ask_for_backfill(tx, house.desk.lead, house.account_id, 7)
        await tx.execute(update(Conversation).values(reread_at=now()))
    asked = len(house.lean.asked)
    await hear()
    while await backfill_due() or await reread_due():
        pass
    assert house.lean.asked[asked:] == []
    async with transaction() as tx:
        health = await health_of(tx, house.account_id)
        assert (health.problem, health.due_at) == (SPENT, datetime(2026, 4, 1, tzinfo=UTC))
    with pytest.raises(BudgetSpent) as refused:
        await _send(house, ticket_id, "Too late")
    assert (refused.value.code, refused.value.status) == ("budget_spent", 409)

    await house.budget(1_000_000)
    assert await poll_due()
    assert await backfill_due()
    assert await reread_due()
    async with transaction() as tx:
        assert (await health_of(tx, house.account_id)).problem is None
        assert await tx.scalar(select(Backfill.problem)) is None
    await _send(house, ticket_id, "In time")

    await house.budget(1_000)
    await hear()
    turned.set(datetime(2026, 4, 1, tzinfo=UTC))  # a new month, a new budget
    asked = len(house.lean.asked)
    assert await poll_due()
    assert house.lean.asked[asked:] != []
    assert await _level(house) == "fine"


async def test_the_operators_price_counts_from_then_on_and_the_composer_says_it(house: Priced) -> None:
    await house.ask("a")
    async with transaction() as tx:
        await set_price(tx, house.desk.lead, "lean", "mention.read", 400)
        await set_price(tx, house.desk.lead, "lean", "post.create", 7_000)
        with pytest.raises(UnknownPrice):
            await set_price(tx, house.desk.lead, "lean", "nothing", 1)
    ticket_id = await _asked(house, "b")
    async with transaction() as tx:
        view = await costs(tx, house.desk.lead, house.account_id, None)
        public, private = (await reply_options(tx, house.desk.agents[0], ticket_id)).lanes
    assert [(s.day, s.uses, s.micros, s.kind) for s in view.spending] == [(date(2026, 3, 4), 2, 1_400, "read")]
    assert [(p.declared_micros, p.micros) for p in view.prices][:2] == [(1_000, 400), (15_000, 7_000)]
    assert public.cost is not None
    assert (public.cost.micros, public.cost.with_link_micros, private.cost) == (7_000, 200_000, None)


async def test_leads_see_costs_and_agents_their_brands_budgets(house: Priced) -> None:
    other = await a_second_brand(house.desk)
    await house.budget(4_000)
    agent = house.desk.agents[0]
    async with transaction() as tx:
        assert [b.account_id for b in await my_budgets(tx, agent)] == [house.account_id]
        assert await my_budgets(tx, other.agents[0]) == []
        for actor in (agent, other.agents[0]):
            with pytest.raises(Refused):
                await costs(tx, actor, house.account_id, None)
            with pytest.raises(Refused):
                await set_budget(tx, actor, house.account_id, limit_micros=1, warn_percent=1)
            with pytest.raises(Refused):
                await set_price(tx, actor, "lean", "mention.read", 1)
    house.lean.prices = ()
    with pytest.raises(NothingPriced):
        await house.budget(4_000)


async def test_asking_who_the_account_is_costs_too(house: Priced, monkeypatch: pytest.MonkeyPatch) -> None:
    refresh = house.lean.refresh

    async def counted(account: Account) -> Connected:
        account.meter.add("profile.read")
        return await refresh(account)

    monkeypatch.setattr(house.lean, "refresh", counted)
    await refresh_account(house.desk.lead, house.account_id)
    assert await house.used() == {"profile.read": (1, 0)}  # without a price its number counts


def test_months_are_utc() -> None:
    late = datetime(2026, 12, 31, 23, 30, tzinfo=timezone(timedelta(hours=-2)))
    assert month_of(late) == date(2027, 1, 1)
    assert next_month(date(2026, 12, 1)) == date(2027, 1, 1)
    assert month_ends(datetime(2026, 2, 28, 23, 59, tzinfo=UTC)) == datetime(2026, 3, 1, tzinfo=UTC)


def _of_ledger(statement: str) -> bool:
    return any(table in statement for table in ("spending", "budgets", "own_prices"))


async def _asked(house: Priced, key: str = "q") -> str:
    await house.ask(key)
    async with transaction() as tx:
        return str(await tx.scalar(select(Ticket.id).order_by(Ticket.id.desc()).limit(1)))


async def _send(house: Priced, ticket_id: str, words: str) -> None:
    wish = Wish(text=words, lane="public", seen=None, confirmed=True)
    async with transaction() as tx:
        await send_reply(tx, house.desk.agents[0], ticket_id, wish, f"key {words}")


async def _deliver(seconds: float = 6) -> None:
    clock.turn(now() + timedelta(seconds=seconds))
    while await deliver_due():
        pass


async def _level(house: Priced) -> str:
    async with transaction() as tx:
        (budget,) = await my_budgets(tx, house.desk.lead)
    return budget.level
