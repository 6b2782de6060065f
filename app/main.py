"""create_app(): lifespan, every router, error handler and the built console joined into one ASGI app."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from sqlalchemy import text

from app.access.describe import describe_access
from app.access.door import KeyDoor
from app.access.routes import router as access
from app.agents.routes import router as agents
from app.assignment.routes import router as assignment
from app.brands.routes import router as brands
from app.core import http
from app.core.described import describe_problems
from app.core.reference import POLICY, reference_page
from app.core.settings import settings
from app.core.shown import show
from app.core.site import install_site
from app.core.transaction import transaction
from app.core.version import product_version
from app.core.wake import Listener
from app.customers.routes import router as customers
from app.hooks.routes import router as hooks
from app.ingest.routes import router as ingest
from app.ledger.routes import router as ledger
from app.replies.routes import router as replies
from app.sla.routes import router as sla
from app.stream.hub import Hub
from app.stream.presence import CHANNEL, Presence
from app.stream.routes import router as stream
from app.stream.tail import Tail
from app.tickets.routes import router as tickets
from app.transfer.routes import router as transfer
from app.watch.gauges import Gauges
from app.watch.ready import Readiness
from app.watch.routes import router as watch
from app.watch.vitals import Vitals
from app.wiring import wire

_FORGET_SECONDS = 3.0


def create_app(vitals: Vitals | None = None) -> FastAPI:
    """The web side on the database that is open; the caller opens and closes it.

    `vitals` are those of the process, when other parts of it have some too.
    """
    app = FastAPI(
        title="Mentiondesk",
        version=product_version(),
        lifespan=_live,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,
        separate_input_output_schemas=False,
    )
    app.state.hub = Hub()
    watch_over(app, vitals or Vitals())
    app.state.vitals.hub = app.state.hub
    # before the door of HTTP is put around it: what it says of rates stands in every answer
    app.add_middleware(KeyDoor)
    http.install(app)
    # what is asked most comes first, since every route before it is tried; ingest before brands: /accounts/health is no account's id
    for router in (
        tickets,
        replies,
        sla,
        customers,
        agents,
        ingest,
        ledger,
        brands,
        assignment,
        stream,
        access,
        hooks,
        transfer,
        watch,
    ):
        app.include_router(router)

    @app.get("/api/v1/alive", include_in_schema=False)
    async def alive() -> dict[str, Any]:
        """Whether this process answers and reaches its database."""
        try:
            async with asyncio.timeout(5), transaction() as tx:
                await tx.execute(text("select 1"))
        except Exception as problem:
            raise http.DatabaseAway from problem
        return {"alive": True, "consoles": len(app.state.hub)}

    _describe(app)
    install_site(app)
    return app


def _describe(app: FastAPI) -> None:
    """Let the description say how one gets in, and be read by people too."""
    plain = app.openapi
    app.openapi = lambda: app.openapi_schema or show(describe_access(describe_problems(plain())))  # type: ignore[method-assign]

    @app.get("/api/v1/reference", include_in_schema=False)
    def reference() -> HTMLResponse:
        """The description as a page to read."""
        return HTMLResponse(reference_page(app.openapi()), headers={"Content-Security-Policy": POLICY})


def create_watch(vitals: Vitals) -> FastAPI:
    """The answers to an operator's machines alone, for a process without a web side."""
    app = FastAPI(title="Mentiondesk", version=product_version(), openapi_url=None, docs_url=None, redoc_url=None)
    watch_over(app, vitals)
    http.install(app)
    app.include_router(watch)
    return app


def watch_over(app: FastAPI, vitals: Vitals) -> None:
    """Let an app answer for these vitals."""
    app.state.vitals = vitals
    app.state.readiness = Readiness(vitals)
    app.state.gauges = Gauges(vitals)


@asynccontextmanager
async def _live(app: FastAPI) -> AsyncIterator[None]:
    """Follow the log and hear presence for as long as the app serves."""
    wire()
    hub: Hub = app.state.hub
    url = settings().listen_url or app.state.database_url
    listener = Listener(url)
    vitals: Vitals = getattr(app.state, "vitals", None) or Vitals()
    vitals.listeners["web"] = listener
    presence = Presence(
        lambda ticket_id, brand_id, agents: hub.tell(
            {"kind": "presence", "ticket_id": ticket_id, "brand_id": brand_id, "agents": agents},
        ),
    )
    listener.hear(CHANNEL, presence.hear)
    tail = Tail(hub, listener.event("events"))
    await tail.begin()

    async def forget() -> None:
        while True:
            await asyncio.sleep(_FORGET_SECONDS)
            presence.forget_old()

    tasks = [asyncio.create_task(work) for work in (listener.run(), tail.follow(), forget())]
    vitals.following = lambda: not tasks[1].done()
    try:
        yield
    finally:
        close_consoles(app)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def close_consoles(app: FastAPI) -> None:
    """Send every console away with "restart", so that it comes back by itself with a little patience."""
    app.state.hub.close()
