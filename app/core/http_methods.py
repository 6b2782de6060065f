"""methods_at(): which methods an address takes, for an answer to one that it does not take."""

from typing import Final

from fastapi import Request
from starlette.routing import Match

EVERYWHERE: Final = "/{path:path}"
"""The path of the route that takes what no other one does: the console's page."""
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")


def methods_at(request: Request) -> list[str]:
    """The methods for which there is an operation at the request's address; none where nothing is."""
    routes = [route for route in request.app.routes if getattr(route, "path", None) != EVERYWHERE]

    def taken(method: str) -> bool:
        asked = {**request.scope, "method": method}
        return any(route.matches(asked)[0] is Match.FULL for route in routes)

    return [method for method in _METHODS if taken(method)]
