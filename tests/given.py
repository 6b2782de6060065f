"""The world built through the real verbs: a desk with people, a brand, and an account on a live sandbox."""

from dataclasses import dataclass, field

from app.agents.invite import add_agent
from app.agents.password import PasswordHash
from app.agents.permit import Actor
from app.brands.begin import begin
from app.brands.connect import connect_account
from app.brands.views import BrandAccountView
from app.core.transaction import transaction
from app.ingest.poll import poll_due
from tests.sandbox.live import LiveBrand, Sandbox

HASH = PasswordHash("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$not-a-real-hash")


@dataclass
class Desk:
    """A desk that is set up: its lead, brand, and team."""

    lead: Actor
    brand_id: str
    team_id: str
    agents: list[Actor] = field(default_factory=list)


async def a_desk(agents: int = 0) -> Desk:
    """A lead with one brand and team, and so many agents in it."""
    async with transaction() as tx:
        lead = await begin(tx, name="Lea", email="lea@acme.example", hashed=HASH, brand_name="Acme")
        from app.agents.queries import teams
        from app.brands.queries import brands

        brand_id = (await brands(tx, lead))[0].id
        team = (await teams(tx, lead))[0]
    desk = Desk(lead, brand_id, team.id)
    for n in range(agents):
        async with transaction() as tx:
            made = await add_agent(
                tx,
                name=f"Agent {n}",
                email=f"agent{n}@acme.example",
                role="agent",
                hashed=HASH,
                team_ids=[team.id],
            )
            desk.agents.append(Actor(made.id, "agent", frozenset({brand_id})))
    return desk


async def an_account(desk: Desk, sandbox: Sandbox, brand: LiveBrand, *, import_days: int = 0) -> BrandAccountView:
    """The brand's account on the sandbox, connected by its token, and read once so that it listens."""
    fields = {"server": sandbox.base_url, "token": brand.token}
    connected = await connect_account(
        desk.lead, desk.brand_id, "mastodon", fields, import_days=import_days, return_url="http://localhost/return"
    )
    assert connected.account is not None
    await listen()
    return connected.account


async def listen() -> None:
    """Read everything that is due, as a worker does."""
    while await poll_due():
        continue


async def hear() -> None:
    """Look at every account now, whenever it was due."""
    from sqlalchemy import update

    from app.core.clock import now
    from app.ingest.models import Poll

    async with transaction() as tx:
        await tx.execute(update(Poll).where(Poll.due_at.is_not(None)).values(due_at=now()))
    await listen()
