"""The log over HTTP, which is also why the union of facts is in OpenAPI, and the live line."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response, WebSocket

from app.agents.current import CurrentApart
from app.core.http_next import say_next
from app.core.http_sparse import Fields, only_of_page, sparse_page, sparse_thing, wanted_fields
from app.stream import queries, socket
from app.stream.catalogue import EventsView, EventView
from app.stream.wait import LONGEST

router = APIRouter(prefix="/api/v1", tags=["stream"])

After = Annotated[int, Query(ge=0, le=2**62)]


SparseEvents = sparse_page(EventsView, "events", sparse_thing(EventView))


@router.get("/events", response_model=EventsView | SparseEvents)
async def list_events(
    request: Request,
    response: Response,
    me: CurrentApart,
    after: After = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 500,
    wait: Annotated[int, Query(ge=0, le=LONGEST, description="seconds to wait while there is nothing")] = 0,
    fields: Annotated[Fields, Depends(wanted_fields(EventView))] = None,
) -> EventsView | Response:
    """What happened after a number, as far as I may see it; who asks on from `reached` misses nothing."""
    told = await queries.wait_for_events(request.app.state.hub, me, after, limit, wait)
    say_next(request, response, after=told.reached)
    return only_of_page(told, "events", fields, response) if fields else told


@router.websocket("/stream")
async def stream(websocket: WebSocket, after: After = 0) -> None:
    """Follow the log from a number on."""
    await socket.serve(websocket, websocket.app.state.hub, after)
