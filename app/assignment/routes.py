"""HTTP for taking the next ticket and for the ways to assign."""

from fastapi import APIRouter

from app.agents.current import Current
from app.assignment import queries
from app.assignment import take_next as taking
from app.assignment.views import StrategyView
from app.core.http import Tx
from app.core.http_once import Kept
from app.tickets.views import TicketCard

router = APIRouter(prefix="/api/v1", tags=["assignment"], route_class=Kept)


@router.post("/tickets/take-next", operation_id="take_next_ticket")
async def take_next(tx: Tx, actor: Current) -> TicketCard:
    """Take the most urgent ticket that is mine to take."""
    return await taking.take_next(tx, actor)


@router.get("/assignment-strategies", operation_id="list_assignment_strategies")
async def assignment_strategies(actor: Current) -> list[StrategyView]:
    """What a brand's assignment may be set to."""
    return queries.assignment_strategies(actor)
