"""A ticket that another system opens is written once, with the time it is due."""

import pytest

from app.core.transaction import transaction
from app.customers.brought_customer import Named
from app.tickets.bring_ticket import Opening, bring_ticket
from app.tickets.brought import Said
from app.tickets.queries import ticket_card
from app.tickets.state import Priority
from tests.conftest import Statements
from tests.given import a_desk


@pytest.mark.parametrize(("priority", "writes"), [("normal", 0), ("urgent", 2)])
async def test_its_row_is_updated_only_where_more_is_said_of_it(
    database: str, statements: Statements, priority: Priority, writes: int
) -> None:
    desk = await a_desk()
    opening = Opening(desk.brand_id, "WEB-117", Named(reference="nina"), Said("Where is it?"), priority=priority)
    statements.clear()
    async with transaction() as tx:
        card, _ = await bring_ticket(tx, desk.lead, opening)
    updates = [said for said in statements if said.strip().lower().startswith("update tickets")]
    assert len(updates) == writes, updates
    async with transaction() as tx:
        opened = await ticket_card(tx, desk.lead, card.id)
    assert (opened.next_due_metric, opened.priority) == ("first_reply", priority)
