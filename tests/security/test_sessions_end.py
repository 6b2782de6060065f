"""A sign-in that ended is over at once: for every request, and for every line that is open, even on a busy desk."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx2
import pytest
from sqlalchemy import select, update

from app.agents.edit import change_password, edit_agent
from app.agents.models import Agent, SignIn
from app.agents.password import hash_password
from app.agents.permit import Actor
from app.agents.sign_in import end_sign_in, fingerprint
from app.core.clock import now
from app.core.eventlog import head
from app.core.transaction import transaction
from app.stream import socket as line
from tests.given import Desk, a_desk
from tests.security.conftest import Open
from tests.stream.conftest import happen, signed_in

PASSWORD = "a password of some length"


async def sign_in_of(secret: str) -> str:
    async with transaction() as tx:
        return (await tx.scalars(select(SignIn.id).where(SignIn.secret_hash == fingerprint(secret)))).one()


async def signs_out(_desk: Desk, client: httpx2.AsyncClient, secret: str) -> None:
    answer = await client.delete("/api/v1/session", headers={"cookie": f"mentiondesk={secret}"})
    assert answer.status_code == 204
    assert 'mentiondesk="";' in answer.headers["set-cookie"]


async def ends_elsewhere(desk: Desk, _client: httpx2.AsyncClient, secret: str) -> None:
    async with transaction() as tx:
        await end_sign_in(tx, desk.agents[0], await sign_in_of(secret))


async def revision(agent_id: str) -> int:
    async with transaction() as tx:
        return (await tx.get_one(Agent, agent_id)).revision


async def is_disabled(desk: Desk, _client: httpx2.AsyncClient, _secret: str) -> None:
    agent = desk.agents[0].agent_id
    async with transaction() as tx:
        await edit_agent(tx, desk.lead, agent, revision=await revision(agent), disabled=True)


async def gets_a_new_password(desk: Desk, _client: httpx2.AsyncClient, _secret: str) -> None:
    agent, hashed = desk.agents[0].agent_id, await hash_password(PASSWORD)
    async with transaction() as tx:
        await edit_agent(tx, desk.lead, agent, revision=await revision(agent), hashed=hashed)


async def changes_the_password(desk: Desk, _client: httpx2.AsyncClient, _secret: str) -> None:
    """On another device, which stays signed in."""
    ana = desk.agents[0]
    async with transaction() as tx:
        await tx.execute(
            update(Agent).where(Agent.id == ana.agent_id).values(password_hash=await hash_password("the old one"))
        )
    other = await sign_in_of(await signed_in(ana))
    await change_password(Actor(ana.agent_id, "agent", ana.brand_ids, other), "the old one", PASSWORD)


ENDS: list[Callable[[Desk, httpx2.AsyncClient, str], Awaitable[None]]] = [
    signs_out,
    ends_elsewhere,
    is_disabled,
    gets_a_new_password,
    changes_the_password,
]


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
async def test_requests_are_refused_and_the_line_closes(
    database: str, served: Open, end: Callable[[Desk, httpx2.AsyncClient, str], Awaitable[None]]
) -> None:
    app, client = served
    desk = await a_desk(agents=1)
    secret, lead = await signed_in(desk.agents[0]), await signed_in(desk.lead)
    who = {"cookie": f"mentiondesk={secret}"}
    async with transaction() as tx:
        at = await head(tx)
    async with app.console(secret, after=at) as console, app.console(lead, after=at) as other:
        assert (await client.get("/api/v1/session", headers=who)).status_code == 200
        await end(desk, client, secret)
        assert await console.closed() == line.SIGNED_OUT
        await happen(desk.brand_id)
        assert (await other.until(lambda frame: frame["kind"] == "events"))[-1]
    for path in ("session", "tickets", "events", "agents"):
        assert (await client.get(f"/api/v1/{path}", headers=who)).status_code == 401
    assert (await client.post("/api/v1/tickets/take-next", headers=who)).status_code == 401
    async with app.console(secret, after=0) as again:
        assert await again.closed() == line.SIGNED_OUT


async def test_one_that_is_out_of_date_closes_its_line_even_while_something_always_happens(
    database: str, served: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, client = served
    monkeypatch.setattr(line, "RECHECK_SECONDS", 0.2)
    desk = await a_desk(agents=1)
    secret = await signed_in(desk.agents[0])
    async with transaction() as tx:
        at = await head(tx)

    async def bustle() -> None:
        while True:
            await happen(desk.brand_id)
            await asyncio.sleep(0.05)

    async with app.console(secret, after=at) as console:
        busy = asyncio.create_task(bustle())
        try:
            await console.until(lambda frame: frame["kind"] == "events")
            async with transaction() as tx:
                await tx.execute(update(SignIn).values(expires_at=now()))
            assert await console.closed() == line.SIGNED_OUT
        finally:
            busy.cancel()
            await asyncio.gather(busy, return_exceptions=True)
    assert (await client.get("/api/v1/session", headers={"cookie": f"mentiondesk={secret}"})).status_code == 401
