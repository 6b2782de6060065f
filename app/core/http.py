"""HTTP at the door: the transaction of a request, idempotency keys, the origin check, and errors as problem+json."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

import structlog
from fastapi import Depends, FastAPI, Header, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core import db
from app.core.errors import Conflict, DeskError, Invalid, Refused, Unavailable
from app.core.http_methods import methods_at
from app.core.http_once import Replayed, replay
from app.core.observe import Observe
from app.core.reason import said
from app.core.reason_of_shape import reason_of_shape
from app.core.trace import adopt, current
from app.core.transaction import transaction

log = structlog.get_logger()

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
PROBLEM: Final = "application/problem+json"
LARGEST_BODY: Final = 2_000_000
"""Bytes of a request at most; texts are far shorter, so that nobody can fill our memory."""
LARGEST_PICTURE: Final = 42_000_000
"""The same for an upload, whose address ends in /pictures; the server's own limit is checked afterwards."""

GUARD: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""What every answer of the API tells browsers: it is no page, in no frame, for no other site, and kept by nobody."""
_GUARD: Final = [(name.lower().encode(), value.encode()) for name, value in GUARD.items()]


class ForeignOrigin(Refused):
    """This request comes from another site and was not carried out."""


class KeyMissing(Invalid):
    """Send an Idempotency-Key header, so that a repeated request is carried out once."""


async def open_tx(request: Request) -> AsyncIterator[db.Tx]:
    """The request's transaction; it commits before the answer leaves, so that nobody is told what did not happen."""
    async with transaction() as tx:
        request.state.tx = tx
        yield tx


Tx = Annotated[db.Tx, Depends(open_tx, scope="function")]


def idempotency_key(
    idempotency_key: Annotated[str | None, Header(max_length=200, pattern="^[ -~]*$")] = None,
) -> str:
    """The request's Idempotency-Key. Raises KeyMissing."""
    if not idempotency_key:
        raise KeyMissing(field="Idempotency-Key")
    return idempotency_key


IdempotencyKey = Annotated[str, Depends(idempotency_key)]


def problem(request: Request, error: DeskError, status: int | None = None) -> Response:
    """A DeskError as RFC 9457 problem+json, with its own status code unless another one is given."""
    status = status or error.status
    body: dict[str, Any] = {
        "type": f"/problems/{error.code}",
        "title": (type(error).__doc__ or error.sentence).strip(),
        "status": status,
        "detail": error.sentence,
        "code": error.code,
        "request_id": request.state.request_id if hasattr(request.state, "request_id") else None,
        **error.details,
    }
    if error.field:
        body["field"] = error.field
    headers = GUARD if body["request_id"] is None else {**GUARD, "X-Request-Id": body["request_id"]}
    if error.come_again is not None:
        headers = {**headers, "Retry-After": str(error.come_again)}
    return JSONResponse(body, status_code=status, media_type=PROBLEM, headers=headers)


class NotAcceptable(Invalid):
    """A part of the request cannot be read."""


class CannotBeKept(Invalid):
    """A text with a NUL in it, or a number too large, cannot be kept."""


class NoSuchPage(DeskError):
    """There is nothing at this address."""

    status = 404


class MethodNotTaken(DeskError):
    """This address does not take such a request."""

    status = 405


class BodyTooLarge(DeskError):
    """This request is larger than anything that is taken here."""

    status = 413


class DatabaseAway(Unavailable):
    """The database does not answer; nothing was lost, try again in a moment."""


class Busy(Unavailable):
    """More is being asked at once than this process has database connections for; try again in a moment."""


_KNOWN: Final[dict[int, type[DeskError]]] = {404: NoSuchPage, 405: MethodNotTaken, 413: BodyTooLarge}


def _where(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location if part not in {"body", "query", "path", "header"}) or str(
        location[0]
    )


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = [
        {"field": _where(e["loc"]), "sentence": e["msg"], **said(reason_of_shape(e["type"], e.get("ctx")))}
        for e in error.errors()
    ]
    first = errors[0]
    why = {name: first[name] for name in ("why", "values") if name in first}
    refused = NotAcceptable(f"{first['field']}: {first['sentence']}", field=first["field"], errors=errors, **why)
    return problem(request, refused)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, DeskError)
    if error.status >= 500:  # what is unavailable is somebody else's trouble, and says so itself
        fault = error if error.status == 500 else None
        log.warning("request_failed", code=error.code, path=request.url.path, exc_info=fault)
    return problem(request, error)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 405 and request.url.path.startswith("/api/"):
        return not_taken(request)
    known = _KNOWN.get(error.status_code)
    answer = problem(request, known() if known else NotAcceptable(str(error.detail)), error.status_code)
    for name, value in (error.headers or {}).items():
        answer.headers[name] = value
    return answer


def not_taken(request: Request) -> Response:
    """What to answer where no operation takes the method: those that are taken there, or that nothing is there."""
    methods = methods_at(request)
    if not methods:
        return problem(request, NoSuchPage())
    answer = problem(request, MethodNotTaken())
    answer.headers["Allow"] = ", ".join(methods)
    return answer


async def _unkeepable(request: Request, _error: Exception) -> Response:
    """What got as far as the database and cannot be a value there: nearly always the request's own fault."""
    log.warning("unkeepable", path=request.url.path)
    return problem(request, CannotBeKept())


async def _database(request: Request, error: Exception) -> Response:
    """What the database says of a request: that somebody was faster, or nothing, since it is away."""
    if isinstance(error, PoolExhausted):
        log.warning("pool_exhausted", path=request.url.path)
        return problem(request, Busy())
    log.error("database_refused", path=request.url.path, exc_info=error)
    if isinstance(error, IntegrityError):
        return problem(request, Conflict())
    return problem(request, DatabaseAway())


class Crashed(DeskError):
    """Something went wrong on our side. Nothing was changed; the people who run this have been told."""


async def _crashed(request: Request, error: Exception) -> Response:
    log.error("request_crashed", path=request.url.path, exc_info=error)
    return problem(request, Crashed())


def bearer(headers: Any) -> str | None:
    """The token of an Authorization header; null when there is none. Whoever brings one is never known by a cookie."""
    kind, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


def same_origin(headers: Any, host: str) -> bool:
    """Whether a request that carries a cookie comes from our own pages (Fetch Metadata, else Origin).

    A token is put there by a program, not by a browser of its own accord, so that it may come from anywhere.
    """
    if bearer(headers) is not None:
        return True
    site = headers.get("sec-fetch-site")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    origin = headers.get("origin")
    try:
        return origin is None or urlsplit(origin).netloc == host
    except ValueError:  # no address at all
        return False


class _Door:
    """Gives the request an id, refuses foreign writes, and lets nobody cache or frame what is private."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = current() or adopt()
        scope.setdefault("state", {})["request_id"] = request_id
        private = scope["path"].startswith("/api/")

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                headers["X-Request-Id"] = request_id
                if private:
                    said = {name for name, _ in headers.raw}
                    headers.raw.extend(pair for pair in _GUARD if pair[0] not in said)
                message = {**message, "headers": headers.raw}
            await send(message)

        if scope["method"] not in SAFE:
            request = Request(scope)
            if not same_origin(request.headers, request.headers.get("host", "")):
                await problem(request, ForeignOrigin())(scope, receive, guarded)
                return
        await self._app(scope, receive, guarded)


class _BodyLimit:
    """Refuses a request whose body is too large, before it is read, or as soon as it is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        largest = LARGEST_PICTURE if scope["path"].endswith("/pictures") else LARGEST_BODY
        request = Request(scope)
        announced = request.headers.get("content-length", "")
        if announced.isdecimal() and int(announced[:20]) > largest:
            await problem(request, BodyTooLarge())(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > largest:
                raise HTTPException(413)
            return message

        await self._app(scope, counted, send)


def install(app: FastAPI) -> None:
    """Give an app its door and its error answers."""
    app.add_middleware(_BodyLimit)
    app.add_middleware(_Door)
    app.add_middleware(Observe)
    app.add_exception_handler(DeskError, _refused)
    app.add_exception_handler(Replayed, replay)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    for refusal in (IntegrityError, OperationalError, InterfaceError, PoolExhausted):
        app.add_exception_handler(refusal, _database)
    app.add_exception_handler(DataError, _unkeepable)
    app.add_exception_handler(Exception, _crashed)
