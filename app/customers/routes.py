"""HTTP for customers."""

from fastapi import APIRouter, Response

from app.agents.asks import Id
from app.agents.current import Current
from app.core.http import Tx
from app.core.http_match import IfMatch, demanded_revision, say_revision, seen_revision
from app.core.http_once import Kept
from app.customers import asks, describe, merge, queries
from app.customers.views import CustomerView

router = APIRouter(prefix="/api/v1", tags=["customers"], route_class=Kept)


@router.get("/customers/{customer_id}", operation_id="get_customer")
async def customer(tx: Tx, actor: Current, customer_id: Id, response: Response) -> CustomerView:
    """A customer and their handles."""
    found = await queries.customer(tx, actor, customer_id)
    say_revision(response, found)
    return found


@router.patch("/customers/{customer_id}", operation_id="describe_customer")
async def describe_customer(
    tx: Tx, actor: Current, customer_id: Id, ask: asks.DescribeAsk, if_match: IfMatch = None
) -> CustomerView:
    """Give a customer a name or a note."""
    revision = demanded_revision(ask.revision, if_match)
    return await describe.describe_customer(tx, actor, customer_id, revision=revision, name=ask.name, note=ask.note)


@router.post("/customers/{customer_id}/merge", operation_id="merge_customers")
async def merge_customers(
    tx: Tx, actor: Current, customer_id: Id, ask: asks.MergeAsk, if_match: IfMatch = None
) -> CustomerView:
    """Make another customer one with this one."""
    revision = seen_revision(ask.revision, if_match)
    return await merge.merge_customers(tx, actor, customer_id, ask.other_id, revision)
