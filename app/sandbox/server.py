"""Joins the parts of the sandbox into one ASGI app."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from app.sandbox import page
from app.sandbox.album import Album
from app.sandbox.api import (
    accounts,
    authorize,
    conversations,
    instance,
    media,
    notifications,
    oauth,
    search,
    statuses,
    streaming,
)
from app.sandbox.api.door import answer
from app.sandbox.control import people, posts, replay
from app.sandbox.control import world as steering
from app.sandbox.control.people import ALL_SCOPES, hand_token
from app.sandbox.failures import Refusal, not_found
from app.sandbox.faults import Faults
from app.sandbox.flavour import FLAVOURS
from app.sandbox.gate import Gate
from app.sandbox.limits import Limits
from app.sandbox.people import settle
from app.sandbox.saving import Memory
from app.sandbox.world import World


def create_sandbox(
    flavour: str = "mastodon",
    *,
    address: str = "http://127.0.0.1:8420",
    domain: str = "sandbox.test",
    folder: Path | None = None,
    brand: str | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> ASGIApp:
    """Make a network. `flavour` is "mastodon" or "gotosocial"; `address` is where browsers will find it.

    With a `folder` it remembers itself there and goes on where it stopped; without one it lives in memory only. A
    `brand` is made at once. `tell` hears one line, when everything stands. Raises MemoryUnreadable.
    """
    world = World(
        FLAVOURS[flavour], address=address, domain=domain, album=Album(folder / "pictures" if folder else None)
    )
    orders, limits = Faults(), Limits()
    memory = Memory(world, folder / f"{flavour}.json") if folder else None
    if memory:
        memory.recall()
    said = f"The sandbox plays {flavour} at {world.address}"
    if brand:
        account = settle(world, brand, brand=True)
        said += f"; @{account.acct}'s token is {hand_token(world, account, ALL_SCOPES).value}"

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        writing: asyncio.Task[None] | None = None
        if memory:
            world.on_change = memory.follow()
            writing = asyncio.ensure_future(memory.run())
        tell(said)
        yield
        world.hub.cut()
        if writing and memory:
            writing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await writing
            memory.save()

    app = Starlette(
        routes=_routes(),
        lifespan=lifespan,
        exception_handlers={Refusal: _refuse, HTTPException: _unknown},
    )
    app.state.world, app.state.faults, app.state.limits = world, orders, limits
    return Gate(app, world, orders, limits)


def _routes() -> list[BaseRoute]:
    network = (accounts, statuses, notifications, conversations, media, search, instance, streaming, oauth, authorize)
    hand = (people, posts, replay, steering)
    return [one for area in (*network, *hand, page) for one in area.ROUTES]


async def _refuse(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return answer(error.body, error.code, error.headers)


async def _unknown(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    world: World = request.app.state.world
    refusal = not_found(world.flavour, "Not Found")
    return answer(refusal.body if error.status_code == 404 else {"error": error.detail}, error.status_code)
