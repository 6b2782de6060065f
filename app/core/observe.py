"""Observe: around every request a trace, a unit for Sentry and a measurement by route."""

import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from app.core import trace
from app.core.metrics import requested
from app.core.sentry import call_it, unit

_Scope = MutableMapping[str, Any]
_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]
_App = Callable[[_Scope, _Receive, _Send], Awaitable[None]]

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Observe:
    """The outermost middleware: what goes wrong inside is still measured, and has a trace."""

    def __init__(self, app: _App) -> None:
        """Wrap an ASGI app."""
        self._app = app

    async def __call__(self, scope: _Scope, receive: _Receive, send: _Send) -> None:
        """Handle one request; other things pass."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {bytes(name).lower(): bytes(value).decode("latin-1") for name, value in scope["headers"]}
        # adopted and not only for the block: the answer to a crash is made outside of it
        known = trace.adopt(trace.from_headers(headers.get(b"x-request-id"), headers.get(b"traceparent")))
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        began, status = time.perf_counter(), 500

        async def sending(message: _Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with unit("http.server", f"{method} {scope['path'][:100]}", known):
            try:
                await self._app(scope, receive, sending)
            finally:
                route = route_of(scope)
                call_it(f"{method} {route}")
                requested(method, route, status, time.perf_counter() - began)


def route_of(scope: _Scope) -> str:
    """The template of the address that was asked for, from our own routers: few, whatever is asked."""
    route = scope.get("route")
    path = getattr(route, "path", None)
    if isinstance(path, str):
        return path
    return "other" if scope.get("endpoint") is None else "files"
