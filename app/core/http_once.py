"""Kept: a route whose answer can be kept with what it did, so that a repeated request is answered without being repeated."""

from collections.abc import Callable, Coroutine
from typing import Any, Final, Protocol

from fastapi import Request, Response
from fastapi.routing import APIRoute

REPLAYED: Final = "Idempotency-Replayed"
"""The header that says of an answer that nothing was done for it."""


class Replayed(Exception):
    """This request was carried out before; here is the answer it got."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        """As it was sent the first time."""
        super().__init__(status)
        self.status, self.headers, self.body = status, headers, body


class _Once(Protocol):
    async def answered(self, request: Request, response: Response) -> None: ...

    async def failed(self, request: Request) -> None: ...


class Kept(APIRoute):
    """Hands the answer to `request.state.once`, if there is one, before the request's transaction is committed."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler FastAPI made, with that around it."""
        handle = super().get_route_handler()

        async def handle_once(request: Request) -> Response:
            once: _Once | None = getattr(request.state, "once", None)
            if once is None:
                return await handle(request)
            try:
                response = await handle(request)
            except Exception:
                await once.failed(request)
                raise
            await once.answered(request, response)
            return response

        return handle_once


async def replay(_request: Request, error: Exception) -> Response:
    """The first answer again, which says that it is no new one."""
    assert isinstance(error, Replayed)
    return Response(error.body, error.status, {**error.headers, REPLAYED: "true"})


def operation_of(request: Request) -> str:
    """The name of the operation that is asked for, as the description of the interface has it."""
    route = request.scope["route"]
    return str(getattr(route, "operation_id", None) or route.name)
