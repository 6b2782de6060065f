"""HTTP for costs, budgets and prices."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field, StringConstraints

from app.agents.asks import Id
from app.agents.current import Current
from app.core.event import Ask
from app.core.http import Tx
from app.core.http_match import IfMatch, Seen, seen_revision
from app.core.http_once import Kept
from app.core.shown import shown
from app.ledger import queries
from app.ledger.set_budget import set_budget, set_price
from app.ledger.views import BudgetView, CostsView, PriceView

router = APIRouter(prefix="/api/v1", tags=["costs"], route_class=Kept)

Micros = Annotated[int, Field(ge=0, le=10**12)]
PriceName = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[a-z0-9_.]+$")]


class BudgetAsk(Ask):
    """What an account may cost in a month, in millionths of a US dollar; null: whatever it costs."""

    model_config = shown({"limit_micros": 25_000_000, "warn_percent": 80, "revision": 0})

    limit_micros: Micros | None
    warn_percent: Annotated[int, Field(ge=1, le=100)] = 80
    revision: Seen = None


class PriceAsk(Ask):
    """What one use costs, in millionths of a US dollar; null: what the adapter says."""

    model_config = shown({"micros": 4_000})

    micros: Micros | None
    revision: Seen = None


@router.get("/budgets", operation_id="list_budgets")
async def list_budgets(tx: Tx, actor: Current) -> list[BudgetView]:
    """How the accounts I see stand in their budgets this month."""
    return await queries.my_budgets(tx, actor)


@router.get("/accounts/{account_id}/costs", operation_id="list_costs")
async def list_costs(
    tx: Tx,
    actor: Current,
    account_id: Id,
    month: Annotated[date | None, Query(ge=date(2000, 1, 1), le=date(2999, 12, 31))] = None,
) -> CostsView:
    """What an account cost in a month, by day and thing; any day names its month."""
    return await queries.costs(tx, actor, account_id, month)


@router.put("/accounts/{account_id}/budget", operation_id="set_budget")
async def put_budget(
    tx: Tx, actor: Current, account_id: Id, ask: BudgetAsk, if_match: IfMatch = None
) -> BudgetView | None:
    """Let an account cost so much in a calendar month; of an account without a budget the revision is 0."""
    seen = seen_revision(ask.revision, if_match)
    limit, warn = ask.limit_micros, ask.warn_percent
    return await set_budget(tx, actor, account_id, limit_micros=limit, warn_percent=warn, revision=seen)


@router.put("/networks/{network}/prices/{name}", operation_id="set_price")
async def put_price(
    tx: Tx, actor: Current, network: Id, name: PriceName, ask: PriceAsk, if_match: IfMatch = None
) -> PriceView:
    """Correct what a use costs; what was used before stays as it was counted."""
    return await set_price(tx, actor, network, name, ask.micros, seen_revision(ask.revision, if_match))
