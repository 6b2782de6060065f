"""Sentry: faults, and when switched on the traces of both corridors; secrets and answers below 500 stay here."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

import sentry_sdk
from sentry_sdk.integrations.fastapi import FastApiIntegration
from sentry_sdk.integrations.starlette import StarletteIntegration
from sentry_sdk.types import Event as SentryEvent
from sentry_sdk.types import Hint

from app.core import trace
from app.core.errors import DeskError
from app.core.settings import Settings
from app.core.strike import strike

P = ParamSpec("P")
R = TypeVar("R")

_PLAIN_HEADERS: Final = frozenset({"host", "user-agent", "content-type", "content-length", "x-request-id"})
_QUIET: Final = ("/healthz", "/readyz", "/metrics", "/assets/", "/api/v1/alive")
"""Asked by machines every few seconds: no trace of them says anything."""


class _Traces:
    """Whether traces are taken at all; then a unit costs something."""

    on = False


def start_sentry(settings: Settings) -> None:
    """Report faults when a DSN is given, and take traces of as many units of work as MENTIONDESK_SENTRY_TRACES says."""
    _Traces.on = False
    if settings.sentry_dsn is None:
        return
    # our own middleware opens the transaction of a request, so that it carries our trace
    web: dict[str, Any] = {"middleware_spans": False, "http_methods_to_capture": ()}
    rate = settings.sentry_traces
    sentry_sdk.init(
        dsn=settings.sentry_dsn.get_secret_value(),
        integrations=[StarletteIntegration(**web), FastApiIntegration(**web)],
        before_send=before_send,
        before_send_transaction=before_send_transaction,
        before_breadcrumb=before_breadcrumb,
        traces_sample_rate=rate or None,
        trace_propagation_targets=[],  # networks are told nothing about our traces
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
    )
    _Traces.on = rate > 0


def bare_request(request: Mapping[str, Any]) -> dict[str, Any]:
    """What a report may say of a request: method, address and harmless headers.

    The question after the address is left out: a network's return brings the code there that signs a brand in.
    """
    headers = {k: v for k, v in (request.get("headers") or {}).items() if k.lower() in _PLAIN_HEADERS}
    kept = {name: request[name] for name in ("method", "env") if name in request}
    return {**kept, "url": str(request.get("url", "")).partition("?")[0], "headers": headers}


def _cleaned(event: Any) -> Any:
    """The event without secrets, and without what was asked for behind a question mark; with our trace."""
    struck: dict[str, Any] = strike(dict(event))
    if "request" in struck:
        struck["request"] = bare_request(struck["request"])
    known = trace.current()
    if known is not None:
        struck["tags"] = {**(struck.get("tags") or {}), "trace": known}
    return struck


def before_send(event: SentryEvent, hint: Hint) -> SentryEvent | None:
    """Drop what is an answer and not a fault (below 500), and strike secrets out of the rest."""
    raised = hint.get("exc_info", (None, None, None))[1]
    if isinstance(raised, DeskError) and raised.status < 500:
        return None
    cleaned: SentryEvent = _cleaned(event)
    return cleaned


def before_send_transaction(event: SentryEvent, _hint: Hint) -> SentryEvent | None:
    """Strike secrets out of a trace: its request, its spans and their data."""
    cleaned: SentryEvent = _cleaned(event)
    spans: Any = cleaned.get("spans") or ()
    for span in spans:
        _forget_query(span)
    return cleaned


def before_breadcrumb(crumb: dict[str, Any], _hint: dict[str, Any]) -> dict[str, Any] | None:
    """Strike secrets out of what led to a fault."""
    struck: dict[str, Any] = strike(crumb)
    _forget_query(struck)
    return struck


def _forget_query(part: dict[str, Any]) -> None:
    """What was asked of a network behind the question mark is nobody's business: codes of a sign-in, search words."""
    data = part.get("data")
    if isinstance(data, dict):
        part["data"] = {name: value for name, value in data.items() if name not in {"http.query", "http.fragment"}}
        for name, value in part["data"].items():
            if isinstance(value, str) and "://" in value:
                part["data"][name] = value.partition("#")[0].partition("?")[0]


@contextmanager
def unit(op: str, name: str, under: str | None = None) -> Iterator[None]:
    """A piece of work that is one trace: `under` is the trace it goes on with, else the present one, else a new one."""
    with trace.tracing(under or trace.current()) as known:
        if not _Traces.on or name.partition(" ")[2].startswith(_QUIET):
            yield
            return
        with (
            sentry_sdk.isolation_scope(),
            sentry_sdk.start_transaction(op=op, name=name, trace_id=trace.as_hex(known), source="route"),
        ):
            yield


def call_it(name: str) -> None:
    """Name the present unit once it is known what it was, as a request's route is."""
    if _Traces.on:
        transaction = sentry_sdk.get_current_scope().transaction
        if transaction is not None:
            transaction.name = name
            sentry_sdk.get_current_scope().set_transaction_name(name, source="route")


def spanned(op: str) -> Callable[[Callable[P, Awaitable[R]]], Callable[P, Awaitable[R]]]:
    """Let a coroutine function be a span of the unit it is called in."""

    def wrap(function: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
        @wraps(function)
        async def spanning(*args: P.args, **kwargs: P.kwargs) -> R:
            if not _Traces.on:
                return await function(*args, **kwargs)
            with sentry_sdk.start_span(op=op, name=op):
                return await function(*args, **kwargs)

        return spanning

    return wrap
