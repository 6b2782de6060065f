"""People to test with: agents, teams and brands made by plain rows, and an app to ask by HTTP."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import httpx2
from fastapi import APIRouter, FastAPI

from app.agents.models import Agent, Team, TeamMember
from app.agents.password import PasswordHash
from app.agents.permit import Actor
from app.agents.sign_in import open_sign_in
from app.brands.models import Brand, BrandTeam
from app.core.http import install
from app.core.ids import new_id
from app.core.transaction import transaction

UNHASHED = PasswordHash("not a hash")


async def an_agent(
    name: str = "Ana", *, role: str = "agent", availability: str = "available", hashed: str = UNHASHED
) -> str:
    async with transaction() as tx:
        agent = Agent(
            id=new_id("ag"),
            name=name,
            email=f"{name.lower()}@desk.example",
            password_hash=hashed,
            role=role,
            availability=availability,
        )
        tx.add(agent)
    return agent.id


async def a_brand(name: str = "Acme", *, assignment: str = "off", agents: Sequence[str] = ()) -> str:
    """A brand with a team of its own of these agents."""
    brand, team = new_id("br"), new_id("te")
    async with transaction() as tx:
        tx.add_all([Brand(id=brand, name=name, colour="#112233", assignment=assignment), Team(id=team, name=name)])
        await tx.flush()
        tx.add(BrandTeam(brand_id=brand, team_id=team))
        tx.add_all(TeamMember(team_id=team, agent_id=agent) for agent in agents)
    return brand


def lead(agent_id: str) -> Actor:
    return Actor(agent_id, "lead", frozenset())


def colleague(agent_id: str, *brand_ids: str) -> Actor:
    return Actor(agent_id, "agent", frozenset(brand_ids))


async def cookie(agent_id: str) -> str:
    async with transaction() as tx:
        return (await open_sign_in(tx, agent_id)).secret


@asynccontextmanager
async def asking(*routers: APIRouter, secret: str | None = None) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser at an app of these routers, signed in when it has a secret."""
    app = FastAPI()
    for router in routers:
        app.include_router(router)
    install(app)
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://desk.example") as client:
        if secret is not None:
            client.cookies.set("mentiondesk", secret)
        yield client
