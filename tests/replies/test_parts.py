"""A text that leaves in parts: each answers the post before it, what fails holds up what follows, and all is taken back together."""

from typing import Any

import pytest
from sqlalchemy import select

from app.core.transaction import transaction
from app.networks.errors import Rejected, Unknown
from app.networks.port import Outgoing
from app.replies.cancel import cancel_reply, retry_reply, settle_by_hand
from app.replies.errors import KeyReused, TextTooLong, TooLateToCancel
from app.replies.models import Reply
from app.replies.picture import add_picture
from app.replies.queries import replies_of
from app.replies.views import ReplyView
from app.tickets.queries import ticket_card
from tests.conftest import Turned
from tests.given import a_desk, a_lean_account
from tests.lean import Lean
from tests.replies.test_widened import PNG, House

LONG = " ".join(f"This is sentence number {n}, and there are many of them." for n in range(24))


@pytest.fixture
async def house(database: str, lean: Lean, turned: Turned) -> House:
    desk = await a_desk(agents=1)
    return House(desk, lean, (await a_lean_account(desk)).id)


async def parts(house: House, ticket_id: str) -> list[ReplyView]:
    async with transaction() as tx:
        return await replies_of(tx, house.desk.agents[0], ticket_id)


async def states(house: House, ticket_id: str) -> list[str]:
    return [part.state for part in await parts(house, ticket_id)]


def refusing(*texts: str) -> Any:
    left = list(texts)

    async def before(outgoing: Outgoing) -> None:
        for text in left:
            if text in outgoing.text:
                left.remove(text)
                raise Rejected("Not so.")

    return before


async def test_each_part_answers_the_post_before_it_and_the_ticket_moves_after_the_last(house: House) -> None:
    ticket_id = await house.hear()
    async with transaction() as tx:
        picture = await add_picture(tx, house.desk.agents[0], ticket_id, PNG, "a.png", "a cat")
    made: list[Outgoing] = []

    async def prepares(outgoing: Outgoing) -> dict[str, Any]:
        made.append(outgoing)
        return {}

    house.lean.prepares = prepares
    first = await house.send(ticket_id, LONG, split=True, then="resolve", picture_ids=(picture.id,))
    queued = await parts(house, ticket_id)
    assert [(p.part, p.parts, p.group_id, p.due_at is None) for p in queued] == [
        (n, 3, first, n > 1) for n in (1, 2, 3)
    ]
    assert "".join(p.text for p in queued) == LONG
    assert await house.send(ticket_id, LONG, split=True, then="resolve", picture_ids=(picture.id,)) == first
    with pytest.raises(KeyReused):
        await house.send(ticket_id, LONG, then="resolve", picture_ids=(picture.id,))

    await house.work()
    out = [o.outgoing for o in house.lean.out]
    assert [o.text.rsplit(" ", 1)[1] for o in out] == ["1/3", "2/3", "3/3"]
    assert [o.in_reply_to for o in out] == ["q", "out-0", "out-1"]
    assert [o.in_reply_to for o in made] == ["q", "out-0", "out-1"]
    assert [o.parent_facts for o in out[1:]] == [await house.facts("out-0"), await house.facts("out-1")]
    assert [len(o.media_ids) for o in out] == [1, 0, 0]
    assert len({o.key for o in out}) == 3
    assert await states(house, ticket_id) == ["sent"] * 3
    async with transaction() as tx:
        assert (await ticket_card(tx, house.desk.agents[0], ticket_id)).state == "resolved"


async def test_what_follows_waits_for_a_part_that_failed_and_others_do_not(house: House) -> None:
    ticket_id = await house.hear()
    house.lean.before_publish = refusing("2/3")
    await house.send(ticket_id, LONG, split=True, then="resolve")
    await house.send(ticket_id, "Something else")
    await house.work()
    assert await states(house, ticket_id) == ["sent", "failed", "queued", "sent"]
    async with transaction() as tx:
        assert (await ticket_card(tx, house.desk.agents[0], ticket_id)).state != "resolved"
        await retry_reply(tx, house.desk.agents[0], (await parts(house, ticket_id))[1].id)
    await house.work()
    assert await states(house, ticket_id) == ["sent"] * 4
    assert [o.outgoing.in_reply_to for o in house.lean.out] == ["q", "q", "out-0", "out-2"]


async def test_taking_one_part_back_takes_back_all_that_have_not_left(house: House) -> None:
    ana = house.desk.agents[0]
    ticket_id = await house.hear()
    await house.send(ticket_id, LONG, split=True)
    async with transaction() as tx:
        await cancel_reply(tx, ana, (await parts(house, ticket_id))[2].id)
    assert await states(house, ticket_id) == ["cancelled"] * 3
    house.lean.before_publish = refusing("2/3")
    await house.send(ticket_id, f"{LONG} Again.", split=True)
    await house.work()
    async with transaction() as tx:
        with pytest.raises(TooLateToCancel):
            await cancel_reply(tx, ana, (await parts(house, ticket_id))[3].id)
        await cancel_reply(tx, ana, (await parts(house, ticket_id))[4].id)
    await house.work()
    assert (await states(house, ticket_id))[3:] == ["sent", "cancelled", "cancelled"]
    assert len(house.lean.out) == 1


async def test_behind_a_part_that_a_person_found_the_next_goes_under_the_same_post(house: House) -> None:
    ticket_id = await house.hear()

    async def loses(outgoing: Outgoing) -> None:
        if "1/3" in outgoing.text:
            house.lean.after_publish = None
            raise Unknown

    house.lean.after_publish = loses
    await house.send(ticket_id, LONG, split=True)
    await house.work()
    async with transaction() as tx:
        unsure = await tx.scalar(select(Reply).where(Reply.part == 1).with_for_update())
        assert unsure is not None
        assert unsure.state == "unsure"
        await settle_by_hand(tx, house.desk.agents[0], unsure.id, published=True)
    await house.work()
    assert await states(house, ticket_id) == ["sent"] * 3
    assert [o.outgoing.in_reply_to for o in house.lean.out] == ["q", "q", "out-1"]


async def test_more_parts_than_may_be_are_refused(house: House) -> None:
    ticket_id = await house.hear()
    with pytest.raises(TextTooLong):
        await house.send(ticket_id, "word " * 3000, split=True)
    with pytest.raises(TextTooLong):
        await house.send(ticket_id, LONG)
