"""A click in the console is a post at the network, once, whatever happens on the way."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.agents.permit import Actor
from app.core.clock import now
from app.core.eventlog import read_after
from app.core.transaction import transaction
from app.replies.cancel import cancel_reply, retry_reply, settle_by_hand
from app.replies.deliver import deliver_due
from app.replies.errors import (
    AlreadyAnswered,
    ExtraRecipients,
    KeyReused,
    TextTooLong,
    TooLateToCancel,
    WouldPublishPrivate,
    WouldWiden,
)
from app.replies.models import Reply
from app.replies.queries import replies_of, reply_options
from app.replies.send import Wish, send_reply
from app.replies.views import DraftView, ReplyView
from app.tickets.inbox import Filter, inbox
from app.tickets.queries import open_ticket, ticket_card
from tests.given import Desk, a_desk, an_account, hear
from tests.sandbox.live import LiveBrand, Sandbox, start_sandbox

_LONG_AGO = timedelta(seconds=31)


@pytest.fixture(params=["mastodon", "gotosocial"])
def sandbox(request: pytest.FixtureRequest):
    with start_sandbox(flavour=request.param) as running:
        yield running


@pytest.fixture
def brand(sandbox: Sandbox) -> LiveBrand:
    return sandbox.brand("acme")


class Asked:
    """A desk with one ticket of nora's."""

    def __init__(self, desk: Desk, ticket_id: str, sandbox: Sandbox) -> None:
        self.desk, self.ticket_id, self.sandbox = desk, ticket_id, sandbox
        self.ana: Actor = desk.agents[0]

    async def newest(self) -> str | None:
        async with transaction() as tx:
            return (await reply_options(tx, self.ana, self.ticket_id)).newest_message_id

    async def send(self, text: str, key: str = "key-1", **more: object) -> ReplyView:
        wish = {"lane": "public", "seen": await self.newest(), **more}
        async with transaction() as tx:
            return await send_reply(tx, self.ana, self.ticket_id, Wish(text=text, **wish), key)  # type: ignore[arg-type]

    async def replies(self) -> list[ReplyView]:
        async with transaction() as tx:
            return await replies_of(tx, self.ana, self.ticket_id)

    def out(self) -> list[dict]:
        return self.sandbox.posts(author="acme")


@pytest.fixture
async def asked(database: str, sandbox: Sandbox, brand: LiveBrand) -> Asked:
    desk = await a_desk(agents=2)
    await an_account(desk, sandbox, brand)
    sandbox.post_as("nora", f"@{brand.handle} it is down")
    await hear()
    async with transaction() as tx:
        (card,) = (await inbox(tx, desk.lead, Filter())).items
    return Asked(desk, card.id, sandbox)


async def deliver(*, also_later: bool = True) -> None:
    """Deliver what is due, and what would be due later as if that time had come."""
    for _ in range(12):
        while await deliver_due():
            continue
        if not also_later:
            return
        async with transaction() as tx:
            waits = Reply.due_at.is_not(None)
            past = {"due_at": now(), "lease_until": None, "last_try_at": Reply.last_try_at - _LONG_AGO}
            if not (await tx.execute(update(Reply).where(waits).values(**past))).rowcount:
                return


async def test_a_reply_goes_out_once_under_the_post_it_answers(asked: Asked) -> None:
    queued = await asked.send("We are on it")
    assert (queued.state, queued.visibility) == ("queued", "public")
    await deliver()
    (reply,) = await asked.replies()
    assert reply.state == "sent"
    (post,) = asked.out()
    assert "We are on it" in post["text"]
    async with transaction() as tx:
        told = await open_ticket(tx, asked.ana, asked.ticket_id)
    assert [(m.kind, m.agent_id) for m in told.messages] == [("customer", None), ("brand", asked.ana.agent_id)]
    assert told.card.waiting == 0
    assert told.card.assignee_id == asked.ana.agent_id
    assert post["in_reply_to_id"] == asked.sandbox.posts(author="nora")[0]["id"]


async def test_nothing_leaves_before_the_time_for_undoing(asked: Asked) -> None:
    queued = await asked.send("Too quick")
    assert not await deliver_due()
    async with transaction() as tx:
        await cancel_reply(tx, asked.ana, queued.id)
    await deliver()
    assert asked.out() == []
    assert [r.state for r in await asked.replies()] == ["cancelled"]


async def test_the_same_key_is_one_reply_and_another_text_under_it_is_refused(asked: Asked) -> None:
    first = await asked.send("Hello")
    again = await asked.send("Hello")
    assert first.id == again.id
    with pytest.raises(KeyReused):
        await asked.send("Something else")
    await deliver()
    assert len(asked.out()) == 1


async def test_an_answer_to_an_older_state_is_refused_and_says_what_is_new(asked: Asked, brand: LiveBrand) -> None:
    seen = await asked.newest()
    asked.sandbox.post_as("nora", f"@{brand.handle} wait, it works now")
    await hear()
    with pytest.raises(AlreadyAnswered) as refused:
        await asked.send("Have you tried turning it off?", seen=seen)
    assert "it works now" in refused.value.details["newer"][0]["text"]
    assert (await asked.send("Glad to hear", key="key-2", seen=seen, confirmed=True)).state == "queued"
    with pytest.raises(AlreadyAnswered) as refused:
        await asked.send("Me too", key="key-3")
    assert refused.value.details["others"][0]["text"] == "Glad to hear"


@pytest.mark.parametrize("fault", ["drop", "error"])
async def test_a_lost_answer_is_looked_for_and_never_doubled(asked: Asked, fault: str) -> None:
    asked.sandbox.fault(fault, path="/api/v1/statuses", method="POST", after=True)
    await asked.send("Exactly once")
    async with transaction() as tx:
        await tx.execute(update(Reply).values(due_at=now()))
    await deliver_due()
    assert (await asked.replies())[0].state == "unsure"
    await deliver()
    assert (await asked.replies())[0].state == "sent"
    assert len(asked.out()) == 1


async def test_what_never_arrived_is_sent_again(asked: Asked) -> None:
    asked.sandbox.fault("error", path="/api/v1/statuses", method="POST", after=False)
    await asked.send("Second try")
    await deliver()
    assert (await asked.replies())[0].state == "sent"
    assert len(asked.out()) == 1


async def test_a_refusal_is_shown_in_the_networks_own_words_and_can_be_retried(asked: Asked) -> None:
    parent = asked.sandbox.posts(author="nora")[0]
    await asked.send("Too late?")
    asked.sandbox.delete(parent["id"])
    await deliver()
    (reply,) = await asked.replies()
    assert reply.state == "failed"
    assert reply.problem
    async with transaction() as tx:
        again = await retry_reply(tx, asked.ana, reply.id)
    assert again.state == "queued"
    with pytest.raises(TooLateToCancel):
        async with transaction() as tx:
            await tx.execute(update(Reply).values(state="sending"))
            await cancel_reply(tx, asked.ana, reply.id)


async def test_replies_of_a_ticket_leave_in_order(asked: Asked) -> None:
    asked.sandbox.fault("rate_limit", path="/api/v1/statuses", method="POST", times=2)
    for n in range(4):
        await asked.send(f"Part {n}", key=f"key-{n}", confirmed=True)
    await deliver()
    said = [p["text"] for p in sorted(asked.out(), key=lambda p: (len(p["id"]), p["id"]))]
    assert [next(n for n in range(4) if f"Part {n}" in text) for text in said] == [0, 1, 2, 3]


async def test_a_private_answer_reaches_its_recipient_and_nobody_else(asked: Asked) -> None:
    with pytest.raises(ExtraRecipients):
        await asked.send("Ask @omar@else.example", lane="private")
    await asked.send("Your code is 4711", lane="private")
    await deliver()
    (post,) = asked.out()
    assert post["visibility"] == "direct"
    assert post["mentions"] == ["nora"]


async def test_what_was_written_for_the_private_lane_cannot_leave_in_public(asked: Asked) -> None:
    from app.replies.draft import save_draft

    draft = DraftView(
        ticket_id=asked.ticket_id,
        text="Your code is 4711",
        lane="private",
        content_warning=None,
        visibility=None,
        parent_id=None,
        picture_ids=[],
        key="draft-key",
        saved_at=now(),
    )
    async with transaction() as tx:
        await save_draft(tx, asked.ana, draft)
    with pytest.raises(WouldPublishPrivate):
        await asked.send("Your  code is 4711")


async def test_an_answer_is_never_wider_than_what_it_answers(asked: Asked, brand: LiveBrand) -> None:
    asked.sandbox.post_as("zoe", f"@{brand.handle} quietly", visibility="unlisted")
    await hear()
    async with transaction() as tx:
        found = (await inbox(tx, asked.desk.lead, Filter(q="quietly"))).items[0]
    quiet = Asked(asked.desk, found.id, asked.sandbox)
    with pytest.raises(WouldWiden):
        await quiet.send("LOUD", visibility="public")
    assert (await quiet.send("hush")).visibility == "unlisted"


async def test_a_text_is_counted_as_its_server_counts(asked: Asked) -> None:
    longest = 5000 if asked.sandbox.flavour == "gotosocial" else 500
    with pytest.raises(TextTooLong):
        await asked.send("👩‍👩‍👧‍👦" * (longest + 1))
    with pytest.raises(TextTooLong):
        await asked.send("x" * longest)


async def test_resolving_with_the_reply_waits_until_it_is_out(asked: Asked) -> None:
    await asked.send("Done!", then="resolve")
    async with transaction() as tx:
        assert (await ticket_card(tx, asked.ana, asked.ticket_id)).state == "open"
    await deliver()
    async with transaction() as tx:
        assert (await ticket_card(tx, asked.ana, asked.ticket_id)).state == "resolved"
        assert [e.seq for e in await read_after(tx, 0)] == list(range(1, len(await read_after(tx, 0)) + 1))


async def test_what_nobody_can_find_asks_a_person(asked: Asked) -> None:
    """A server that keeps keys is asked again until its hour is over; one that does not, only once more."""
    asked.sandbox.fault("error", path="/api/v1/statuses", method="POST", after=False, times=50)
    await asked.send("Into the void")
    await deliver()
    if asked.sandbox.flavour == "mastodon":
        async with transaction() as tx:
            await tx.execute(update(Reply).values(first_attempt_at=Reply.first_attempt_at - timedelta(hours=2)))
        await deliver()
    (reply,) = await asked.replies()
    assert (reply.state, reply.due_at) == ("unsure", None)
    assert asked.out() == []
    async with transaction() as tx:
        assert (await settle_by_hand(tx, asked.ana, reply.id, published=False)).state == "failed"
