"""One id from mention to pixel: made when a page is asked for or a request arrives, written with every line and fact."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

import structlog
from uuid_utils import uuid7

log = structlog.get_logger()

_current: ContextVar[str | None] = ContextVar("trace", default=None)
_GIVEN: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")
_PARENT: Final = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_HEX: Final = re.compile(r"[0-9a-f]{32}")


def current() -> str | None:
    """The trace this context works under; null outside of any."""
    return _current.get()


def adopt(trace: str | None = None) -> str:
    """Work under this trace from here on, in this context; without one, under a new one. Answers it."""
    chosen = trace or uuid7().hex
    _current.set(chosen)
    return chosen


@contextmanager
def tracing(trace: str | None = None) -> Iterator[str]:
    """Work under this trace, or a new one, until the block ends."""
    before = _current.set(trace or uuid7().hex)
    try:
        yield _current.get() or ""
    finally:
        _current.reset(before)


def from_headers(request_id: str | None, traceparent: str | None) -> str | None:
    """The trace a request brings along: its X-Request-Id, else the trace id of a W3C traceparent; null for neither.

    What does not look like an id is ignored, since it goes into logs and answers.
    """
    if request_id and _GIVEN.fullmatch(request_id):
        return request_id
    found = _PARENT.fullmatch(traceparent or "")
    return found.group(1) if found and found.group(1).strip("0") else None


def as_hex(trace: str) -> str:
    """The trace as 32 hexadecimal digits, which is what Sentry takes; ours are so already."""
    return trace if _HEX.fullmatch(trace) else hashlib.sha256(trace.encode()).hexdigest()[:32]


def mark(step: str, **what: Any) -> None:
    """Say in the log that a step of a corridor was taken; silent where logging was not set up, as in benchmarks."""
    if structlog.is_configured():
        log.info(step, **what)
