"""Finding: an account or status by its address, words in public statuses, and the plain timelines."""

from collections.abc import Callable

from starlette.responses import Response
from starlette.routing import Route

from app.sandbox import entities, links, people, sight, text
from app.sandbox.api.door import Call, answer, route
from app.sandbox.api.pages import limit, paged, window
from app.sandbox.records import Account, Json, Status


async def search(call: Call) -> Response:
    """Resolve an address or handle, or look for words in what the viewer may read."""
    query = (call.text("q") or "").strip()
    size, kind = limit(call, 20, 40), call.text("type")
    accounts: list[Account] = []
    statuses: list[Status] = []
    tags: list[str] = []
    if query.startswith(("http://", "https://")):
        accounts, statuses = _resolve(call, query)
    elif query:
        accounts = [one for one in call.world.accounts.values() if _names(one, query)][:size]
        statuses = [one for one in call.world.statuses.values() if _says(call, one, query)][-size:][::-1]
        tags = sorted({tag for one in statuses for tag in text.tags(one.text) if query.lstrip("#").lower() in tag})
    bodies: dict[str, list[Json]] = {
        "accounts": [entities.account(call.world, one) for one in accounts],
        "statuses": [entities.status(call.world, one, call.viewer) for one in statuses],
        "hashtags": [{"name": tag, "url": f"{call.world.address}/tags/{tag}", "history": []} for tag in tags],
    }
    return answer({name: [] if kind and kind != name else found for name, found in bodies.items()})


def _resolve(call: Call, address: str) -> tuple[list[Account], list[Status]]:
    tail = address.rstrip("/").rpartition("/")[2]
    status = sight.seen(call.world, tail, call.viewer)
    if status and address.rstrip("/") in {links.status(call.world, status), links.status_uri(call.world, status)}:
        return [], [status]
    found = [
        one
        for one in call.world.accounts.values()
        if address.rstrip("/") in {links.account(call.world, one), links.account_uri(call.world, one)}
    ]
    return found, []


def _names(one: Account, query: str) -> bool:
    wanted = query.removeprefix("@").casefold()
    return wanted in one.acct.casefold() or wanted in one.name.casefold()


def _says(call: Call, one: Status, query: str) -> bool:
    return query.casefold() in one.text.casefold() and sight.may_see(call.world, one, call.viewer)


async def public(call: Call) -> Response:
    """Answer a page of everything public."""
    return _timeline(call, lambda status: status.visibility == "public" and not status.boost_of)


async def tagged(call: Call) -> Response:
    """Answer a page of public statuses with a hashtag."""
    wanted = {call.path("tag").lower(), *(one.lower() for one in call.many("any") or [])}
    return _timeline(call, lambda status: status.visibility == "public" and bool(wanted & set(text.tags(status.text))))


async def home(call: Call) -> Response:
    """Answer a page of what the viewer and those they follow posted."""
    circle = {call.me.id, *call.world.follows.get(call.me.id, ())}
    return _timeline(call, lambda status: status.account_id in circle)


def _timeline(call: Call, wanted: Callable[[Status], bool]) -> Response:
    size = limit(call, 20, 40)
    shelf = sorted(call.world.statuses, key=call.world.key)

    def find(status_id: str) -> Status | None:
        status = call.world.statuses[status_id]
        hidden = call.viewer and people.blocks(call.world, call.viewer.id, status.account_id)
        return status if not hidden and wanted(status) and sight.may_see(call.world, status, call.viewer) else None

    page = window(call, shelf, size, find)
    bodies = [entities.status(call.world, status, call.viewer) for _, status in page]
    return paged(call, [one for one, _ in page], bodies, size)


ROUTES: list[Route] = [
    route("GET", "/api/v2/search", search, scope="read:search"),
    route("GET", "/api/v1/timelines/public", public, who="anyone"),
    route("GET", "/api/v1/timelines/tag/{tag}", tagged, who="anyone"),
    route("GET", "/api/v1/timelines/home", home, scope="read:statuses"),
]
