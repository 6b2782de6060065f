"""Joins the parts of the sandbox into one ASGI app."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from app.sandbox.album import Album
from app.sandbox.api import accounts, conversations, instance, media, notifications, search, statuses, streaming
from app.sandbox.api.door import answer
from app.sandbox.control import people, posts
from app.sandbox.control import world as steering
from app.sandbox.failures import Refusal, not_found
from app.sandbox.faults import Faults
from app.sandbox.flavour import FLAVOURS
from app.sandbox.gate import Gate
from app.sandbox.limits import Limits
from app.sandbox.world import World


def create_sandbox(
    flavour: str = "mastodon",
    *,
    address: str = "http://127.0.0.1:8420",
    domain: str = "sandbox.test",
    folder: Path | None = None,
) -> ASGIApp:
    """Make a network. `flavour` is "mastodon" or "gotosocial"; `address` is where browsers will find it.

    With a `folder` it remembers itself there and goes on where it stopped; without one it lives in memory only.
    """
    world = World(
        FLAVOURS[flavour], address=address, domain=domain, album=Album(folder / "pictures" if folder else None)
    )
    orders, limits = Faults(), Limits()

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        world.hub.cut()

    app = Starlette(
        routes=_routes(),
        lifespan=lifespan,
        exception_handlers={Refusal: _refuse, HTTPException: _unknown},
    )
    app.state.world, app.state.faults, app.state.limits = world, orders, limits
    return Gate(app, world, orders, limits)


def _routes() -> list[BaseRoute]:
    areas = (
        accounts,
        statuses,
        notifications,
        conversations,
        media,
        search,
        instance,
        streaming,
        people,
        posts,
        steering,
    )
    return [one for area in areas for one in area.ROUTES]


async def _refuse(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return answer(error.body, error.code, error.headers)


async def _unknown(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    world: World = request.app.state.world
    refusal = not_found(world.flavour, "Not Found")
    return answer(refusal.body if error.status_code == 404 else {"error": error.detail}, error.status_code)
