"""When two customers become one, what they asked is one customer's, whatever they said before."""

import json

from sqlalchemy import select, text

from app.core.transaction import transaction
from app.customers.merge import merge_customers
from app.tickets.models import Message
from tests.conftest import Statements
from tests.tickets.conftest import Heard
from tests.transfer.given import exported


async def test_tickets_follow_and_messages_are_read_through_who_is_gone(heard: Heard, statements: Statements) -> None:
    kept, gone = await heard.ticket("nora"), await heard.ticket("nora.work")
    statements.clear()
    async with transaction() as tx:
        await merge_customers(tx, heard.lead, kept.customer.id, gone.customer.id)
    assert not [one for one in statements if "messages" in one]  # no index leads there from a customer
    moved = await heard.card(gone.id)
    assert (moved.customer.id, moved.revision) == (kept.customer.id, gone.revision + 1)
    # what either says next in private joins the newest of what is one customer's now
    await heard.hear(heard.post("more", "nora", at=1, visibility="direct"))
    async with transaction() as tx:
        said = await tx.scalar(select(Message.ticket_id).where(Message.remote_id == "more"))
        assert await tx.scalar(text("select count(*) from customers where merged_into is not null")) == 1
    assert said == gone.id
    lines = [json.loads(line) for line in (await exported(heard.lead)).splitlines()]
    whose = {line["customer"] for line in lines if line["kind"] in {"message", "ticket"}}
    assert whose == {kept.customer.id}
