"""Statuses over HTTP: reading them, their surroundings and history, and everything one can do to them."""

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from app.sandbox import amend, entities, publish, sight
from app.sandbox.api.door import Call, answer, route
from app.sandbox.failures import Refusal, invalid, not_found
from app.sandbox.records import Status
from app.sandbox.wish import Wish

MOST_AT_ONCE = 20


def _wish(call: Call) -> Wish:
    for name in ("poll", "scheduled_at"):
        if call.params.get(name):
            raise invalid(call.world.flavour, f"Validation failed: {name} is not part of this sandbox")
    allowed = call.many("allowed_mentions")
    app = call.world.applications.get(call.token.application_id) if call.token else None
    return Wish(
        text=call.text("status") or "",
        visibility=call.text("visibility"),
        parent_id=call.text("in_reply_to_id"),
        spoiler=call.text("spoiler_text") or "",
        sensitive=call.flag("sensitive"),
        language=call.text("language"),
        media_ids=call.many("media_ids") or [],
        quote_id=call.text("quoted_status_id"),
        quote_policy=call.text("quote_approval_policy") or "public",
        allowed=allowed,
        key=call.request.headers.get("idempotency-key"),
        application=app.name if app else None,
        website=app.website if app else None,
    )


async def post(call: Call) -> Response:
    """Publish."""
    status = publish.publish(call.world, call.me, _wish(call))
    return answer(entities.status(call.world, status, call.me))


async def show(call: Call) -> Response:
    """Answer one status."""
    return answer(entities.status(call.world, call.status(), call.viewer))


async def show_many(call: Call) -> Response:
    """Answer several statuses; those the viewer may not read are left out."""
    if not call.world.flavour.bulk_read:
        raise Refusal(405, {"error": "Method Not Allowed"})
    ids = (call.many("id") or [])[:MOST_AT_ONCE]
    found = [status for one in ids if (status := sight.seen(call.world, one, call.viewer))]
    return answer([entities.status(call.world, status, call.viewer) for status in found])


async def context(call: Call) -> Response:
    """Answer what is above and below a status."""
    status = call.status()
    above, below, depth = (4_096, 4_096, 4_096) if call.viewer else (40, 60, 20)
    return answer(
        {
            "ancestors": _all(call, sight.ancestors(call.world, status, call.viewer, above)),
            "descendants": _all(call, sight.descendants(call.world, status, call.viewer, below, depth)),
        }
    )


def _all(call: Call, some: list[Status]) -> list[dict[str, Any]]:
    return [entities.status(call.world, one, call.viewer) for one in some]


async def history(call: Call) -> Response:
    """Answer every version of a status."""
    return answer(entities.history(call.world, call.status()))


async def source(call: Call) -> Response:
    """Answer the text of an own status as it was typed."""
    return answer(entities.source(_own(call)))


async def put(call: Call) -> Response:
    """Edit an own status; pictures that are not named again fall off."""
    status = _own(call)
    for change in call.params.get("media_attributes") or []:
        picture = call.world.pictures.get(str(change.get("id")))
        if picture and picture.account_id == call.me.id:
            picture.description = str(change.get("description") or "") or None
            call.world.touch()
    return answer(entities.status(call.world, amend.edit(call.world, call.me, status, _wish(call)), call.me))


async def delete(call: Call) -> Response:
    """Delete an own status and answer it with its plain text, for writing it anew."""
    status = _own(call)
    gone = entities.deleted(entities.status(call.world, status, call.me), status)
    amend.delete(call.world, status)
    return answer(gone)


async def favourite(call: Call) -> Response:
    """Like."""
    amend.favourite(call.world, call.me, status := call.status(), on=True)
    return answer(entities.status(call.world, status, call.me))


async def unfavourite(call: Call) -> Response:
    """Like no longer."""
    amend.favourite(call.world, call.me, status := call.status(), on=False)
    return answer(entities.status(call.world, status, call.me))


async def reblog(call: Call) -> Response:
    """Boost; the answer is the boost, with the boosted status inside."""
    return answer(entities.status(call.world, amend.boost(call.world, call.me, call.status()), call.me))


async def unreblog(call: Call) -> Response:
    """Take a boost back."""
    amend.unboost(call.world, call.me, status := call.status())
    return answer(entities.status(call.world, status, call.me))


def _own(call: Call) -> Status:
    status = call.world.statuses.get(call.path())
    if not status or status.account_id != call.me.id:
        raise not_found(call.world.flavour)
    return status


ROUTES: list[Route] = [
    route("POST", "/api/v1/statuses", post, scope="write:statuses"),
    route("GET", "/api/v1/statuses", show_many, scope="read:statuses", who="anyone"),
    route("GET", "/api/v1/statuses/{id}", show, scope="read:statuses", who="anyone"),
    route("PUT", "/api/v1/statuses/{id}", put, scope="write:statuses"),
    route("DELETE", "/api/v1/statuses/{id}", delete, scope="write:statuses"),
    route("GET", "/api/v1/statuses/{id}/context", context, scope="read:statuses", who="anyone"),
    route("GET", "/api/v1/statuses/{id}/history", history, scope="read:statuses", who="anyone"),
    route("GET", "/api/v1/statuses/{id}/source", source, scope="read:statuses"),
    route("POST", "/api/v1/statuses/{id}/favourite", favourite, scope="write:favourites"),
    route("POST", "/api/v1/statuses/{id}/unfavourite", unfavourite, scope="write:favourites"),
    route("POST", "/api/v1/statuses/{id}/reblog", reblog, scope="write:statuses"),
    route("POST", "/api/v1/statuses/{id}/unreblog", unreblog, scope="write:statuses"),
]
