"""KeyDoor: reads the token and the Idempotency-Key of a request, and says in the answer how the key's rate stands."""

from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.access.errors import ForPeopleOnly, KeyRefused, ScopeMissing, TooManyRequests
from app.access.key_text import fingerprint
from app.access.once import RequestOnce
from app.access.operations import scope_of
from app.access.rate import Rates, Standing
from app.access.recognise import recognise
from app.agents.permit import Actor
from app.core.http import bearer
from app.core.metrics import key_asked
from app.core.transaction import glance, transaction

_POLICY: Final = '"key";q={limit};w=60'


class KeyBearer:
    """One request's token. It is looked up when a route asks who is there, so that errors are answered as ever."""

    def __init__(self, token: str, rates: Rates) -> None:
        """Count by these rates."""
        self._token = token
        self._rates = rates
        self.standing: Standing | None = None
        self.refused = False

    async def actor(self, operation: str) -> Actor:
        """The key as an actor. Raises KeyRefused, TooManyRequests, ForPeopleOnly, ScopeMissing."""
        known_by = fingerprint(self._token)
        self.standing = self._rates.known(known_by)
        if self.standing is not None and self.standing.spent:  # nothing is looked up for what would be refused anyway
            raise TooManyRequests
        async with glance() as tx:
            holder = await recognise(tx, self._token)
        if holder is None:
            self.standing, self.refused = None, True
            raise KeyRefused
        took = self._rates.give(known_by)
        if took is None:
            async with transaction() as tx:
                took = await self._rates.take(tx, known_by, holder.actor.agent_id, holder.per_minute)
        self.standing = took or self._rates.known(known_by)
        if took is None:
            raise TooManyRequests
        key_asked(holder.actor.agent_id)
        _allow(holder.actor, operation)
        return holder.actor

    def say(self, headers: MutableHeaders, status: int) -> None:
        """Write into an answer how the rate stands, and how to come again."""
        if status == 401:
            headers["WWW-Authenticate"] = 'Bearer error="invalid_token"' if self.refused else "Bearer"
        if self.standing is not None:
            resets = self.standing.resets_in()
            headers["RateLimit-Policy"] = _POLICY.format(limit=self.standing.limit)
            headers["RateLimit"] = f'"key";r={self.standing.remaining};t={resets}'
            if status == 429:
                headers["Retry-After"] = str(resets)


def _allow(actor: Actor, operation: str) -> None:
    scope = scope_of(operation)
    if scope is None:
        raise ForPeopleOnly
    if actor.scopes is None or scope not in actor.scopes:
        raise ScopeMissing(scope=scope)


class KeyDoor:
    """The middleware before the routes."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an ASGI app; rates are counted by process."""
        self._app = app
        self._rates = Rates()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Leave what the routes need in the request's state; other things pass."""
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        state = scope.setdefault("state", {})
        token, key = bearer(headers), headers.get("idempotency-key")
        if key is not None and scope["method"] == "POST":
            state["once"] = RequestOnce(key)
        if token is None:
            await self._app(scope, receive, send)
            return
        known = state["bearer"] = KeyBearer(token, self._rates)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                known.say(MutableHeaders(scope=message), message["status"])
            await send(message)

        await self._app(scope, receive, sending)
