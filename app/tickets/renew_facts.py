"""renew_facts(): what a network tells only its adapter stays as it was last read."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import text

from app.core.db import Tx
from app.core.rows import as_json, clean_json
from app.networks.port import Inbound
from app.tickets.edit_message import Known

_RENEW: Final = text("""
update messages m set facts = v.facts, role = v.role
  from jsonb_to_recordset(cast(:rows as jsonb)) as v(id text, facts jsonb, role text)
 where m.id = v.id
""")


async def renew_facts(tx: Tx, items: Sequence[Inbound], books: Mapping[str, Known]) -> None:
    """Write down what differs from what is kept, of posts known by uri; one statement, or none.

    A post first met as mere context is what the network calls it once it hands it to us.
    """
    rows: list[dict[str, Any]] = []
    for item in items:
        known, facts = books[item.uri], clean_json(item.facts)
        role = item.role if known.role in {None, "other"} else known.role
        if (facts, role) != (known.facts, known.role):
            rows.append({"id": known.id, "facts": facts, "role": role})
    if rows:
        await tx.execute(_RENEW, {"rows": as_json(rows)})
