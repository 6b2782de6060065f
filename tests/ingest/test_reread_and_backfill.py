"""Looking again at what is open, and back at what was said before: within a budget, and without promises for the past."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from app.core.clock import now
from app.core.transaction import transaction
from app.ingest.backfill import TooFarBack, ask_for_backfill, backfill_due, next_backfill
from app.ingest.models import Poll
from app.ingest.reread import next_reread, reread_due
from app.networks.errors import RateLimited, Transient, Unauthorized
from app.networks.port import Outgoing
from app.replies.deliver import deliver_due
from app.replies.models import Reply
from app.replies.send import Wish, send_reply
from app.tickets.models import Conversation
from app.tickets.move import move_ticket
from tests.conftest import Turned
from tests.given import hear
from tests.ingest.conftest import Ears
from tests.lean import BRAND, a_post


async def test_an_account_is_asked_for_one_conversation_at_its_pace(ears: Ears, turned: Turned) -> None:
    ears.lean.say(*(a_post(f"m{n}", f"c{n}", now()) for n in range(5)))
    await hear()
    turned.set(turned.at + timedelta(minutes=2))
    ears.lean.asked.clear()
    assert await reread_due()
    assert not await reread_due()
    assert len(ears.lean.asked) == 1
    assert await next_reread() == turned.at + timedelta(seconds=2)
    turned.set(turned.at + timedelta(seconds=2))
    assert await reread_due()
    assert not await reread_due()
    assert len(set(ears.lean.asked)) == 2


async def test_a_rate_limit_pauses_every_rereading_of_the_account(ears: Ears, turned: Turned) -> None:
    ears.lean.say(*(a_post(f"m{n}", f"c{n}", now()) for n in range(3)))
    await hear()
    turned.set(turned.at + timedelta(minutes=2))
    ears.lean.failures = [RateLimited(retry_at=now() + timedelta(minutes=10))]
    assert await reread_due()
    turned.set(turned.at + timedelta(minutes=9))
    assert not await reread_due()
    turned.set(turned.at + timedelta(minutes=2))
    assert await reread_due()


@pytest.mark.parametrize("problem", [Transient(), Unauthorized("gone")])
async def test_a_failed_rereading_forgets_nobody(ears: Ears, problem: Exception) -> None:
    ears.lean.say(a_post("a", "nora", now()))
    await hear()
    ears.lean.failures = [problem]  # type: ignore[list-item]
    await ears.reread()
    assert [m.vanished_why for m in await ears.messages()] == [None]
    assert ((await ears.poll()).due_at is None) is isinstance(problem, Unauthorized)


async def test_what_is_done_is_no_longer_read_and_what_opens_again_is(ears: Ears, turned: Turned) -> None:
    ears.lean.say(a_post("a", "nora", now()))
    await hear()
    (card,) = await ears.cards()
    async with transaction() as tx:
        await move_ticket(tx, ears.desk.lead, card.id, "resolved", None)
    await ears.reread()
    assert await next_reread() is None
    ears.lean.say(a_post("b", "nora", now(), under="a"))
    await hear()
    assert await next_reread() is not None


async def test_replies_that_notify_nobody_are_found_and_their_author_is_known(ears: Ears) -> None:
    ears.lean.say(a_post("a", "nora", now()), a_post("x", BRAND, now() + timedelta(seconds=1), under="a"))
    await hear()
    await ears.reread()
    later = now() + timedelta(seconds=2)
    ears.lean.say(
        a_post("thanks", "nora", later, "works now", under="x", role="other"),
        a_post("noise", "omar", later, "same here", under="a", role="other"),
        quietly=True,
    )
    await ears.reread()
    (card,) = await ears.cards()
    assert (card.state, card.waiting) == ("open", 1)
    kinds = {m.remote_id: (m.kind, m.ticket_id) for m in await ears.messages()}
    assert kinds["thanks"] == ("customer", card.id)
    assert kinds["noise"] == ("other", None)


async def test_a_reread_that_meets_our_reply_in_flight_takes_it_for_nobodys(ears: Ears, turned: Turned) -> None:
    """Between the network having it and our writing that down, our own post is no answer from outside."""
    ears.lean.say(a_post("a", "nora", now()))
    await hear()
    (card,) = await ears.cards()
    wish = Wish(text="On it", lane="public", seen=None, confirmed=True)
    async with transaction() as tx:
        await send_reply(tx, ears.desk.agents[0], card.id, wish, "key")
    turned.set(turned.at + timedelta(seconds=6))

    async def reread(_outgoing: Outgoing) -> None:
        ears.lean.after_publish = None
        await ears.reread()

    ears.lean.after_publish = reread
    assert await deliver_due()
    await ears.reread()
    assert [(m.kind, m.reply_id is not None) for m in await ears.messages()] == [("customer", False), ("brand", True)]
    assert await ears.events("ticket.answered_outside") == []
    assert [e.type for e in await ears.events("reply.sent")] == ["reply.sent"]


async def test_an_answer_from_a_phone_under_a_reply_in_flight_is_not_lost(ears: Ears, turned: Turned) -> None:
    ears.lean.say(a_post("a", "nora", now()))
    await hear()
    (card,) = await ears.cards()
    async with transaction() as tx:
        await send_reply(
            tx, ears.desk.agents[0], card.id, Wish(text="On it", lane="public", seen=None, confirmed=True), "key"
        )
    turned.set(turned.at + timedelta(seconds=6))

    async def phone(_outgoing: Outgoing) -> None:
        ears.lean.before_publish = None
        ears.lean.say(a_post("x", BRAND, now(), "from a phone", under="a"))
        await ears.reread()

    ears.lean.before_publish = phone
    assert await deliver_due()
    await ears.reread()
    assert sorted((m.remote_id, m.reply_id is not None) for m in await ears.messages()) == [
        ("a", False),
        ("out-0", True),
        ("x", False),
    ]
    assert len(await ears.events("ticket.answered_outside")) == 1


async def test_an_import_goes_back_page_by_page_says_how_far_it_is_and_starts_no_promise(
    ears: Ears, turned: Turned
) -> None:
    began = now()
    old = [a_post(f"m{n:02}", f"c{n}", began - timedelta(hours=60 - n)) for n in range(40)]
    ears.lean.feed[:0] = old
    ears.lean.posts |= {p.remote_id: p for p in old}
    ears.lean.page_size = 10
    async with transaction() as tx:
        health = await ask_for_backfill(tx, ears.desk.lead, ears.account_id, 2)
    assert health.backfill is not None
    assert (health.backfill.state, health.backfill.share) == ("running", 0.0)
    shares = []
    while await backfill_due():
        state = (await ears.health()).backfill
        assert state is not None
        shares.append(state.share)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert any(0 < s < 1 for s in shares)
    wanted = [p for p in old if p.posted_at >= began - timedelta(days=2)]
    assert sorted(m.remote_id for m in await ears.messages()) == sorted(p.remote_id for p in wanted)
    assert {e.fact["backfilled"] for e in await ears.events("message.received")} == {True}
    assert await ears.events("timer.") == []
    assert {c.next_due_at for c in await ears.cards()} == {None}
    assert await next_backfill() is None
    assert (await ears.poll()).cursor == "0"


async def test_an_import_that_fails_goes_on_where_it_was(ears: Ears, turned: Turned) -> None:
    old = [a_post(f"m{n}", f"c{n}", now() - timedelta(hours=30 - n)) for n in range(25)]
    ears.lean.feed, ears.lean.posts = list(old), {p.remote_id: p for p in old}
    ears.lean.page_size = 10
    async with transaction() as tx:
        await ask_for_backfill(tx, ears.desk.lead, ears.account_id, 5)
    assert await backfill_due()
    ears.lean.failures = [Transient("The server is away.")]
    assert await backfill_due()
    state = (await ears.health()).backfill
    assert state is not None
    assert (state.state, state.problem, state.taken) == ("running", "The server is away.", 10)
    assert not await backfill_due()
    turned.set(turned.at + timedelta(minutes=1))
    while await backfill_due():
        continue
    assert len(await ears.messages()) == 25
    async with transaction() as tx:
        await ask_for_backfill(tx, ears.desk.lead, ears.account_id, 5)
    while await backfill_due():
        continue
    assert len(await ears.messages()) == 25


async def test_an_import_reaches_no_further_back_than_a_year(ears: Ears) -> None:
    for days in (0, -1, 367):
        with pytest.raises(TooFarBack):
            async with transaction() as tx:
                await ask_for_backfill(tx, ears.desk.lead, ears.account_id, days)


async def test_an_edit_found_by_rereading_is_taken(ears: Ears) -> None:
    said = a_post("a", "nora", now(), "@acme 123")
    ears.lean.say(said)
    await hear()
    ears.lean.posts["a"] = replace(said, text="@acme hidden", edited_at=now() + timedelta(seconds=1))
    await ears.reread()
    (message,) = await ears.messages()
    assert (message.text, [v["text"] for v in message.versions]) == ("@acme hidden", ["@acme 123"])
    async with transaction() as tx:
        await tx.execute(update(Conversation).values(reread_at=None))
        await tx.execute(update(Reply).values(due_at=None))
        await tx.execute(update(Poll).values(reread_free_at=None))
    assert not await reread_due()
