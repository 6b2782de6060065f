"""What a network alone knows of a post goes with the reply to it, is prepared once, and what it forbids is refused."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.brands.account import open_account
from app.brands.models import BrandAccount
from app.core import clock
from app.core.clock import now
from app.core.errors import DeskError
from app.core.transaction import transaction
from app.networks.answerable import Answerable, Asked
from app.networks.errors import Transient
from app.networks.port import Outgoing
from app.replies.cancel import retry_reply
from app.replies.deliver import deliver_due
from app.replies.errors import AnswerByHand, AnswerInPrivate, NoContentWarning, NotAnswerable, NotOnThisNetwork
from app.replies.models import Reply
from app.replies.picture import add_picture, describe_picture
from app.replies.queries import reply_options, reply_views
from app.replies.send import Wish, send_reply
from app.tickets.models import Message
from app.tickets.queries import open_ticket
from tests.conftest import Statements, Turned
from tests.given import Desk, a_desk, a_lean_account, take_in
from tests.lean import Lean, a_post, lost
from tests.networks.pictures import red_square

PNG = red_square()


class House:
    """A desk with one question on the lean network."""

    def __init__(self, desk: Desk, lean: Lean, account_id: str) -> None:
        self.desk, self.lean, self.account_id = desk, lean, account_id

    async def hear(self, key: str = "q", **some: Any) -> str:
        post = a_post(key, "nora", now(), **some)
        self.lean.say(post, quietly=True)
        (ticket_id,) = (await take_in(self.account_id, post)).ticket_ids
        return ticket_id

    async def send(self, ticket_id: str, text: str = "We look into it", **some: Any) -> str:
        wish = Wish(**{"text": text, "lane": "public", "seen": None, "confirmed": True, **some})
        async with transaction() as tx:
            return (await send_reply(tx, self.desk.agents[0], ticket_id, wish, f"key {text}")).id

    async def work(self, seconds: float = 6) -> None:
        clock.turn(now() + timedelta(seconds=seconds))
        while await deliver_due():
            pass

    async def reply(self, reply_id: str) -> Reply:
        async with transaction() as tx:
            return await tx.get_one(Reply, reply_id)

    async def facts(self, remote_id: str) -> dict[str, Any]:
        async with transaction() as tx:
            found = await tx.scalar(select(Message.facts).where(Message.remote_id == remote_id))
            assert found is not None
            return found


@pytest.fixture
async def house(database: str, lean: Lean, turned: Turned) -> House:
    desk = await a_desk(agents=1)
    account = await a_lean_account(desk)
    return House(desk, lean, account.id)


async def test_facts_are_kept_renewed_and_go_along_with_the_reply(house: House) -> None:
    ticket_id = await house.hear(facts={"cid": "one\0", "root": "q"})
    assert await house.facts("q") == {"cid": "one", "root": "q"}
    async with transaction() as tx:
        picture = await add_picture(tx, house.desk.agents[0], ticket_id, PNG, "a.png", "")
        await describe_picture(tx, house.desk.agents[0], picture.id, "a cat")
    await take_in(house.account_id, a_post("q", "nora", now(), facts={"cid": "two", "root": "q"}))
    reply_id = await house.send(ticket_id, picture_ids=(picture.id,))
    house.lean.doubt = "answer.vanished"
    await house.work()
    (out,) = house.lean.out
    assert out.outgoing.parent_facts == {"cid": "two", "root": "q"}
    assert (out.outgoing.alts, len(out.outgoing.media_ids)) == (("a cat",), 1)
    assert await house.facts("out-0") == {"root": "q"}
    reply = await house.reply(reply_id)
    assert (reply.state, reply.doubt) == ("sent", "answer.vanished")
    async with transaction() as tx:
        (view,) = await reply_views(tx, [reply])
    assert view.doubt == "answer.vanished"
    # the next reading renews what we sent, too, and what the network has no facts for any more has none
    await take_in(house.account_id, a_post("out-0", "acme", now(), facts={"root": "q", "seen": 1}))
    assert await house.facts("out-0") == {"root": "q", "seen": 1}
    await take_in(house.account_id, a_post("q", "nora", now()))
    assert await house.facts("q") == {}


async def test_what_is_prepared_is_the_same_for_every_attempt(house: House) -> None:
    made: list[Outgoing] = []

    async def prepares(outgoing: Outgoing) -> dict[str, Any]:
        made.append(outgoing)
        await asyncio.sleep(0)  # it asks its network
        return {"rkey": f"key {len(made)}", "images": list(outgoing.media_ids)}

    house.lean.prepares, house.lean.keeps_keys = prepares, 600.0
    ticket_id = await house.hear()
    async with transaction() as tx:
        picture = await add_picture(tx, house.desk.agents[0], ticket_id, PNG, "a.png", "a cat")
    reply_id = await house.send(ticket_id, picture_ids=(picture.id,))
    house.lean.before_publish = lost
    await house.work()
    assert (await house.reply(reply_id)).state == "unsure"
    frozen = (await house.reply(reply_id)).outgoing["prepared"]
    seen: list[dict[str, Any]] = []

    async def then(outgoing: Outgoing) -> None:
        seen.append(outgoing.prepared)

    house.lean.before_publish = then
    await house.work(60)
    assert (await house.reply(reply_id)).state == "sent"
    assert [len(made), seen] == [1, [frozen]]
    assert frozen == {"rkey": "key 1", "images": list(made[0].media_ids)}
    assert len(made[0].media_ids) == 1


async def test_what_cannot_be_prepared_is_not_out_and_is_prepared_anew(house: House) -> None:
    problems: list[Exception] = [Transient("Come again"), ValueError("a fault of ours")]

    async def prepares(outgoing: Outgoing) -> dict[str, Any]:
        if problems:
            raise problems.pop(0)
        return {"cid": outgoing.parent_facts["cid"]}

    house.lean.prepares = prepares
    ticket_id = await house.hear(facts={"cid": "one"})
    reply_id = await house.send(ticket_id)
    await house.work()
    reply = await house.reply(reply_id)
    assert (reply.state, reply.problem, reply.tries) == ("queued", "Come again", 0)
    with pytest.raises(ValueError, match="a fault of ours"):
        await house.work()
    house.lean.failures = []
    async with transaction() as tx:
        row = await tx.get_one(Reply, reply_id)
        row.state, row.due_at, row.lease_until = "failed", None, None
    await take_in(house.account_id, a_post("q", "nora", now(), facts={"cid": "two"}))
    async with transaction() as tx:
        await retry_reply(tx, house.desk.agents[0], reply_id)
    await house.work()
    (out,) = house.lean.out
    assert out.outgoing.prepared == {"cid": "two"}


def _rule(asked: Asked, at: datetime) -> Answerable:
    return Answerable(**asked.facts.get("rule", {}))


@pytest.mark.parametrize(
    ("rule", "lane", "error"),
    [
        ({"how": "private_only", "why": "answer.vanished"}, "public", AnswerInPrivate),
        ({"how": "private_only"}, "private", None),
        ({"how": "by_hand", "why": "answer.vanished", "url": "https://x.example/1"}, "private", AnswerByHand),
        ({"how": "no"}, "public", NotAnswerable),
    ],
)
async def test_what_the_network_forbids_is_known_before_and_refused(
    house: House, rule: dict[str, str], lane: str, error: type[DeskError] | None
) -> None:
    house.lean.rule = _rule
    ticket_id = await house.hear(facts={"rule": rule})
    ana = house.desk.agents[0]
    async with transaction() as tx:
        options = {one.lane: one for one in (await reply_options(tx, ana, ticket_id)).lanes}
        view = await open_ticket(tx, ana, ticket_id)
    assert view.answerable is not None
    assert view.messages[0].answerable == view.answerable
    assert (view.answerable.how, view.answerable.why) == (rule["how"], rule.get("why"))
    assert options[lane].allowed is (error is None)
    if error is None:
        await house.send(ticket_id, lane=lane)
        return
    with pytest.raises(error) as refused:
        await house.send(ticket_id, lane=lane)
    assert refused.value.details["why"] == rule.get("why")
    assert refused.value.details["url"] == rule.get("url")


async def test_a_lane_can_have_a_rule_and_an_end_of_its_own(house: House) -> None:
    """A Page answers a comment in public for ever, and in private within a week."""
    week = timedelta(days=7)

    def rule(asked: Asked, at: datetime) -> Answerable:
        if asked.lane != "private":
            return Answerable()
        until = asked.posted_at + week
        return Answerable(until=until) if at < until else Answerable("no", "answer.vanished")

    house.lean.rule = rule
    ticket_id, ana, begun = await house.hear(), house.desk.agents[0], now()
    for later, private in ((timedelta(0), True), (week, False)):
        clock.turn(begun + later)
        async with transaction() as tx:
            options = {one.lane: one for one in (await reply_options(tx, ana, ticket_id)).lanes}
            view = await open_ticket(tx, ana, ticket_id)
        assert view.answerable is not None
        assert view.answerable.how == "yes"
        assert [options[lane].allowed for lane in ("public", "private")] == [True, private]
        told = [one.answerable.until for one in options.values() if one.answerable is not None]
        assert [until is not None for until in told] == [False, private]
    with pytest.raises(NotAnswerable):
        await house.send(ticket_id, lane="private")
    await house.send(ticket_id)


async def test_the_newest_post_that_can_be_answered_is_answered(house: House, statements: Statements) -> None:
    house.lean.rule = _rule
    ticket_id = await house.hear()
    for n in range(3):
        clock.turn(now() + timedelta(minutes=1))
        later = a_post(f"m{n}", "nora", now(), under="q", role="other", facts={"rule": {"how": "by_hand"}})
        await take_in(house.account_id, later)
    ana = house.desk.agents[0]
    async with transaction() as tx:
        statements.clear()
        view = await open_ticket(tx, ana, ticket_id)
        counted = len(statements)
        options = await reply_options(tx, ana, ticket_id)
        asked = len(statements) - counted
    assert (counted, asked) == (4, 2)
    assert view.answerable is not None
    assert [m.answerable and m.answerable.how for m in view.messages] == [None, *["by_hand"] * 3]
    assert (view.answerable.how, options.lanes[0].parent_id) == ("yes", view.messages[0].id)
    with pytest.raises(AnswerByHand):
        await house.send(ticket_id, parent_id=view.messages[-1].id)
    await house.send(ticket_id)
    await house.work()
    assert house.lean.out[0].outgoing.in_reply_to == "q"


async def test_an_account_that_only_listens_answers_nothing(house: House) -> None:
    ticket_id = await house.hear()
    ana = house.desk.agents[0]
    house.lean.can -= {"private"}
    with pytest.raises(NotOnThisNetwork):
        await house.send(ticket_id, lane="private")
    house.lean.can -= {"public"}
    async with transaction() as tx:
        options = await reply_options(tx, ana, ticket_id)
        view = await open_ticket(tx, ana, ticket_id)
    assert options.listens_only
    assert [one.allowed for one in options.lanes] == [False, False]
    assert view.answerable is not None
    assert (view.answerable.how, view.answerable.why) == ("no", "answer.only_listens")
    with pytest.raises(NotAnswerable):
        await house.send(ticket_id)


async def test_an_opened_account_says_which_one_it_is_and_can_renew(house: House) -> None:
    async with transaction() as tx:
        account = open_account(await tx.get_one(BrandAccount, house.account_id))
    assert account.id == house.account_id
    assert account.renew is not None
    assert "secret-token" not in repr(account)


async def test_a_content_warning_is_refused_where_there_are_none_and_not_carried_over(house: House) -> None:
    ticket_id = await house.hear()
    async with transaction() as tx:
        await tx.execute(update(Message).values(content_warning="spiders"))

    async def carried() -> str | None:
        async with transaction() as tx:
            return (await reply_options(tx, house.desk.agents[0], ticket_id)).lanes[0].content_warning

    assert await carried() == "spiders"
    house.lean.can -= {"content_warning"}
    assert await carried() is None
    with pytest.raises(NoContentWarning) as refused:
        await house.send(ticket_id, content_warning="spiders")
    assert (refused.value.field, refused.value.status) == ("content_warning", 422)
    await house.send(ticket_id, content_warning="  ")
