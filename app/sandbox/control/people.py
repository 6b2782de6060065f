"""Making people and brands, handing out tokens, and setting people apart."""

import secrets

from pydantic import Field
from starlette.requests import Request
from starlette.routing import Route

from app.sandbox import amend, entities, people
from app.sandbox.control.door import Nothing, Order, control
from app.sandbox.failures import Refusal
from app.sandbox.records import Account, Application, Json, Token
from app.sandbox.world import World

ALL_SCOPES = ["read", "write", "follow", "push", "profile"]
OWN_APP = "sandbox"


class Person(Order):
    """Somebody to make, or to find again."""

    handle: str = Field(min_length=1, max_length=120)
    name: str = ""
    note: str = ""
    language: str = "en"


class Brand(Person):
    """A brand to make; `filters_private` gives it a server's usual policy, which hides private mentions."""

    filters_private: bool = False
    token: str | None = Field(None, min_length=8, description="the token it is to have; made when not given")


class TokenOrder(Order):
    """A token to make for somebody."""

    handle: str
    scopes: list[str] = ALL_SCOPES


class TokenValue(Order):
    """A token to revoke."""

    token: str


class Tie(Order):
    """A tie between two people, set or taken away."""

    who: str
    whom: str
    on: bool = True


def named(world: World, handle: str) -> Account:
    """Answer who has a handle, or the id; refuses when nobody has."""
    found = world.accounts.get(handle) or world.account_named(handle)
    if not found:
        raise Refusal(404, {"error": f"Nobody here is called {handle}."})
    return found


def hand_token(world: World, account: Account, scopes: list[str], value: str | None = None) -> Token:
    """Answer the token the sandbox itself gave to an account, made when there is none with these scopes."""
    if OWN_APP not in world.applications:
        world.applications[OWN_APP] = Application(OWN_APP, "Sandbox", None, [], ALL_SCOPES, OWN_APP, "")
    for known in world.tokens.values():
        same = known.application_id == OWN_APP and known.account_id == account.id and known.scopes == scopes
        if same and value in {None, known.value}:
            return known
    made = Token(value or secrets.token_urlsafe(32), OWN_APP, account.id, list(scopes), world.now_ms())
    world.tokens[made.value] = made
    world.touch()
    return made


async def make_person(world: World, _: Request, order: Person) -> Json:
    """Make a person, or find the one who has the handle."""
    account = people.settle(world, order.handle, name=order.name, note=order.note, language=order.language)
    return entities.account(world, account)


async def list_people(world: World, _: Request, __: Nothing) -> list[Json]:
    """List everybody, brands marked."""
    return [entities.account(world, one) | {"brand": one.brand} for one in world.accounts.values()]


async def make_brand(world: World, _: Request, order: Brand) -> Json:
    """Make a brand's account with a token, or find it again with the same token."""
    account = people.settle(world, order.handle, name=order.name, note=order.note, language=order.language, brand=True)
    account.policy = dict(people.FILTERING if order.filters_private else people.POLICY)
    token = hand_token(world, account, ALL_SCOPES, order.token)
    return {"account": entities.account(world, account), "token": token.value}


async def make_token(world: World, _: Request, order: TokenOrder) -> Json:
    """Hand out a token for anybody."""
    token = hand_token(world, named(world, order.handle), order.scopes)
    return {"token": token.value}


async def revoke(world: World, _: Request, order: TokenValue) -> Json:
    """Revoke a token; its open streams end."""
    gone = world.tokens.pop(order.token, None)
    world.hub.cut(order.token)
    world.touch()
    return {"revoked": gone is not None}


async def block(world: World, _: Request, order: Tie) -> Json:
    """Let somebody block somebody, or no longer."""
    who, whom = named(world, order.who), named(world, order.whom)
    if order.on:
        people.block(world, who, whom)
    else:
        people.link(world, world.blocks, who.id, whom.id, on=False)
    return entities.relationship(world, who, whom)


async def follow(world: World, _: Request, order: Tie) -> Json:
    """Let somebody follow somebody, or no longer."""
    who, whom = named(world, order.who), named(world, order.whom)
    amend.follow(world, who, whom, on=order.on)
    return entities.relationship(world, who, whom)


ROUTES: list[Route] = [
    control("POST", "/people", Person, make_person),
    control("GET", "/people", Nothing, list_people),
    control("POST", "/brands", Brand, make_brand),
    control("POST", "/tokens", TokenOrder, make_token),
    control("POST", "/tokens/revoke", TokenValue, revoke),
    control("POST", "/blocks", Tie, block),
    control("POST", "/follows", Tie, follow),
]
