"""Steering the network itself: faults, limits, clock, streams, starting anew."""

from datetime import timedelta
from typing import Literal

from pydantic import Field
from starlette.requests import Request
from starlette.routing import Route

from app.sandbox.control.door import Nothing, Order, control
from app.sandbox.faults import Fault, Faults
from app.sandbox.limits import Limits
from app.sandbox.records import Json
from app.sandbox.world import World


class FaultOrder(Order):
    """A fault to script; the words are those of `faults.Fault`."""

    kind: Literal["delay", "rate_limit", "error", "drop", "html", "broken", "hang"]
    path: str = "*"
    method: str | None = None
    times: int | None = Field(1, ge=1)
    skip: int = Field(0, ge=0)
    after: bool = False
    seconds: float = Field(0.0, ge=0, le=600)
    code: int | None = Field(None, ge=400, le=599)
    headers: dict[str, str] = Field(default_factory=dict)
    reset: bool = False
    repeats_only: bool = False


class Options(Order):
    """How the network behaves; what is not said stays."""

    picture_seconds: float | None = Field(None, ge=0, description="how long an upload is worked on: 202, then 206")
    rate_limit: int | None = Field(None, ge=0)
    paging_limit: int | None = Field(None, ge=0)
    clock_shift: float | None = Field(None, description="seconds the sandbox's clock is ahead")
    silent_streams: bool | None = Field(None, description="streams stay open and say nothing")


async def add_fault(_: World, request: Request, order: FaultOrder) -> Json:
    """Script a fault for the next requests to a path (* matches anything)."""
    orders: Faults = request.app.state.faults
    usual = {"html": 502, "rate_limit": 429}.get(order.kind, 500)
    fields = order.model_dump() | {"code": order.code or usual}
    return _shown(orders.add(Fault(**fields)))


async def list_faults(_: World, request: Request, __: Nothing) -> list[Json]:
    """List the faults in force."""
    orders: Faults = request.app.state.faults
    return [_shown(fault) for fault in orders.orders]


async def clear_faults(_: World, request: Request, __: Nothing) -> Json:
    """Take every fault back."""
    orders: Faults = request.app.state.faults
    orders.clear()
    return {}


def _shown(fault: Fault) -> Json:
    return {"id": fault.id, "kind": fault.kind, "path": fault.path, "times": fault.times, "met": fault.met}


async def options(world: World, request: Request, order: Options) -> Json:
    """Change how the network behaves, and answer how it does now."""
    limits: Limits = request.app.state.limits
    if order.picture_seconds is not None:
        world.picture_seconds = order.picture_seconds
    if order.clock_shift is not None:
        world.shift = timedelta(seconds=order.clock_shift)
    if order.silent_streams is not None:
        world.hub.silent = order.silent_streams
    limits.general = limits.general if order.rate_limit is None else order.rate_limit
    limits.paging = limits.paging if order.paging_limit is None else order.paging_limit
    limits.used.clear()
    return {"rate_limit": limits.general, "paging_limit": limits.paging, "picture_seconds": world.picture_seconds}


async def cut_streams(world: World, _: Request, __: Nothing) -> Json:
    """End every open stream."""
    return {"cut": world.hub.cut()}


async def overview(world: World, _: Request, __: Nothing) -> Json:
    """Say in numbers what the network holds."""
    return {
        "flavour": world.flavour.name,
        "address": world.address,
        "domain": world.domain,
        "people": len(world.accounts),
        "brands": [one.acct for one in world.accounts.values() if one.brand],
        "posts": len(world.statuses),
        "notifications": len(world.notices),
        "listeners": sum(len(some) for some in world.hub.listeners.values()),
    }


async def reset(world: World, request: Request, _: Nothing) -> Json:
    """Forget everything: people, posts, tokens, faults."""
    world.hub.cut()
    world.album.clear([f"{one.id}.{one.suffix}" for one in world.pictures.values()])
    world.empty()
    world.shift, world.picture_seconds, world.hub.silent = timedelta(), 0.0, False
    request.app.state.faults.clear()
    request.app.state.faults.keys.clear()
    limits: Limits = request.app.state.limits
    limits.general, limits.paging = Limits().general, Limits().paging
    limits.used.clear()
    world.touch()
    return {}


ROUTES: list[Route] = [
    control("POST", "/faults", FaultOrder, add_fault),
    control("GET", "/faults", Nothing, list_faults),
    control("DELETE", "/faults", Nothing, clear_faults),
    control("POST", "/options", Options, options),
    control("POST", "/streams/cut", Nothing, cut_streams),
    control("GET", "/overview", Nothing, overview),
    control("POST", "/reset", Nothing, reset),
]
