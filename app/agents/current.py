"""Who is asking: the signed-in agent behind a cookie, for HTTP and for websockets, or a key behind a token."""

from collections.abc import Collection
from typing import Annotated, Any, Final, Protocol

from fastapi import Depends, Request, Response
from sqlalchemy import DateTime, bindparam, func, select, update

from app.agents.models import Agent, SignIn
from app.agents.permit import Actor
from app.agents.reach import brand_ids
from app.agents.sign_in import LASTS, SignedIn, fingerprint
from app.core.clock import now
from app.core.db import Tx as Transaction
from app.core.errors import Unauthenticated
from app.core.http import Tx, bearer
from app.core.http_once import operation_of
from app.core.rows import among, read_rows
from app.core.settings import settings
from app.core.transaction import transaction

COOKIE: Final = "mentiondesk"
_STALE_SECONDS: Final = 600
"""How old "last seen" may become before it is written again, so that reading does not always write."""


# Every request asks this: put together once, since that takes longer than the database's answer.
_SIGNED_IN: Final = (
    select(Agent.id, Agent.role, SignIn.id, SignIn.last_seen_at, brand_ids())
    .join(Agent, Agent.id == SignIn.agent_id)
    .where(SignIn.expires_at > bindparam("at", type_=DateTime(timezone=True)), Agent.disabled_at.is_(None))
)
"""Every sign-in that holds at this moment, with its agent."""
_THIS: Final = _SIGNED_IN.where(SignIn.secret_hash == bindparam("secret_hash"))
_THESE: Final = _SIGNED_IN.where(among(SignIn.id, "ids"))


class Bearer(Protocol):
    """A request's token, as `access` reads it; it stands in `request.state.bearer`."""

    async def actor(self, operation: str) -> Actor:
        """The key as an actor, if it may be asked this."""


class Once(Protocol):
    """A request's Idempotency-Key, as `access` keeps it; it stands in `request.state.once`."""

    async def begin(self, tx: Transaction, actor: Actor, request: Request) -> None:
        """Go on only if this is the first request with it."""


async def actor_of(tx: Transaction, cookie: str | None) -> Actor | None:
    """The agent a cookie's value belongs to; None when it is unknown, expired, or the agent is disabled."""
    if not cookie:
        return None
    actor, _ = await _who(tx, cookie)
    return actor


async def actor_now(tx: Transaction, sign_in_id: str) -> Actor | None:
    """The agent of a sign-in as they are now: for a socket that outlives a change of role, team or brand."""
    return (await actors_now(tx, [sign_in_id])).get(sign_in_id)


async def actors_now(tx: Transaction, sign_in_ids: Collection[str]) -> dict[str, Actor]:
    """The agents of these sign-ins as they are now, by sign-in; those that are over are left out. One statement."""
    rows = await read_rows(tx, _THESE, {"at": now(), "ids": sign_in_ids})
    return {row[2]: _actor(row) for row in rows}


async def _who(tx: Transaction, cookie: str) -> tuple[Actor | None, bool]:
    """The agent of a sign-in, and whether the sign-in's time should be written again."""
    at = now()
    found = await read_rows(tx, _THIS, {"at": at, "secret_hash": fingerprint(cookie)})
    if not found:
        return None, False
    (row,) = found
    return _actor(row), (at - row.last_seen_at).total_seconds() > _STALE_SECONDS


def _actor(row: Any) -> Actor:
    agent_id, role, sign_in_id, _, brands = row
    return Actor(agent_id, role, frozenset(brands), sign_in_id)


async def _asking(tx: Transaction, request: Request, response: Response) -> Actor:
    """Who asks: by the token if there is one, whatever cookies come with it."""
    actor = await _of_token(request) or await _rolled(tx, request, response)
    once: Once | None = getattr(request.state, "once", None)
    if once is not None:
        await once.begin(tx, actor, request)
    return actor


async def _of_token(request: Request) -> Actor | None:
    token: Bearer | None = getattr(request.state, "bearer", None)
    if token is not None:
        return await token.actor(operation_of(request))
    if bearer(request.headers) is not None:
        raise Unauthenticated
    return None


async def _rolled(tx: Transaction, request: Request, response: Response) -> Actor:
    cookie = request.cookies.get(COOKIE)
    if not cookie:
        raise Unauthenticated
    actor, old = await _who(tx, cookie)
    if actor is None:
        raise Unauthenticated
    if old:
        await tx.execute(
            update(SignIn)
            .where(SignIn.id == actor.sign_in_id)
            .values(last_seen_at=func.greatest(SignIn.last_seen_at, now()), expires_at=now() + LASTS),
        )
        _give(response, cookie)
    return actor


async def current(tx: Tx, request: Request, response: Response) -> Actor:
    """The signed-in agent, read in the request's own transaction, or the key. Raises Unauthenticated."""
    return await _asking(tx, request, response)


async def current_apart(request: Request, response: Response) -> Actor:
    """The same, read in a transaction of its own that is over: for routes that wait for a network or a hash."""
    async with transaction() as tx:
        return await _asking(tx, request, response)


Current = Annotated[Actor, Depends(current)]
CurrentApart = Annotated[Actor, Depends(current_apart)]


def network_address(request: Request) -> str | None:
    """Where the request comes from, as far as the server was told."""
    return request.client.host if request.client else None


def give_cookie(response: Response, signed_in: SignedIn) -> None:
    """Hand the browser its secret."""
    _give(response, signed_in.secret)


def _give(response: Response, secret: str) -> None:
    response.set_cookie(
        COOKIE,
        secret,
        max_age=int(LASTS.total_seconds()),
        httponly=True,
        samesite="lax",  # a network's sign-in page must find us signed in when it sends the browser back
        secure=_secure(),
        path="/",
    )


def take_cookie(response: Response) -> None:
    """Make the browser forget its secret."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax", secure=_secure())


def _secure() -> bool:
    chosen = settings().secure_cookies
    return chosen if chosen is not None else (settings().public_url or "").startswith("https:")
