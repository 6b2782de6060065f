"""The door of the control interface: JSON in, checked against a model, JSON out; other sites' pages stay outside."""

import ipaddress
from collections.abc import Awaitable, Callable
from typing import TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.sandbox.api.door import answer
from app.sandbox.failures import Refusal
from app.sandbox.world import World

M = TypeVar("M", bound="Order")


class Order(BaseModel):
    """What a control call may say; a word it does not know is an error, not ignored."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Nothing(Order):
    """A call that says nothing."""


def control(method: str, path: str, model: type[M], handler: Callable[[World, Request, M], Awaitable[object]]) -> Route:
    """Make a route of the control interface under /sandbox."""

    async def enter(request: Request) -> Response:
        if not _from_here(request):
            raise Refusal(403, {"error": "The sandbox is steered from its own page only."})
        raw = await request.body()
        try:
            order = model.model_validate_json(raw) if raw.strip() else model.model_validate(dict(request.query_params))
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False)[0]
            field = ".".join(str(part) for part in first["loc"])
            raise Refusal(422, {"error": f"{field}: {first['msg']}", "field": field}) from None
        return answer(await handler(request.app.state.world, request, order))

    return Route(f"/sandbox{path}", enter, methods=[method])


def _from_here(request: Request) -> bool:
    """Say whether a call may steer: not from another site's page, and not by a public name that was bent to point here."""
    host, origin = request.headers.get("host", ""), request.headers.get("origin")
    name = urlsplit(f"//{host}").hostname or ""
    named_here = "." not in name or name == urlsplit(request.app.state.world.address).hostname or _is_number(name)
    return named_here and (not origin or urlsplit(origin).netloc == host)


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
