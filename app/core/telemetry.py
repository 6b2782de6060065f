"""Structured logging and Sentry, configured once per process; secrets are struck out of both."""

import logging
from collections.abc import Mapping, MutableMapping
from typing import Any, Final

import sentry_sdk
import structlog
from sentry_sdk.types import Event as SentryEvent
from sentry_sdk.types import Hint

from app.core.errors import DeskError
from app.core.settings import Settings

_SECRET_WORDS: Final = (
    "password",
    "secret",
    "token",
    "authorization",
    "cookie",
    "credential",
    "code_verifier",
    "sealed",
)
_STRUCK: Final = "[struck out]"
_PLAIN_HEADERS: Final = frozenset({"host", "user-agent", "content-type", "content-length", "x-request-id"})


def strike(value: Any, name: str = "") -> Any:
    """The same value with everything struck out whose name says that it is a secret, at any depth."""
    if any(word in name.lower() for word in _SECRET_WORDS):
        return _STRUCK
    if isinstance(value, Mapping):
        return {key: strike(inner, str(key)) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [strike(inner) for inner in value]
    return value


def _strike_log(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: strike(value, key) for key, value in event.items()}


def bare_request(request: Mapping[str, Any]) -> dict[str, Any]:
    """What a report may say of a request: method, address and harmless headers.

    The question after the address is left out: a network's return brings the code there that signs a brand in.
    """
    headers = {k: v for k, v in (request.get("headers") or {}).items() if k.lower() in _PLAIN_HEADERS}
    kept = {name: request[name] for name in ("method", "env") if name in request}
    return {**kept, "url": str(request.get("url", "")).partition("?")[0], "headers": headers}


def before_send(event: SentryEvent, hint: Hint) -> SentryEvent | None:
    """Drop what is an answer and not a fault (below 500), and strike secrets out of the rest."""
    raised = hint.get("exc_info", (None, None, None))[1]
    if isinstance(raised, DeskError) and raised.status < 500:
        return None
    struck = strike(dict(event))
    if "request" in struck:
        struck["request"] = bare_request(struck["request"])
    told: SentryEvent = struck
    return told


def configure(settings: Settings) -> None:
    """Set up logging, and Sentry when a DSN is given."""
    level = logging.getLevelNamesMapping().get(settings.log_level.upper(), logging.INFO)
    logging.basicConfig(level=level, format="%(message)s")
    for chatty in ("httpx2", "httpcore2", "uvicorn.access", "websockets"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _strike_log,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer() if settings.log_json else structlog.dev.ConsoleRenderer(colors=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    if settings.sentry_dsn is not None:
        sentry_sdk.init(
            dsn=settings.sentry_dsn.get_secret_value(),
            before_send=before_send,
            send_default_pii=False,
            include_local_variables=False,
            max_request_body_size="never",
        )
