"""A draft with pictures can be gone on with elsewhere, by the one who wrote it and nobody else."""

import pytest

from app.agents.permit import Actor
from app.core.transaction import transaction
from app.replies.picture import add_picture, remove_picture
from app.replies.queries import unsent_pictures
from app.replies.send import Wish, send_reply
from app.tickets.errors import TicketNotFound
from app.tickets.inbox import Filter, inbox
from tests.given import a_desk, a_second_brand, an_account, hear
from tests.networks.pictures import red_square
from tests.sandbox.live import start_sandbox

_PNG = red_square()


async def _names(actor: Actor, ticket_id: str) -> list[tuple[str, str]]:
    async with transaction() as tx:
        return [(p.filename, p.alt) for p in await unsent_pictures(tx, actor, ticket_id)]


async def test_pictures_stay_with_their_author_until_a_reply_takes_them(database: str) -> None:
    with start_sandbox() as sandbox:
        desk = await a_desk(agents=2)
        ana, ben = desk.agents
        brand = sandbox.brand("acme")
        await an_account(desk, sandbox, brand)
        sandbox.post_as("nora", f"@{brand.handle} it is down")
        await hear()
        async with transaction() as tx:
            (card,) = (await inbox(tx, ana, Filter())).items
        async with transaction() as tx:
            one = await add_picture(tx, ana, card.id, _PNG, "map.png", "a map")
        async with transaction() as tx:
            two = await add_picture(tx, ana, card.id, _PNG, "plan.png", "")
        assert await _names(ana, card.id) == [("map.png", "a map"), ("plan.png", "")]
        assert await _names(ben, card.id) == []

        async with transaction() as tx:
            await remove_picture(tx, ana, two.id)
        async with transaction() as tx:
            wish = Wish(text="Here", lane="public", seen=None, picture_ids=(one.id,), confirmed=True)
            await send_reply(tx, ana, card.id, wish, "key-1")
        assert await _names(ana, card.id) == []

        stranger = (await a_second_brand(desk)).agents[0]
        with pytest.raises(TicketNotFound):
            await _names(stranger, card.id)
