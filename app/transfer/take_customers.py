"""Lines about customers: known by any of their handles, else made."""

import orjson
from sqlalchemy import text

from app.core.clock import now
from app.core.ids import new_id
from app.core.rows import insert_rows
from app.customers.models import Customer, Identity
from app.transfer.batch import Batch
from app.transfer.references import Named

_Handle = tuple[str, str, str]

_BY_HANDLE = text("""
select i.network, i.server, i.remote_id, i.customer_id
  from identities i join jsonb_to_recordset(cast(:wanted as jsonb)) as w(network text, server text, remote_id text)
    on i.network = w.network and i.server = w.server and i.remote_id = w.remote_id
""")


async def take_customers(batch: Batch) -> None:
    """Make the customers that are not here; who is here stays as they are. A fixed number of statements."""
    lines = await batch.new("customer", [(n, line, "") for n, line in batch.of_kind("customer")], lambda _: batch.scope)
    handles = {_handle(part): "" for _, line, _ in lines for part in line.identities}
    wanted = [{"network": n, "server": s, "remote_id": r} for n, s, r in sorted(handles)]
    owners: dict[_Handle, str] = {}
    if wanted:
        rows = await batch.tx.execute(_BY_HANDLE, {"wanted": orjson.dumps(wanted).decode()})
        owners = {(row.network, row.server, row.remote_id): row.customer_id for row in rows}
    customers, identities = [], []
    stand: list[tuple[Named, str]] = []
    for _, line, _ in lines:
        one = next((owners[h] for part in line.identities if (h := _handle(part)) in owners), None)
        batch.counted["fresh" if one is None else "already"] += 1
        if one is None:
            one, made_at = new_id("cu"), line.created_at or now()
            customers.append({"id": one, "name": line.name, "note": line.note, "revision": 1, "created_at": made_at})
            for part in line.identities:
                if _handle(part) in owners:
                    continue  # twice in one line
                owners[_handle(part)] = one
                values = part.model_dump() | {"seen_at": part.seen_at or made_at, "created_at": made_at}
                identities.append({"id": new_id("id"), "customer_id": one, **values})
        stand.append(((batch.scope, line.reference), one))
    await insert_rows(batch.tx, Customer, customers)
    await insert_rows(batch.tx, Identity, identities)
    await batch.keep("customer", stand)


def _handle(part: object) -> _Handle:
    return part.network, part.server, part.remote_id  # type: ignore[attr-defined]
