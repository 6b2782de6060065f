"""Private conversations over HTTP; their pages are walked by Link alone."""

from starlette.responses import Response
from starlette.routing import Route

from app.sandbox.api.door import Call, answer, route
from app.sandbox.api.pages import limit, paged, window
from app.sandbox.failures import not_found
from app.sandbox.talks import entity, mark_read, talks


async def index(call: Call) -> Response:
    """Answer a page of conversations, the one with the newest status first."""
    size = limit(call, 20, 40)
    known = {talk.last.id: talk for talk in talks(call.world, call.me)}
    page = window(call, list(known), size, known.get)
    return paged(call, [one for one, _ in page], [entity(call.world, talk) for _, talk in page], size)


async def read(call: Call) -> Response:
    """Mark a conversation as read."""
    for talk in talks(call.world, call.me):
        if talk.id == call.path():
            return answer(entity(call.world, mark_read(call.world, talk)))
    raise not_found(call.world.flavour)


ROUTES: list[Route] = [
    route("GET", "/api/v1/conversations", index, scope="read:statuses"),
    route("POST", "/api/v1/conversations/{id}/read", read, scope="write:conversations"),
]
