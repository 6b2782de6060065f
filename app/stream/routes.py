"""The log over HTTP, which is also why the union of facts is in OpenAPI, and the live line."""

from typing import Annotated

from fastapi import APIRouter, Query, WebSocket

from app.agents.current import Current
from app.core.http import Tx
from app.stream import queries, socket
from app.stream.catalogue import EventsView

router = APIRouter(prefix="/api/v1", tags=["stream"])

After = Annotated[int, Query(ge=0, le=2**62)]


@router.get("/events")
async def list_events(
    tx: Tx, me: Current, after: After = 0, limit: Annotated[int, Query(ge=1, le=1000)] = 500
) -> EventsView:
    """What happened after a number, as far as I may see it."""
    return await queries.events_after(tx, me, after, limit)


@router.websocket("/stream")
async def stream(websocket: WebSocket, after: After = 0) -> None:
    """Follow the log from a number on."""
    await socket.serve(websocket, websocket.app.state.hub, after)
