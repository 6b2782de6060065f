"""Taking recorded posts by the batch."""

from datetime import datetime

from pydantic import ConfigDict, Field
from starlette.requests import Request
from starlette.routing import Route

from app.sandbox import people
from app.sandbox.control.door import Order, control
from app.sandbox.control.people import named
from app.sandbox.failures import Refusal
from app.sandbox.records import Account, Json
from app.sandbox.replaying import replay_post
from app.sandbox.world import World


class Recorded(Order):
    """One line of a recording; what else the line says is passed over."""

    model_config = ConfigDict(extra="ignore", strict=True)

    id: str = Field(min_length=1, max_length=200)
    author: str = Field(min_length=1, max_length=200)
    text: str = Field(min_length=1, max_length=100_000)
    in_reply_to: str | None = None
    at: datetime
    to_brand: bool


class Batch(Order):
    """Some lines, in order, and which brand "@brand" is."""

    posts: list[Recorded]
    brand: str | None = None


async def replay(world: World, _: Request, order: Batch) -> list[Json]:
    """Post a batch; each line is answered for itself."""
    brand = which_brand(world, order.brand)
    return [_one(world, brand, line) for line in order.posts]


def which_brand(world: World, handle: str | None) -> Account:
    """Answer the brand a recording speaks to: the named one, else the first there is, else a new @acme."""
    if handle:
        return named(world, handle)
    known = people.brands(world)
    return known[0] if known else people.settle(world, "acme", name="Acme", brand=True)


def _one(world: World, brand: Account, line: Recorded) -> Json:
    try:
        outcome = replay_post(
            world,
            brand,
            given_id=line.id,
            author=line.author,
            text=line.text,
            parent=line.in_reply_to,
            at=line.at,
            to_brand=line.to_brand,
        )
    except Refusal as refusal:
        return {"outcome": "refused", "reason": refusal.body["error"]}
    lost = bool(line.in_reply_to) and line.in_reply_to not in world.given
    return {"outcome": outcome, "id": world.given[line.id], "lost_parent": lost}


ROUTES: list[Route] = [control("POST", "/replay", Batch, replay)]
