"""Lines about the desk itself: brands, colleagues and accounts."""

from sqlalchemy import select

from app.agents.events import AgentChanged
from app.agents.models import Agent
from app.agents.permit import Actor
from app.agents.queries import agent_view
from app.brands.account import account_view
from app.brands.edit import create_brand, edit_brand
from app.brands.events import AccountChanged
from app.brands.models import Brand, BrandAccount
from app.core.clock import now
from app.core.ids import new_id
from app.core.secrets import seal
from app.core.transaction import record
from app.transfer.batch import Batch


async def take_brands(batch: Batch) -> None:
    """Make the brands that are not here; an import into one brand makes none."""
    lines = batch.of_kind("brand")
    if batch.job.brand_id is not None:
        batch.counted["passed"] += len(lines)
        return
    actor = Actor(batch.job.agent_id, "lead", frozenset())
    for _, line, _ in await batch.new("brand", [(n, line, "") for n, line in lines], lambda _: ""):
        one = await batch.tx.scalar(select(Brand.id).where(Brand.name == line.name))
        batch.counted["fresh" if one is None else "already"] += 1
        if one is None:
            made = await create_brand(batch.tx, actor, name=line.name, colour=line.colour)
            one = made.id
            windows = {"reopen_seconds": line.reopen_seconds, "join_seconds": line.join_seconds}
            await edit_brand(batch.tx, actor, one, revision=made.revision, **windows)
        await batch.keep("brand", [(("", line.reference), one)])


async def take_agents(batch: Batch) -> None:
    """Know colleagues by their address; who is not here comes switched off, unless the import is into one brand."""
    lines = [(n, line, "") for n, line in batch.of_kind("agent")]
    for _, line, _ in await batch.new("agent", lines, lambda _: batch.scope):
        one = (await batch.known("agent", [("", line.email)])).get(("", line.email)) if line.email else None
        if one is None and batch.job.brand_id is not None:
            batch.counted["passed"] += 1
            continue
        batch.counted["fresh" if one is None else "already"] += 1
        if one is None:
            one = await _make_agent(batch, line.name, line.email, is_key=line.is_key or not line.email)
        await batch.keep("agent", [((batch.scope, line.reference), one)])


async def _make_agent(batch: Batch, name: str, email: str, *, is_key: bool) -> str:
    # An empty hash fits no password, and nobody becomes a lead by a file: a lead decides when they switch somebody on.
    row = Agent(
        id=new_id("ky" if is_key else "ag"),
        kind="key" if is_key else "person",
        name=name,
        email="" if is_key else email,
        password_hash="",
        role="agent",
        disabled_at=now(),
    )
    batch.tx.add(row)
    await batch.tx.flush()
    fact = AgentChanged(agent=await agent_view(batch.tx, row.id), changed=["name", "email", "role", "disabled"])
    record(batch.tx, fact, agent_id=batch.job.agent_id)
    return row.id


async def take_accounts(batch: Batch) -> None:
    """Make accounts that nobody connected yet; they are taken up when a lead connects them."""
    for number, line, brand in await batch.new("account", batch.with_brand("account"), lambda _: batch.scope):
        found = select(BrandAccount).filter_by(network=line.network, server=line.server, remote_id=line.remote_id)
        row = await batch.tx.scalar(found)
        if row is not None and row.brand_id != brand:
            batch.refuse(number, "/remote_id", "This account speaks for another brand here.")
            continue
        batch.counted["fresh" if row is None else "already"] += 1
        if row is None:
            row = BrandAccount(
                id=new_id("ac"),
                brand_id=brand,
                network=line.network,
                server=line.server,
                remote_id=line.remote_id,
                handle=line.handle,
                name=line.name or line.handle,
                url=line.url,
                avatar_url=line.avatar_url,
                credentials=seal({}),
                traits={},
                state="disconnected",
                connected_at=now(),
            )
            batch.tx.add(row)
            await batch.tx.flush()
            fact = AccountChanged(brand_id=brand, account=account_view(row))
            record(batch.tx, fact, agent_id=batch.job.agent_id)
        await batch.keep("account", [((batch.scope, line.reference), row.id)])
