"""HTTP for customers."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from app.agents.asks import Id
from app.agents.current import Current
from app.core.http import Tx
from app.core.http_match import IfMatch, demanded_revision, say_revision, seen_revision
from app.core.http_next import say_next
from app.core.http_once import Kept
from app.core.http_sparse import Fields, only_of_page, sparse_page, sparse_thing, wanted_fields
from app.customers import asks, describe, merge, queries
from app.customers.views import CustomersView, CustomerView

router = APIRouter(prefix="/api/v1", tags=["customers"], route_class=Kept)


SparseCustomers = sparse_page(CustomersView, "items", sparse_thing(CustomerView))


@router.get("/customers", operation_id="list_customers", response_model=CustomersView | SparseCustomers)
async def list_customers(
    request: Request,
    response: Response,
    tx: Tx,
    actor: Current,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    fields: Annotated[Fields, Depends(wanted_fields(CustomerView))] = None,
) -> CustomersView | Response:
    """Everybody who wrote to a brand I see, the newest first."""
    page = await queries.customers(tx, actor, cursor=cursor, limit=limit)
    say_next(request, response, cursor=page.next)
    return only_of_page(page, "items", fields, response) if fields else page


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
