"""The world built through the real verbs: a desk with people, a brand, and an account on a live sandbox."""

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import text

from app.agents.form_team import form_team
from app.agents.invite import add_agent
from app.agents.password import PasswordHash
from app.agents.permit import Actor
from app.brands.attach import attach_account
from app.brands.begin import begin
from app.brands.connect import connect_account
from app.brands.edit import create_brand
from app.brands.models import Brand, BrandAccount
from app.brands.views import BrandAccountView
from app.core.clock import now
from app.core.transaction import glance, transaction
from app.ingest.poll import poll_due
from app.ingest.receive import receive
from app.networks.port import Inbound
from app.tickets.thread import Taken
from tests.lean import lean_account
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


async def a_lean_account(desk: Desk) -> BrandAccountView:
    """The brand's account on the network in memory (fixture `lean`), read once so that it listens."""
    async with transaction() as tx:
        account = await attach_account(tx, desk.lead, desk.brand_id, lean_account())
    await listen()
    return account


async def a_second_brand(desk: Desk, name: str = "Zeta") -> Desk:
    """Another brand of the same desk, with a team and an agent who sees nothing else; the lead sees both."""
    async with transaction() as tx:
        team = await form_team(tx, desk.lead, name=f"{name} people", agent_ids=[])
        brand = await create_brand(tx, desk.lead, name=name, colour="#884400", team_ids=[team.id])
        made = await add_agent(
            tx,
            name=f"{name} agent",
            email=f"{name.lower()}@acme.example",
            role="agent",
            hashed=HASH,
            team_ids=[team.id],
        )
    return Desk(desk.lead, brand.id, team.id, [Actor(made.id, "agent", frozenset({brand.id}))])


async def take_in(account_id: str, *posts: Inbound, old: Collection[str] = ()) -> Taken:
    """Take a page of posts in, as a reading does once the network has answered."""
    async with transaction() as tx:
        account = await tx.get_one(BrandAccount, account_id)
        brand = await tx.get_one(Brand, account.brand_id)
        return await receive(tx, brand, account, posts, received_at=now(), old=old)


async def somebody_waits() -> bool:
    """Whether a session of this database waits for what another one holds."""
    waiting = text(
        "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')"
    )
    async with glance() as tx:  # within one transaction the answer would stay what it was
        return bool(await tx.scalar(waiting))


async def listen() -> None:
    """Read everything that is due, as a worker does."""
    while await poll_due():
        continue


async def hear() -> None:
    """Look at every account now, whenever it was due."""
    from sqlalchemy import update

    from app.ingest.models import Poll

    async with transaction() as tx:
        await tx.execute(update(Poll).where(Poll.due_at.is_not(None)).values(due_at=now()))
    await listen()
