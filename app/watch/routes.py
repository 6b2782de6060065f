"""What machines ask a process over HTTP; nothing here is behind the console's sign-in, and nothing of it is about people."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST

from app.core.errors import Refused
from app.core.settings import settings
from app.watch.admit import may_read
from app.watch.gauges import Gauges
from app.watch.ready import Readiness

router = APIRouter(include_in_schema=False)


class MetricsRefused(Refused):
    """Metrics are read with the token of MENTIONDESK_METRICS_TOKEN; without one only from this machine itself."""


def _readiness(request: Request) -> Readiness:
    found: Readiness = request.app.state.readiness
    return found


def _gauges(request: Request) -> Gauges:
    found: Gauges = request.app.state.gauges
    return found


@router.get("/healthz")
async def healthz() -> PlainTextResponse:
    """The process lives and its loop turns; the database has no say in it."""
    return PlainTextResponse("alive\n")


@router.get("/readyz")
async def readyz(readiness: Annotated[Readiness, Depends(_readiness)]) -> PlainTextResponse:
    """Whether work may be sent here; else 503, with what is missing."""
    await readiness.check()
    return PlainTextResponse("ready\n")


@router.get("/metrics")
async def metrics(request: Request, gauges: Annotated[Gauges, Depends(_gauges)]) -> Response:
    """The numbers, for Prometheus."""
    token = settings().metrics_token
    peer = request.client.host if request.client else None
    if not may_read(token.get_secret_value() if token else None, request.headers, peer):
        raise MetricsRefused
    return Response(await gauges.page(), media_type=CONTENT_TYPE_LATEST)
