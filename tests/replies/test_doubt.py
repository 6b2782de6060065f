"""A reply whose answer got lost stays in doubt until it is found, whatever the network says to its repeat."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.brands.models import BrandAccount
from app.core import clock
from app.core.clock import now
from app.core.secrets import seal
from app.core.transaction import transaction
from app.ingest.reread import reread_due
from app.networks.errors import Gone, RateLimited, Transient, Unknown
from app.networks.port import Account, Outgoing, Published
from app.replies import settle
from app.replies.cancel import cancel_reply, retry_reply, settle_by_hand
from app.replies.deliver import deliver_due
from app.replies.errors import TooLateToCancel
from app.replies.models import Picture, Reply
from app.replies.picture import add_picture, describe_picture
from app.replies.send import Wish, send_reply
from app.tickets.models import Message
from tests.conftest import Turned
from tests.given import Desk, a_desk, a_lean_account, take_in
from tests.lean import Lean, a_post, lost
from tests.networks.pictures import red_square

PNG = red_square()


@dataclass
class Outbox:
    """A desk with one question and one answer on its way."""

    desk: Desk
    lean: Lean
    ticket_id: str
    account_id: str

    async def hand_over(self, text: str = "We look into it", *, picture: bool = False) -> str:
        pictures: tuple[str, ...] = ()
        ana = self.desk.agents[0]
        if picture:
            async with transaction() as tx:
                pictures = ((await add_picture(tx, ana, self.ticket_id, PNG, "a.png", "a cat")).id,)
        wish = Wish(text=text, lane="public", seen=None, picture_ids=pictures, confirmed=True)
        async with transaction() as tx:
            return (await send_reply(tx, ana, self.ticket_id, wish, f"key {text}")).id

    async def work(self, *, after: timedelta = timedelta(seconds=6)) -> None:
        clock.turn(now() + after)
        while await deliver_due():
            pass

    async def reply(self, reply_id: str) -> Reply:
        async with transaction() as tx:
            return await tx.get_one(Reply, reply_id)

    async def picture(self) -> Picture:
        async with transaction() as tx:
            return (await tx.scalars(select(Picture))).one()


@pytest.fixture
async def outbox(database: str, lean: Lean, turned: Turned) -> Outbox:
    desk = await a_desk(agents=1)
    account = await a_lean_account(desk)
    ticket_id = next(iter((await take_in(account.id, a_post("q", "nina", now()))).ticket_ids))
    return Outbox(desk, lean, ticket_id, account.id)


async def test_a_reply_with_a_picture_is_found_by_its_picture(
    outbox: Outbox, lean: Lean, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def find(_account: Account, outgoing: Outgoing, _since: datetime) -> Published | None:
        return next((o.published for o in lean.out if o.outgoing.media_ids == outgoing.media_ids), None)

    monkeypatch.setattr(lean, "find", find)
    lean.after_publish = lost
    reply_id = await outbox.hand_over(picture=True)
    await outbox.work()
    lean.after_publish = None
    for _ in range(3):
        await outbox.work(after=timedelta(seconds=40))
    assert len(lean.out) == 1
    assert lean.out[0].outgoing.media_ids
    assert (await outbox.reply(reply_id)).state == "sent"


async def test_a_refused_repeat_leaves_the_first_attempt_in_doubt(outbox: Outbox, lean: Lean) -> None:
    async def refuse(_outgoing: Outgoing) -> None:
        raise Gone("That post is not there.")

    lean.keeps_keys = 3300.0
    lean.before_publish = lost
    reply_id = await outbox.hand_over()
    await outbox.work()
    lean.before_publish = refuse
    await outbox.work(after=timedelta(seconds=10))
    reply = await outbox.reply(reply_id)
    assert (reply.state, reply.due_at) == ("unsure", None)
    assert "That post is not there." in (reply.problem or "")


async def test_a_repeat_that_was_put_off_is_looked_for_again_and_not_blindly_repeated(
    outbox: Outbox, lean: Lean
) -> None:
    lean.keeps_keys = 3300.0
    lean.after_publish = lost
    reply_id = await outbox.hand_over()
    await outbox.work()
    late, lean.out = lean.out, []  # the server shows it late

    async def limited(_outgoing: Outgoing) -> None:
        raise RateLimited(retry_at=now() + timedelta(hours=1))

    lean.before_publish, lean.after_publish = limited, None
    await outbox.work(after=timedelta(seconds=10))
    assert (await outbox.reply(reply_id)).state == "unsure"
    with pytest.raises(TooLateToCancel):
        async with transaction() as tx:
            await cancel_reply(tx, outbox.desk.agents[0], reply_id)
    lean.before_publish, lean.out = None, late
    await outbox.work(after=timedelta(hours=2))
    assert len(lean.out) == 1
    assert (await outbox.reply(reply_id)).state == "sent"


async def test_an_answer_that_names_the_post_of_another_reply_leaves_this_one_in_doubt(
    outbox: Outbox, lean: Lean, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when something before the server answers a request twice, and the next one on that connection reads it."""
    really = lean.publish

    async def one_late(account: Account, outgoing: Outgoing) -> Published:
        await really(account, outgoing)
        return lean.out[max(len(lean.out) - 2, 0)].published

    monkeypatch.setattr(lean, "publish", one_late)
    first = await outbox.hand_over("We look into it")
    await outbox.work()
    second = await outbox.hand_over("It is on its way")
    clock.turn(now() + timedelta(seconds=6))
    await deliver_due()
    doubtful = await outbox.reply(second)
    assert doubtful.state == "unsure"
    assert "another reply" in (doubtful.problem or "")
    for _ in range(2):
        await outbox.work(after=timedelta(seconds=40))
    assert [one.outgoing.text.split()[-1] for one in lean.out] == ["it", "way"]
    async with transaction() as tx:
        known = select(Message.reply_id, Message.uri).where(Message.reply_id.is_not(None))
        posts = {row.reply_id: row.uri for row in await tx.execute(known)}
    assert posts == {first: lean.out[0].published.uri, second: lean.out[1].published.uri}


async def test_what_surely_did_not_arrive_can_still_be_taken_back(outbox: Outbox, lean: Lean) -> None:
    async def unreachable(_outgoing: Outgoing) -> None:
        raise Transient

    lean.before_publish = unreachable
    reply_id = await outbox.hand_over()
    await outbox.work()
    async with transaction() as tx:
        assert (await cancel_reply(tx, outbox.desk.agents[0], reply_id)).state == "cancelled"


async def test_a_retry_uploads_its_pictures_anew(outbox: Outbox, lean: Lean) -> None:
    async def refuse(_outgoing: Outgoing) -> None:
        raise Gone

    lean.before_publish = refuse
    reply_id = await outbox.hand_over(picture=True)
    await outbox.work()
    first = (await outbox.picture()).remote_id
    lean.before_publish = None
    async with transaction() as tx:
        await retry_reply(tx, outbox.desk.agents[0], reply_id)
    await outbox.work()
    assert (await outbox.reply(reply_id)).state == "sent"
    assert lean.out[0].outgoing.media_ids != (first,)


async def test_a_picture_taken_back_while_it_is_uploaded_keeps_nothing_of_the_upload(
    outbox: Outbox, lean: Lean, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply_id = await outbox.hand_over(picture=True)
    ana = outbox.desk.agents[0]

    async def upload(_account: Account, _upload: object) -> str:
        async with transaction() as tx:
            await cancel_reply(tx, ana, reply_id)
        async with transaction() as tx:
            await describe_picture(tx, ana, (await outbox.picture()).id, "a dog")
        return "media-of-a-cat"

    monkeypatch.setattr(lean, "upload", upload)
    await outbox.work()
    assert lean.out == []
    assert (await outbox.picture()).remote_id is None


async def test_a_worker_that_stood_still_does_not_publish_what_others_may_have_taken_over(
    outbox: Outbox, lean: Lean, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = settle.write_down_sending

    async def slowly(*given: object) -> None:
        await really(*given)  # type: ignore[arg-type]
        clock.turn(now() + timedelta(seconds=70))

    monkeypatch.setattr("app.replies.deliver.write_down_sending", slowly)
    await outbox.hand_over()
    await outbox.work()
    monkeypatch.undo()
    assert len(lean.out) <= 1
    for _ in range(3):
        await outbox.work(after=timedelta(seconds=70))
    assert len(lean.out) == 1


async def test_credentials_that_cannot_be_opened_fail_the_reply_and_break_the_account(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply_id = await outbox.hand_over()
    async with transaction() as tx:
        await tx.execute(update(BrandAccount).values(credentials=seal({})[:-8] + "AAAAAAA="))
    await outbox.work()
    reply = await outbox.reply(reply_id)
    assert reply.state == "failed"
    assert "secret key" in (reply.problem or "")
    async with transaction() as tx:
        assert (await tx.get_one(BrandAccount, outbox.account_id)).state == "broken"


async def test_unknown_on_the_way_stays_unsure(outbox: Outbox, lean: Lean) -> None:
    async def unknown(_outgoing: Outgoing) -> None:
        raise Unknown

    lean.before_publish = unknown
    reply_id = await outbox.hand_over()
    await outbox.work()
    assert (await outbox.reply(reply_id)).state == "unsure"


async def test_what_a_person_found_at_the_network_turns_up_at_once_and_lets_the_next_go(
    outbox: Outbox, lean: Lean
) -> None:
    lean.say(a_post("q", "nina", now()), quietly=True)
    lean.before_publish = lost
    first = await outbox.hand_over("one")
    for _ in range(5):
        await outbox.work(after=timedelta(seconds=40))
    lean.before_publish = None
    assert (await outbox.reply(first)).due_at is None
    second = await outbox.hand_over("two")
    lean.say(a_post("by-hand", "acme", now(), "@nina@lean.example one", under="q"))
    async with transaction() as tx:
        await settle_by_hand(tx, outbox.desk.agents[0], first, published=True)
    assert await reread_due()
    async with transaction() as tx:
        found = await tx.scalar(select(Message.ticket_id).where(Message.remote_id == "by-hand"))
    assert found == outbox.ticket_id
    await outbox.work()
    assert (await outbox.reply(second)).state == "sent"


async def test_an_equal_answer_to_somebody_else_does_not_let_a_lost_one_out_twice(
    outbox: Outbox, lean: Lean, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where answers to several people stand side by side, the newest that fits may be another ticket's."""

    async def find(_account: Account, outgoing: Outgoing, _since: datetime) -> Published | None:
        fitting = [one.published for one in lean.out if one.outgoing.text == outgoing.text]
        return max(fitting, key=lambda one: one.posted_at, default=None)

    monkeypatch.setattr(lean, "find", find)
    monkeypatch.setattr(lean, "compose", lambda _handle, _others, text, _visibility, own="": text)
    lean.after_publish = lost
    first = await outbox.hand_over()
    await outbox.work()
    lean.after_publish = None
    (other,) = (await take_in(outbox.account_id, a_post("o", "omar", now()))).ticket_ids
    wish = Wish(text="We look into it", lane="public", seen=None, confirmed=True)
    async with transaction() as tx:
        second = (await send_reply(tx, outbox.desk.agents[0], other, wish, "another key")).id
        await tx.execute(update(Reply).where(Reply.id == first).values(due_at=now() + timedelta(minutes=1)))
    await outbox.work()
    assert (await outbox.reply(second)).state == "sent"
    for _ in range(5):
        await outbox.work(after=timedelta(seconds=70))
    assert [one.outgoing.in_reply_to for one in lean.out] == ["q", "o"]
    reply = await outbox.reply(first)
    assert (reply.state, reply.due_at) == ("unsure", None)
