"""Two brands with one thing of every kind each, and the whole app on a real socket to ask about them."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import httpx2
import uvicorn

from app.agents.permit import Actor
from app.agents.sign_in import open_sign_in
from app.brands.attach import attach_account
from app.core.clock import now
from app.core.transaction import transaction
from app.main import create_app
from app.replies.draft import save_draft
from app.replies.picture import add_picture
from app.replies.send import Wish, send_reply
from app.replies.views import DraftView
from app.tickets.label import label_ticket
from app.tickets.note import add_note
from app.tickets.queries import open_ticket
from tests.given import Desk, a_desk, a_second_brand, listen, take_in
from tests.kept import keep_routes
from tests.lean import Lean, a_post, lean_account
from tests.sandbox.pictures import PNG
from tests.stream.conftest import Served

MARK = "zq7mark"
"""A word that stands in everything of Zeta's and in nothing else."""


@dataclass
class Things:
    """One brand's things by the names that paths give their ids, and who works for it alone."""

    agent: Actor
    brand_id: str
    account_id: str
    ticket_id: str
    customer_id: str
    number: int
    message_id: str
    reply_id: str
    picture_id: str

    def ids(self) -> list[str]:
        return [self.brand_id, self.account_id, self.ticket_id, self.customer_id, self.reply_id, self.picture_id]


async def things(desk: Desk, agent: Actor, brand_id: str, name: str, word: str) -> Things:
    """An account, a ticket with a private post, a note, a label, a draft, a picture and a queued reply."""
    connected = lean_account()
    account_there = replace(connected.account, remote_id=f"id-{name}", handle=name)
    async with transaction() as tx:
        account = await attach_account(tx, desk.lead, brand_id, replace(connected, account=account_there, name=name))
    await listen()
    post = a_post(f"{name}-1", f"nina{name}", now(), f"@{name} {word} help", visibility="direct")
    (ticket_id,) = (await take_in(account.id, post)).ticket_ids
    async with transaction() as tx:
        await add_note(tx, agent, ticket_id, f"{word} note", "note-key")
        await label_ticket(tx, agent, ticket_id, ["vip"], [], None)
    async with transaction() as tx:
        picture = await add_picture(tx, agent, ticket_id, PNG, f"{word}.png", f"{word} alt")
        draft = DraftView(
            ticket_id=ticket_id,
            text=f"{word} draft",
            lane="private",
            content_warning=None,
            visibility=None,
            parent_id=None,
            picture_ids=[],
            key="draft-key-1",
            saved_at=now(),
        )
        await save_draft(tx, agent, draft)
        opened = await open_ticket(tx, agent, ticket_id)
        wish = Wish(text=f"{word} answer", lane="private", seen=opened.messages[-1].id, confirmed=True)
        reply = await send_reply(tx, agent, ticket_id, wish, "reply-key")
        await save_draft(tx, agent, draft)
    card = opened.card
    return Things(
        agent,
        brand_id,
        account.id,
        ticket_id,
        card.customer.id,
        card.number,
        opened.messages[-1].id,
        reply.id,
        picture.id,
    )


@dataclass
class Brands:
    """Acme and Zeta; the lead sees both, Ana only Acme, and Zeta's agent only Zeta."""

    desk: Desk
    acme: Things
    zeta: Things

    @property
    def ana(self) -> Actor:
        return self.acme.agent


async def two_brands(_lean: Lean) -> Brands:
    """Both brands with all their things."""
    desk = await a_desk(agents=1)
    other = await a_second_brand(desk)
    acme = await things(desk, desk.agents[0], desk.brand_id, "acme", "plain")
    zeta = await things(desk, other.agents[0], other.brand_id, "zeta", MARK)
    return Brands(desk, acme, zeta)


async def cookie(actor: Actor) -> dict[str, str]:
    """The header of a browser signed in as somebody."""
    async with transaction() as tx:
        return {"cookie": f"mentiondesk={(await open_sign_in(tx, actor.agent_id)).secret}"}


@contextlib.asynccontextmanager
async def whole_app(database_url: str, **config: Any) -> AsyncIterator[tuple[Served, httpx2.AsyncClient]]:
    """The app as `mentiondesk web` serves it, on a free port of loopback, and a client without cookies of its own."""
    app = keep_routes(create_app())
    app.state.database_url = database_url
    with socket.create_server(("127.0.0.1", 0)) as bound:
        server = uvicorn.Server(
            uvicorn.Config(app, log_level="error", ws="websockets-sansio", timeout_graceful_shutdown=1, **config)
        )
        server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign]
        running = asyncio.create_task(server.serve(sockets=[bound]))
        while not server.started:
            assert not running.done(), running.exception()
            await asyncio.sleep(0.01)
        port = bound.getsockname()[1]
        try:
            async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30) as client:
                yield Served(app, server, port), client
        finally:
            server.should_exit = True
            await running
