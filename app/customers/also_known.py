"""also_known(): a network calls somebody we know by another id too, and they stay one customer."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, text

from app.core.clock import now
from app.core.db import Tx
from app.core.ids import new_id
from app.core.rows import among, as_json
from app.customers.models import Identity


@dataclass(frozen=True, slots=True)
class Alias:
    """What a network calls a customer, as seen from one server."""

    customer_id: str
    network: str
    server: str
    remote_id: str


# How they look is copied from what the network showed of them last. In the order in which authors and merges lock
# handles, so that nobody waits in a ring.
_KEEP: Final = text("""
insert into identities (id, customer_id, network, server, remote_id, handle, name, url, avatar_url, followers, bot,
  seen_at, created_at)
select a.id, a.customer_id, a.network, a.server, a.remote_id, coalesce(i.handle, ''), coalesce(i.name, c.name), i.url,
       i.avatar_url, i.followers, coalesce(i.bot, false), cast(:at as timestamptz), cast(:at as timestamptz)
  from jsonb_to_recordset(cast(:rows as jsonb)) as a(id text, customer_id text, network text, server text, remote_id text)
  join customers c on c.id = a.customer_id
  left join lateral (
    select * from identities o where o.customer_id in (c.id, c.merged_into) and o.network = a.network
     order by o.server = a.server desc, o.seen_at desc limit 1
  ) i on true
 order by a.network, a.server, a.remote_id
on conflict (network, server, remote_id) do nothing
returning id
""")
# A merge under way has moved the handles it saw, and not these: it is waited for, and they follow. One that begins now
# waits for us.
_WHOSE: Final = text("""
select c.id, c.merged_into from customers c where c.id in (select i.customer_id from identities i where i.id = any(:ids))
 order by c.id for share
""")
_FOLLOW: Final = text("update identities set customer_id = :kept where customer_id = :gone and id = any(:ids)")


async def also_known(tx: Tx, aliases: Sequence[Alias]) -> dict[Alias, str]:
    """Let customers be known by these ids too; the new identities by alias. An id that is somebody's already stays theirs.

    Two statements however many, and two more for each customer who is just becoming one with another. Nobody becomes one
    with another by it: that is for people to say. Call it before tickets are locked, as the authors of a page are.
    """
    rows = [
        {
            "id": new_id("id"),
            "customer_id": a.customer_id,
            "network": a.network,
            "server": a.server,
            "remote_id": a.remote_id,
        }
        for a in aliases
    ]
    made = set(await tx.scalars(_KEEP, {"rows": as_json(rows), "at": now()}))
    ids = sorted(made)
    while ids and (moved := [row for row in await tx.execute(_WHOSE, {"ids": ids}) if row.merged_into is not None]):
        for row in moved:
            await tx.execute(_FOLLOW, {"kept": row.merged_into, "gone": row.id, "ids": ids})
    return {alias: str(row["id"]) for alias, row in zip(aliases, rows, strict=True) if row["id"] in made}


async def not_known(tx: Tx, identity_ids: Collection[str]) -> None:
    """Take back what also_known() made in this transaction; none, no statement."""
    if identity_ids:
        await tx.execute(delete(Identity).where(among(Identity.id, identity_ids)))
