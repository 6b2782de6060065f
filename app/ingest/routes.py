"""HTTP to see how well accounts hear, to look now, to import, and to read what was set aside."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from app.agents.current import Current
from app.core.event import Ask
from app.core.http import Tx
from app.ingest import queries
from app.ingest.backfill import MOST_DAYS, ask_for_backfill
from app.ingest.look_now import look_now
from app.ingest.views import HealthView, RejectsView

router = APIRouter(prefix="/api/v1/accounts", tags=["accounts"])


class BackfillAsk(Ask):
    """How many days to import."""

    days: Annotated[int, Field(ge=1, le=MOST_DAYS)]


@router.get("/health")
async def list_account_health(tx: Tx, me: Current) -> list[HealthView]:
    """How well each account hears."""
    return await queries.my_healths(tx, me)


@router.post("/{account_id}/poll")
async def poll_account(tx: Tx, me: Current, account_id: str) -> HealthView:
    """Look at the network now."""
    return await look_now(tx, me, account_id)


@router.post("/{account_id}/backfill")
async def backfill_account(tx: Tx, me: Current, account_id: str, ask: BackfillAsk) -> HealthView:
    """Import what was said in the last days."""
    return await ask_for_backfill(tx, me, account_id, ask.days)


@router.get("/{account_id}/rejects")
async def list_rejects(
    tx: Tx, me: Current, account_id: str, before: Annotated[str | None, Query()] = None
) -> RejectsView:
    """What could not be read, newest first."""
    return await queries.rejects(tx, me, account_id, before)
