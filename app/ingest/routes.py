"""HTTP to see how well accounts hear, to look now, to import, to read what was set aside; and what networks send us."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from app.agents.current import Current
from app.core.event import Ask
from app.core.http import BodyTooLarge, Tx
from app.core.http_next import say_next
from app.core.http_once import Kept
from app.core.settings import settings
from app.core.shown import shown
from app.ingest import queries
from app.ingest.backfill import MOST_DAYS, ask_for_backfill
from app.ingest.incoming import LARGEST, check_address, incoming_path, take_incoming
from app.ingest.look_now import look_now
from app.ingest.views import HealthView, IncomingView, RejectsView
from app.networks.incoming import Request as Incoming

router = APIRouter()
_accounts = APIRouter(prefix="/api/v1/accounts", tags=["accounts"], route_class=Kept)


class BackfillAsk(Ask):
    """How many days to import."""

    model_config = shown({"days": 7})

    days: Annotated[int, Field(ge=1, le=MOST_DAYS)]


@_accounts.get("/health")
async def list_account_health(tx: Tx, me: Current) -> list[HealthView]:
    """How well each account hears."""
    return await queries.my_healths(tx, me)


@_accounts.post("/{account_id}/poll")
async def poll_account(tx: Tx, me: Current, account_id: str) -> HealthView:
    """Look at the network now."""
    return await look_now(tx, me, account_id)


@_accounts.post("/{account_id}/backfill")
async def backfill_account(tx: Tx, me: Current, account_id: str, ask: BackfillAsk) -> HealthView:
    """Import what was said in the last days."""
    return await ask_for_backfill(tx, me, account_id, ask.days)


@_accounts.get("/{account_id}/rejects")
async def list_rejects(
    request: Request,
    response: Response,
    tx: Tx,
    me: Current,
    account_id: str,
    before: Annotated[str | None, Query()] = None,
) -> RejectsView:
    """What could not be read, newest first."""
    page = await queries.rejects(tx, me, account_id, before)
    say_next(request, response, before=page.next)
    return page


@_accounts.get("/{account_id}/incoming")
async def get_incoming_address(tx: Tx, me: Current, account_id: str, request: Request) -> IncomingView:
    """Where the account's network may send requests to."""
    ours = settings().public_url or str(request.base_url)
    return IncomingView(url=f"{ours.rstrip('/')}{await incoming_path(tx, me, account_id)}")


@router.api_route("/api/v1/incoming/{account_id}/{token}", methods=["GET", "POST"], include_in_schema=False)
async def take_in(account_id: str, token: str, request: Request) -> Response:
    """What a network tells an account; nobody is signed in, and the adapter believes only what is signed."""
    check_address(account_id, token)
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            raise BodyTooLarge
    headers = {name.lower(): value for name, value in request.headers.items()}
    answer = await take_incoming(account_id, Incoming(request.method, dict(request.query_params), headers, bytes(body)))
    return Response(answer.body, status_code=answer.status, media_type=answer.media_type)


router.include_router(_accounts)
