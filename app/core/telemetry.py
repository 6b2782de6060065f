"""Logging for the whole process through one renderer, so that every line has the same shape and none holds a secret."""

import json
import logging
import sys
from collections.abc import Callable, MutableMapping
from typing import Any, Final

import orjson
import structlog

from app.core import trace
from app.core.sentry import start_sentry
from app.core.settings import Settings
from app.core.strike import strike, strike_text

_CHATTY: Final = ("httpx2", "httpcore2", "uvicorn.access", "websockets", "alembic")
_Event = MutableMapping[str, Any]


def _add_trace(_logger: Any, _method: str, event: _Event) -> _Event:
    known = trace.current()
    if known is not None:
        event.setdefault("trace", known)
    return event


def _strike(_logger: Any, _method: str, event: _Event) -> _Event:
    return {
        key: value if key in {"exc_info", "_record", "_from_structlog"} else strike(value, key)
        for key, value in event.items()
    }


def _strike_traceback(_logger: Any, _method: str, event: _Event) -> _Event:
    if isinstance(event.get("exception"), str):
        event["exception"] = strike_text(event["exception"])
    return event


def as_json(event: Any, default: Callable[[Any], Any] = repr) -> str:
    """One line of JSON, whatever is in it: no NaN, no lone half of a letter, keys of any kind."""
    try:
        return orjson.dumps(event, default=default, option=orjson.OPT_NON_STR_KEYS).decode()
    except (TypeError, ValueError):  # half a letter, an endless nesting, a number beyond 64 bits
        plain = {str(key): value if isinstance(value, str) else repr(value) for key, value in event.items()}
        return json.dumps(plain)


class _Lines(logging.StreamHandler[Any]):
    """Ours, known again when logging is set up a second time."""


def configure(settings: Settings) -> None:
    """Set up logging to standard output, for us and for every library, and Sentry when a DSN is given."""
    level = logging.getLevelNamesMapping().get(settings.log_level.upper(), logging.INFO)
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        _add_trace,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _strike,
        structlog.processors.format_exc_info,
        _strike_traceback,
    ]
    render: Any = (
        structlog.processors.JSONRenderer(serializer=as_json)
        if settings.log_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[*shared, render],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(),  # a line and its end in one write
        cache_logger_on_first_use=True,
    )
    handler = _Lines(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [other for other in root.handlers if not isinstance(other, _Lines)] + [handler]
    root.setLevel(level)
    logging.captureWarnings(capture=True)
    for chatty in _CHATTY:
        logging.getLogger(chatty).setLevel(max(level, logging.WARNING))
    sys.excepthook = _crashed
    start_sentry(settings)


def _crashed(kind: type[BaseException], error: BaseException, where: Any) -> None:
    """The last words of a process are a line like any other."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, where)
        return
    structlog.get_logger().critical("crashed", exc_info=(kind, error, where))
