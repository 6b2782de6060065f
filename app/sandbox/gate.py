"""What every request of the client API passes: the faults in force and the rate limit, around the app itself."""

from datetime import UTC, datetime

import orjson
from starlette.datastructures import Headers, QueryParams
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.sandbox import faults
from app.sandbox.faults import Fault, Faults
from app.sandbox.limits import Limits
from app.sandbox.world import World

_FREE = ("/sandbox", "/static", "/avatars", "/emoji")


class Gate:
    """ASGI middleware; the page and the control interface pass freely."""

    def __init__(self, app: ASGIApp, world: World, orders: Faults, limits: Limits) -> None:
        """Stand in front of `app`."""
        self.app = app
        self.world = world
        self.orders = orders
        self.limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or not, or not unharmed."""
        if scope["type"] not in {"http", "websocket"} or scope["path"] == "/" or scope["path"].startswith(_FREE):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        struck = self.orders.hits(scope.get("method", "GET"), scope["path"], headers.get("idempotency-key"))
        for fault in struck:
            if fault.kind == "delay" and not fault.after:
                await faults.pause(fault.seconds)
        wrong = next((fault for fault in struck if fault.kind != "delay"), None)
        late = sum(fault.seconds for fault in struck if fault.kind == "delay" and fault.after)
        if scope["type"] == "websocket":
            await self._socket(wrong, scope, receive, send)
        elif wrong or late:
            await self._harm(wrong, late, scope, receive, send)
        else:
            await self._count(scope, receive, send)

    async def _socket(self, wrong: Fault | None, scope: Scope, receive: Receive, send: Send) -> None:
        if wrong is None:
            await self.app(scope, receive, send)
            return
        await receive()
        await send({"type": "websocket.http.response.start", "status": wrong.code, "headers": []})
        await send({"type": "websocket.http.response.body", "body": b""})

    async def _harm(self, wrong: Fault | None, late: float, scope: Scope, receive: Receive, send: Send) -> None:
        kept: list[Message] = []

        async def keep(message: Message) -> None:
            kept.append(message)

        if wrong is None or wrong.after or wrong.kind == "broken":
            await self._count(scope, receive, keep)
        if wrong is None:
            await faults.pause(late)
            for message in kept:
                await send(message)
            return
        await faults.pause(late + (wrong.seconds if wrong.kind != "rate_limit" else 0))
        if wrong.kind == "hang":
            await faults.hang(receive)
        elif wrong.kind == "drop":
            await faults.drop(scope, receive, send, reset=wrong.reset)
        else:
            await faults.answer_wrongly(self._rate(wrong), send, kept)

    def _rate(self, fault: Fault) -> Fault:
        """Give an ordered 429 its headers: the reset lies `seconds` ahead; 0 seconds means an answer without headers."""
        if fault.kind != "rate_limit":
            return fault
        headers = dict(fault.headers)
        if fault.seconds:
            reset = datetime.fromtimestamp(self.world.now().timestamp() + fault.seconds, UTC)
            headers |= {
                "x-ratelimit-limit": "300",
                "x-ratelimit-remaining": "0",
                "x-ratelimit-reset": reset.isoformat(timespec="microseconds").replace("+00:00", "Z"),
            }
        return Fault("error", code=429, headers=headers)

    async def _count(self, scope: Scope, receive: Receive, send: Send) -> None:
        query = QueryParams(scope["query_string"])
        pages = any(name in query for name in ("max_id", "min_id", "since_id", "page"))
        token = Headers(scope=scope).get("authorization", "")
        client = str((scope.get("client") or ("?",))[0])
        who = token if token and self.world.flavour.honours_keys else client
        verdict = self.limits.count(who, pages, self.world.now().timestamp())
        said = verdict.headers()
        if verdict.refused:
            words = "Too many requests" if self.world.flavour.honours_keys else "rate limit reached"
            await faults.respond(send, 429, said, orjson.dumps({"error": words}))
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *((k.encode(), v.encode()) for k, v in said.items())]
            await send(message)

        await self.app(scope, receive, with_headers)
