"""What is brought of a customer at the moment they become one with another belongs to who remains."""

import asyncio

import pytest

from app.core.transaction import transaction
from app.customers.brought_customer import Named
from app.customers.merge import merge_customers
from app.tickets.bring_ticket import Opening, bring_ticket
from app.tickets.brought import Said
from app.tickets.queries import ticket_card
from app.tickets.views import TicketCard
from tests.given import Desk, a_desk


async def bring(desk: Desk, reference: str, customer: Named) -> TicketCard:
    async with transaction() as tx:
        opening = Opening(desk.brand_id, reference, customer, Said("Where is it?"))
        return (await bring_ticket(tx, desk.lead, opening))[0]


async def merge(desk: Desk, kept: str, gone: str) -> None:
    async with transaction() as tx:
        await merge_customers(tx, desk.lead, kept, gone)


@pytest.mark.parametrize("reference", [None, "nora's other name", "nora"])
async def test_the_merge_waits_for_what_is_being_brought(database: str, reference: str | None) -> None:
    desk = await a_desk()
    kept, gone = [(await bring(desk, who, Named(reference=who))).customer.id for who in ("nina", "nora")]
    async with transaction() as tx:
        opening = Opening(desk.brand_id, "late", Named(gone, reference), Said("And this?"))
        card, _ = await bring_ticket(tx, desk.lead, opening)
        merging = asyncio.create_task(merge(desk, kept, gone))
        await asyncio.sleep(0.3)
        assert not merging.done()
    await merging
    async with transaction() as tx:
        assert (await ticket_card(tx, desk.lead, card.id)).customer.id == kept
    if reference is not None:
        assert (await bring(desk, "later", Named(reference=reference))).customer.id == kept


@pytest.mark.parametrize("reference", [None, "nora's other name", "nora"])
async def test_what_is_brought_waits_for_the_merge(database: str, reference: str | None) -> None:
    desk = await a_desk()
    kept, gone = [(await bring(desk, who, Named(reference=who))).customer.id for who in ("nina", "nora")]
    async with transaction() as tx:
        await merge_customers(tx, desk.lead, kept, gone)
        bringing = asyncio.create_task(bring(desk, "late", Named(gone, reference)))
        await asyncio.sleep(0.3)
        assert not bringing.done()
    assert (await bringing).customer.id == kept
