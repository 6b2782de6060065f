"""The door of the client API: parameters in any of their three encodings, the token, its scope, and JSON out."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

import orjson
from starlette.datastructures import FormData
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from app.sandbox.failures import Refusal, needs_person, not_found, out_of_scope, unauthorized
from app.sandbox.records import Account, Status, Token
from app.sandbox.sight import seen
from app.sandbox.world import World

Who = Literal["person", "app", "anyone"]


@dataclass(slots=True)
class Call:
    """One request that was let in."""

    request: Request
    world: World
    params: dict[str, Any]
    token: Token | None
    viewer: Account | None

    @property
    def me(self) -> Account:
        """The person asking; routes for persons only are never reached without one."""
        if self.viewer is None:
            raise needs_person(self.world.flavour)
        return self.viewer

    def path(self, name: str = "id") -> str:
        """Answer a part of the path."""
        return str(self.request.path_params[name])

    def text(self, name: str) -> str | None:
        """Answer a parameter as text, None when it was not given."""
        value = self.params.get(name)
        return None if value is None else str(value)

    def flag(self, name: str) -> bool:
        """Answer a parameter as yes or no; forms write both in several ways."""
        return str(self.params.get(name, "")).lower() in {"true", "1", "on", "t"}

    def many(self, name: str) -> list[str] | None:
        """Answer a list parameter, None when it was not given."""
        value = self.params.get(name)
        if value is None:
            return None
        return [str(one) for one in value] if isinstance(value, list) else [str(value)]

    def status(self, name: str = "id") -> Status:
        """Answer the status a path names, if the viewer may read it."""
        found = seen(self.world, self.path(name), self.viewer)
        if not found:
            raise not_found(self.world.flavour)
        return found


Handler = Callable[[Call], Awaitable[Response]]


def answer(body: Any, code: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Make a JSON answer."""
    return Response(orjson.dumps(body), code, headers, "application/json; charset=utf-8")


def route(method: str, path: str, handler: Handler, *, scope: str | None = None, who: Who = "person") -> Route:
    """Put a handler behind the door: the token is known, has the scope, and belongs to whom the route is for."""

    async def enter(request: Request) -> Response:
        world: World = request.app.state.world
        token = find_token(world, bearer(request))
        viewer = world.accounts.get(token.account_id or "") if token else None
        if who != "anyone" and not token:
            raise unauthorized(world.flavour)
        if token and scope and not covers(token.scopes, scope):
            raise out_of_scope(world.flavour)
        if who == "person" and not viewer:
            raise needs_person(world.flavour)
        try:
            return await handler(Call(request, world, await read_params(request), token, viewer))
        except ClientDisconnect:  # who asked has gone in the middle of asking: nothing was done, nobody reads this
            return Response(status_code=400)
        finally:
            await request.close()  # an upload's temporary file

    return Route(path, enter, methods=[method])


def bearer(request: Request) -> str | None:
    """Answer the token a request shows."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" else request.query_params.get("access_token")


def find_token(world: World, value: str | None) -> Token | None:
    """Answer a token; one that was shown but is not known is refused, not treated as none."""
    if not value:
        return None
    token = world.tokens.get(value)
    if not token:
        raise unauthorized(world.flavour)
    return token


def covers(granted: list[str], needed: str) -> bool:
    """Say whether scopes allow something: `write` covers `write:statuses`, `profile` only the own profile."""
    return any(one in {needed, needed.partition(":")[0]} for one in granted)


async def read_params(request: Request) -> dict[str, Any]:
    """Gather parameters from the query and a JSON or form body; `name[]` becomes a list called `name`."""
    params: dict[str, Any] = {}
    for name, value in request.query_params.multi_items():
        _put(params, name, value)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        params |= _json(await request.body())
    elif kind in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        form: FormData = await request.form()
        for name, upload in form.multi_items():
            _put(params, name, upload)
    return params


def _json(body: bytes) -> dict[str, Any]:
    try:
        read = orjson.loads(body) if body.strip() else {}
    except orjson.JSONDecodeError:
        raise Refusal(400, {"error": "The request body is not JSON"}) from None
    if not isinstance(read, dict):
        raise Refusal(400, {"error": "The request body must be a JSON object"})
    return {name.removesuffix("[]"): value for name, value in read.items()}


def _put(params: dict[str, Any], name: str, value: Any) -> None:
    if name.endswith("[]"):
        params.setdefault(name[:-2], []).append(value)
    elif "[][" in name:
        outer, _, inner = name.partition("[][")
        rows = params.setdefault(outer, [])
        key = inner.rstrip("]")
        if not rows or key in rows[-1]:
            rows.append({})
        rows[-1][key] = value
    else:
        params[name] = value
