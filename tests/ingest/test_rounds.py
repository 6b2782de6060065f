"""What is done about daily for an account: its own looks, and what became of posts that nobody reads again."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from app.brands.models import BrandAccount
from app.core.clock import now
from app.core.transaction import transaction
from app.ingest import round_row
from app.ingest.models import Round
from app.ingest.round_row import plan_rounds
from app.ingest.rounds import next_round, round_due
from app.ledger.set_budget import set_budget
from app.networks.cost import Price
from app.networks.errors import Rejected, Transient, Unauthorized
from app.replies.send import Wish, send_reply
from app.tickets.move import move_ticket
from tests.conftest import Turned
from tests.given import hear
from tests.ingest.conftest import Ears
from tests.lean import a_post


async def rounds(ears: Ears) -> dict[str, Round]:
    async with transaction() as tx:
        return {row.kind: row for row in await tx.scalars(select(Round).where(Round.account_id == ears.account_id))}


async def account(ears: Ears) -> BrandAccount:
    async with transaction() as tx:
        return await tx.get_one(BrandAccount, ears.account_id)


async def only(kind: str) -> None:
    """The other kind is done for today."""
    async with transaction() as tx:
        await tx.execute(update(Round).where(Round.kind != kind).values(due_at=now() + timedelta(days=9)))


async def done_tickets(ears: Ears, *names: str) -> None:
    ears.lean.say(*(a_post(name, f"c-{name}", now()) for name in names))
    await hear()
    for card in await ears.cards():
        async with transaction() as tx:
            await move_ticket(tx, ears.desk.lead, card.id, "resolved", None)
    await ears.reread()
    await only("check")
    async with transaction() as tx:
        await tx.execute(update(Round).where(Round.kind == "check").values(due_at=now()))


async def test_a_changed_handle_is_known_a_day_later_told_live_and_written_with(ears: Ears, turned: Turned) -> None:
    await only("look")
    assert not await round_due()  # who it is was read when it was connected
    ears.lean.known_as = "acme_care"
    turned.set(turned.at + timedelta(days=1.2))
    assert await round_due()
    assert not await round_due()
    (told,) = await ears.events("account.changed")
    assert told.fact["account"]["handle"] == (await account(ears)).handle == "acme_care"
    assert (await account(ears)).revision == told.fact["account"]["revision"]
    again = await next_round()
    assert again is not None
    assert timedelta(hours=21) < again - turned.at < timedelta(hours=27)
    turned.set(turned.at + timedelta(days=1.2))
    assert await round_due()  # and what is as it was is no news
    assert len(await ears.events("account.changed")) == 1
    ears.lean.say(a_post("a", "nora", now()))
    await hear()
    (card,) = await ears.cards()
    composed: list[str] = []
    compose = ears.lean.compose

    def noted(*given, own: str = "") -> str:
        composed.append(own)
        return compose(*given, own=own)

    ears.lean.compose = noted  # type: ignore[method-assign]
    async with transaction() as tx:
        await send_reply(
            tx, ears.desk.lead, card.id, Wish(text="on it", seen=None, lane="public", confirmed=True), "key"
        )
    assert set(composed) == {"acme_care"}


async def test_a_look_that_fails_stops_nothing_is_said_the_third_time_and_taken_back(
    ears: Ears, turned: Turned
) -> None:
    await only("look")
    for number in range(1, 4):
        due = await next_round()
        assert due is not None
        turned.set(due)
        ears.lean.failures = [
            Unauthorized("Not this, please.") if number == 1 else Transient("The server answered 502.")
        ]
        told = len(await ears.events("account.health_changed"))
        assert await round_due()
        assert len(await ears.events("account.health_changed")) - told == (number == 3)
        assert (await account(ears)).state == "working"
    poll = await ears.poll()
    assert poll.due_at is not None
    assert poll.due_at <= turned.at  # whether the sign-in holds is for reading to find out, and now
    (tired,) = (await ears.health()).rounds
    assert (tired.kind, tired.failures, tired.problem) == ("look", 3, "The server answered 502.")
    assert (tired.problem_code, tired.problem_values) == ("reason.answered", {"status": "502"})
    again = await next_round()
    assert again is not None
    assert again - turned.at == timedelta(minutes=40)
    turned.set(again)
    assert await round_due()
    assert (await ears.health()).rounds == []
    (*_, last) = await ears.events("account.health_changed")
    assert last.fact["health"]["rounds"] == []


async def test_a_broken_account_is_left_alone_and_one_that_is_lost_meanwhile_stays_as_it_is(ears: Ears) -> None:
    await only("look")
    ears.lean.failures = [Unauthorized("gone")]
    await ears.listen_now()
    assert (await account(ears)).state == "broken"
    async with transaction() as tx:
        await tx.execute(update(Round).values(due_at=now()))
    asked = len(ears.lean.asked)
    while await round_due():
        pass
    assert len(ears.lean.asked) == asked
    assert {row.due_at for row in (await rounds(ears)).values()} == {None}


async def test_accounts_of_an_earlier_version_get_their_rounds_when_a_worker_starts(ears: Ears) -> None:
    async with transaction() as tx:
        await tx.execute(delete(Round))
        await plan_rounds(tx)
        await plan_rounds(tx)
    found = await rounds(ears)
    assert found.keys() == set(round_row.KINDS)
    assert all(row.due_at and row.due_at - now() <= timedelta(hours=1) for row in found.values())


@pytest.mark.parametrize("later", [False, True])
async def test_what_was_deleted_from_done_tickets_vanishes_a_stretch_at_a_time(
    ears: Ears, turned: Turned, *, later: bool
) -> None:
    ears.lean.checked_at_once, ears.lean.answers_later = 3, later
    await done_tickets(ears, *"abcdefg")
    ears.lean.say(a_post("zz", "omar", now()))  # an open ticket's conversation is read again anyway
    await hear()
    for gone in ("b", "f", "g", "zz"):
        del ears.lean.posts[gone]
    ears.lean.asked.clear()
    began = turned.at
    for _ in range(6 if later else 3):
        assert await round_due()
        assert not await round_due()
        due = (await rounds(ears))["check"].due_at
        assert due is not None
        turned.set(due)
    asked = [one for one in ears.lean.asked if one.startswith("vanished")]
    once = ["vanished a b c", "vanished d e f", "vanished g"]
    assert asked == ([one for one in once for _ in range(2)] if later else once)
    assert [m.remote_id for m in await ears.messages() if m.vanished_at] == ["b", "f", "g"]
    assert len(await ears.events("message.vanished")) == 3
    assert turned.at == began + timedelta(days=1)
    ears.lean.answers_later = False
    assert await round_due()
    assert [one for one in ears.lean.asked if one.startswith("vanished")][-1] == "vanished a c d"[:-2]


async def test_a_question_that_came_to_nothing_is_asked_anew(ears: Ears, turned: Turned) -> None:
    ears.lean.checked_at_once, ears.lean.answers_later = 3, True
    await done_tickets(ears, "a")
    assert await round_due()
    assert (await rounds(ears))["check"].state["job"] == "a"
    turned.set(turned.at + timedelta(seconds=5))
    ears.lean.failures = [Rejected("The job expired.")]
    assert await round_due()
    found = (await rounds(ears))["check"]
    assert ("job" in found.state, found.failures) == (False, 1)


async def test_nothing_is_done_on_a_spent_budget_and_it_goes_on_with_a_larger_one(ears: Ears, turned: Turned) -> None:
    ears.lean.prices = (Price("mention.read", 1_000_000, "read", "cost.lean.mention_read"),)
    async with transaction() as tx:
        await set_budget(tx, ears.desk.lead, ears.account_id, limit_micros=1, warn_percent=80)
    ears.lean.say(a_post("a", "nora", now()))
    await hear()
    turned.set(turned.at + timedelta(days=1.2))
    asked = len(ears.lean.asked)
    while await round_due():
        pass
    assert len(ears.lean.asked) == asked
    async with transaction() as tx:
        await set_budget(tx, ears.desk.lead, ears.account_id, limit_micros=10**9, warn_percent=80)
    while await round_due():
        pass
    assert ears.lean.asked[asked:] == ["refresh"]
