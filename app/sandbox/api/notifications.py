"""Notifications over HTTP: the list a poller walks, single ones, and the policy that may hide some."""

from starlette.responses import Response
from starlette.routing import Route

from app.sandbox import entities
from app.sandbox.api.door import Call, answer, route
from app.sandbox.api.pages import limit, paged, window
from app.sandbox.failures import Refusal, invalid, not_found
from app.sandbox.people import POLICY
from app.sandbox.records import Notice


async def index(call: Call) -> Response:
    """Answer a page of notifications, newest first."""
    size = limit(call, 40 if call.world.flavour.honours_keys else 20, 80)
    wanted, unwanted = call.many("types"), call.many("exclude_types") or []
    from_id, filtered = call.text("account_id"), call.flag("include_filtered")

    def find(notice_id: str) -> Notice | None:
        notice = call.world.notices[notice_id]
        if (wanted and notice.kind not in wanted) or notice.kind in unwanted or (notice.filtered and not filtered):
            return None
        return None if from_id and notice.from_id != from_id else notice

    page = window(call, call.world.notices_of.get(call.me.id, []), size, find)
    return paged(call, [one for one, _ in page], [entities.notice(call.world, notice) for _, notice in page], size)


async def show(call: Call) -> Response:
    """Answer one notification."""
    return answer(entities.notice(call.world, _own(call)))


async def dismiss(call: Call) -> Response:
    """Remove one notification."""
    if not call.world.flavour.dismiss:
        raise Refusal(404, {"error": "Not Found: 404 page not found"})
    call.world.drop_notice(_own(call))
    return answer({})


async def clear(call: Call) -> Response:
    """Remove all notifications of the viewer."""
    for notice_id in tuple(call.world.notices_of.get(call.me.id, ())):
        call.world.drop_notice(call.world.notices[notice_id])
    return answer({})


def _own(call: Call) -> Notice:
    notice = call.world.notices.get(call.path())
    if not notice or notice.owner_id != call.me.id:
        raise not_found(call.world.flavour)
    return notice


def _policed(call: Call) -> None:
    if not call.world.flavour.policies:
        raise Refusal(404, {"error": "Not Found: 404 page not found"})


async def policy(call: Call) -> Response:
    """Answer what is filtered or dropped, and how much waits."""
    _policed(call)
    waiting = _waiting(call)
    counts = {
        "pending_requests_count": len({one.from_id for one in waiting}),
        "pending_notifications_count": len(waiting),
    }
    return answer({**POLICY, **call.me.policy, "summary": counts})


async def set_policy(call: Call) -> Response:
    """Change what is filtered or dropped; what was filtered before stays so until it is accepted."""
    _policed(call)
    for name in POLICY:
        value = call.text(name)
        if value is None:
            continue
        if value not in {"accept", "filter", "drop"}:
            raise invalid(call.world.flavour, f"Validation failed: {name} is not included in the list")
        call.me.policy[name] = value
    call.world.touch()
    return await policy(call)


def _waiting(call: Call) -> list[Notice]:
    mine = (call.world.notices[one] for one in call.world.notices_of.get(call.me.id, ()))
    return [notice for notice in mine if notice.filtered]


async def requests(call: Call) -> Response:
    """List who waits behind the filter."""
    _policed(call)
    by_sender: dict[str, list[Notice]] = {}
    for notice in _waiting(call):
        by_sender.setdefault(notice.from_id, []).append(notice)
    shown = []
    for sender, some in by_sender.items():
        last = call.world.statuses.get(some[-1].status_id or "")
        shown.append(
            {
                "id": sender,
                "created_at": entities.stamp(some[0].created_ms),
                "updated_at": entities.stamp(some[-1].created_ms),
                "notifications_count": str(len(some)),
                "account": entities.account(call.world, call.world.accounts[sender]),
                "last_status": entities.status(call.world, last, call.me) if last else None,
            }
        )
    return answer(shown)


async def accept(call: Call) -> Response:
    """Let somebody's filtered notifications into the list; they keep their old ids, so a cursor may be past them."""
    _policed(call)
    senders = call.many("id") or [call.request.path_params.get("id", "")]
    for notice in _waiting(call):
        if notice.from_id in senders:
            notice.filtered = False
    call.world.touch()
    call.world.hub.tell(call.me.id, ("user", "user:notification"), "notifications_merged", lambda: "1")
    return answer({})


ROUTES: list[Route] = [
    route("GET", "/api/v1/notifications", index, scope="read:notifications"),
    route("GET", "/api/v1/notifications/requests", requests, scope="read:notifications"),
    route("POST", "/api/v1/notifications/requests/accept", accept, scope="write:notifications"),
    route("POST", "/api/v1/notifications/requests/{id}/accept", accept, scope="write:notifications"),
    route("POST", "/api/v1/notifications/clear", clear, scope="write:notifications"),
    route("GET", "/api/v1/notifications/{id}", show, scope="read:notifications"),
    route("POST", "/api/v1/notifications/{id}/dismiss", dismiss, scope="write:notifications"),
    route("GET", "/api/v2/notifications/policy", policy, scope="read:notifications"),
    route("PATCH", "/api/v2/notifications/policy", set_policy, scope="write:notifications"),
]
