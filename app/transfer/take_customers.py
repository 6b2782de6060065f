"""Lines about customers: known by any of their handles, else made."""

from sqlalchemy import text

from app.core.clock import now
from app.core.ids import new_id
from app.core.rows import as_json, insert_rows
from app.customers.models import Customer, Identity
from app.transfer.batch import Batch
from app.transfer.line_shapes import IdentityPart
from app.transfer.references import Named

_Handle = tuple[str, str, str]

_BY_HANDLE = text("""
select i.network, i.server, i.remote_id, i.customer_id,
       cast(:brand as text) is null
         or exists (select from tickets t where t.customer_id = i.customer_id and t.brand_id = :brand)
         or exists (select from imported_references r
                     where r.scope = :brand and r.kind = 'customer' and r.id = i.customer_id) as ours
  from identities i join jsonb_to_recordset(cast(:wanted as jsonb)) as w(network text, server text, remote_id text)
    on i.network = w.network and i.server = w.server and i.remote_id = w.remote_id
""")


_LEADS = text("""
select coalesce((select k.brand_ids is null from access_keys k where k.id = a.id), a.role = 'lead')
  from agents a where a.id = :agent
""")


async def take_customers(batch: Batch) -> None:
    """Make the customers that are not here; who is here stays as they are. A fixed number of statements.

    Who leads one brand alone and not all of them must not learn by a handle who wrote to the others: whoever is known
    there and not here becomes a customer of this brand's own, whose handles are kept apart until somebody merges them.
    """
    lines = await batch.new("customer", [(n, line, "") for n, line in batch.of_kind("customer")], lambda _: batch.scope)
    handles = {_handle(part) for _, line, _ in lines for part in line.identities}
    owners, foreign = await _owners(batch, handles) if handles else ({}, set())
    customers, identities = [], []
    stand: list[tuple[Named, str]] = []
    for _, line, _ in lines:
        parts = [_apart(part, batch.scope) if _handle(part) in foreign else part for part in line.identities]
        one = next((owners[h] for part in parts if (h := _handle(part)) in owners), None)
        batch.counted["fresh" if one is None else "already"] += 1
        if one is None:
            one, made_at = new_id("cu"), line.created_at or now()
            customers.append({"id": one, "name": line.name, "note": line.note, "revision": 1, "created_at": made_at})
            for part in parts:
                if _handle(part) in owners:
                    continue  # twice in one line
                owners[_handle(part)] = one
                values = part.model_dump() | {"seen_at": part.seen_at or made_at, "created_at": made_at}
                identities.append({"id": new_id("id"), "customer_id": one, **values})
        stand.append(((batch.scope, line.reference), one))
    await insert_rows(batch.tx, Customer, customers)
    await insert_rows(batch.tx, Identity, identities)
    await batch.keep("customer", stand)


async def _owners(batch: Batch, handles: set[_Handle]) -> tuple[dict[_Handle, str], set[_Handle]]:
    """Whose handles these are, as far as the importer may know; and those that are somebody's of another brand."""
    narrow = batch.scope and not await batch.tx.scalar(_LEADS, {"agent": batch.job.agent_id})
    asked = handles | ({_elsewhere(handle, batch.scope) for handle in handles} if narrow else set())
    wanted = [{"network": n, "server": s, "remote_id": r} for n, s, r in sorted(asked)]
    given = {"wanted": as_json(wanted), "brand": batch.scope if narrow else None}
    rows = list(await batch.tx.execute(_BY_HANDLE, given))
    found = {(row.network, row.server, row.remote_id): row for row in rows}
    return (
        {handle: row.customer_id for handle, row in found.items() if row.ours},
        {handle for handle, row in found.items() if not row.ours},
    )


def _elsewhere(handle: _Handle, brand: str) -> _Handle:
    network, server, remote_id = handle
    return network, f"{server}#{brand}", remote_id


def _apart(part: IdentityPart, brand: str) -> IdentityPart:
    return part.model_copy(update={"server": f"{part.server}#{brand}"})


def _handle(part: IdentityPart) -> _Handle:
    return part.network, part.server, part.remote_id
