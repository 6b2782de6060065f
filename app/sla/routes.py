"""HTTP for promises: clocks with their explanation, policies, calendars, previews and holidays."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from app.agents.asks import Id
from app.agents.current import Current
from app.core.http import Tx
from app.core.http_match import IfMatch, Seen, demanded_revision
from app.core.http_next import say_next
from app.core.http_once import Kept
from app.sla import asks, edit, queries, rebuild, try_out
from app.sla.views import (
    CalendarView,
    ClocksView,
    ClockView,
    CountryView,
    DayOffView,
    DifferenceView,
    EarlierClocksView,
    MetricView,
    PolicyView,
    PreviewView,
)

router = APIRouter(prefix="/api/v1", tags=["promises"], route_class=Kept)


@router.get("/tickets/{ticket_id}/clocks", operation_id="list_ticket_clocks")
async def ticket_clocks(tx: Tx, me: Current, ticket_id: str) -> ClocksView:
    """The promises made on the ticket that count now, and why each stands where it stands."""
    return await queries.clocks(tx, me, ticket_id)


@router.get("/tickets/{ticket_id}/clocks/earlier", operation_id="list_earlier_clocks")
async def earlier_clocks(
    request: Request,
    response: Response,
    tx: Tx,
    me: Current,
    ticket_id: str,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> EarlierClocksView:
    """What became of the promises before those."""
    page = await queries.earlier_clocks(tx, me, ticket_id, cursor=cursor, limit=limit)
    say_next(request, response, cursor=page.next)
    return page


@router.get("/tickets/{ticket_id}/clocks/{metric}/{cycle}", operation_id="get_ticket_clock")
async def ticket_clock(
    tx: Tx, me: Current, ticket_id: str, metric: str, cycle: Annotated[int, Path(ge=1, le=2**31 - 1)]
) -> ClockView:
    """One promise, and why it stands where it stands."""
    return await queries.clock(tx, me, ticket_id, metric, cycle)


@router.post("/tickets/{ticket_id}/clocks/rebuild")
async def rebuild_clocks(tx: Tx, me: Current, ticket_id: str, ask: asks.RebuildAsk) -> list[DifferenceView]:
    """Fold the ticket's log again; answers what is different."""
    return await rebuild.rebuild_ticket(tx, me, ticket_id, anew=ask.anew)


@router.get("/policies", operation_id="list_policies")
async def policies(tx: Tx, me: Current) -> list[PolicyView]:
    """Every policy, in the order in which they are asked."""
    return await queries.policies(tx, me)


@router.post("/policies", status_code=201)
async def create_policy(tx: Tx, me: Current, ask: asks.PolicyAsk) -> PolicyView:
    """Add a policy at the end of the order."""
    return await edit.create_policy(tx, me, ask)


@router.put("/policies/order")
async def order_policies(tx: Tx, me: Current, ask: asks.OrderAsk) -> list[PolicyView]:
    """Ask the policies in this order."""
    return await edit.order_policies(tx, me, ask.ids, ask.seen)


@router.put("/policies/{policy_id}")
async def save_policy(
    tx: Tx, me: Current, policy_id: Id, ask: asks.EditPolicyAsk, if_match: IfMatch = None
) -> PolicyView:
    """Replace a policy; running clocks follow."""
    seen = ask.model_copy(update={"revision": demanded_revision(ask.revision, if_match)})
    return await edit.save_policy(tx, me, policy_id, seen)


@router.delete("/policies/{policy_id}", status_code=204)
async def delete_policy(
    tx: Tx, me: Current, policy_id: Id, revision: Annotated[Seen, Query()] = None, if_match: IfMatch = None
) -> None:
    """Take a policy away that no open ticket runs under."""
    await edit.delete_policy(tx, me, policy_id, demanded_revision(revision, if_match))


@router.get("/calendars", operation_id="list_calendars")
async def calendars(tx: Tx, me: Current) -> list[CalendarView]:
    """Every calendar, by name."""
    return await queries.calendars(tx, me)


@router.post("/calendars", status_code=201)
async def create_calendar(tx: Tx, me: Current, ask: asks.CalendarAsk) -> CalendarView:
    """Add a calendar."""
    return await edit.create_calendar(tx, me, ask)


@router.put("/calendars/{calendar_id}")
async def save_calendar(
    tx: Tx, me: Current, calendar_id: Id, ask: asks.EditCalendarAsk, if_match: IfMatch = None
) -> CalendarView:
    """Replace a calendar; running clocks follow."""
    seen = ask.model_copy(update={"revision": demanded_revision(ask.revision, if_match)})
    return await edit.save_calendar(tx, me, calendar_id, seen)


@router.delete("/calendars/{calendar_id}", status_code=204)
async def delete_calendar(
    tx: Tx, me: Current, calendar_id: Id, revision: Annotated[Seen, Query()] = None, if_match: IfMatch = None
) -> None:
    """Take a calendar away that no policy uses."""
    await edit.delete_calendar(tx, me, calendar_id, demanded_revision(revision, if_match))


@router.get("/sla/metrics", operation_id="list_metrics")
async def metrics(me: Current) -> list[MetricView]:
    """What is measured."""
    return queries.metric_views(me)


@router.post("/sla/preview", operation_id="preview_promises")
async def preview(tx: Tx, me: Current, ask: asks.PreviewAsk) -> list[PreviewView]:
    """What would be due when, under a policy and calendar that are not saved."""
    return await try_out.preview_policy(tx, me, ask)


@router.post("/sla/simulate", operation_id="simulate_promises")
async def simulate(me: Current, ask: asks.SimulateAsk) -> dict[str, Any]:
    """The clocks of a history, as `mentiondesk sla simulate` answers them."""
    return try_out.simulate_file(me, ask.model_dump(exclude_unset=True))


@router.get("/holidays/countries", operation_id="list_holiday_countries")
async def holiday_countries(me: Current) -> list[CountryView]:
    """The countries whose public holidays are known."""
    return try_out.countries(me)


@router.get("/holidays", operation_id="list_holidays")
async def holidays(
    me: Current,
    country: Annotated[str, Query(max_length=10)],
    year: Annotated[int, Query(ge=1970, le=2100)],
    subdivision: Annotated[str | None, Query(max_length=40)] = None,
) -> list[DayOffView]:
    """A country's public holidays of a year."""
    return try_out.holidays_of(me, country, year, subdivision)


@router.post("/holidays/ical", operation_id="read_holiday_feed")
async def days_of_feed(me: Current, ask: asks.FeedAsk) -> list[DayOffView]:
    """The days off of a year in an iCalendar text."""
    return try_out.days_of_feed(me, ask)
