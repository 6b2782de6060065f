"""What references stand for: the one place that knows how other systems' names are kept."""

from collections.abc import Collection, Iterable
from typing import Final

from sqlalchemy import text

from app.core.db import Tx
from app.core.rows import as_json, insert_rows
from app.transfer.models import ImportedReference

Named = tuple[str, str]
"""A scope - a brand's id, or '' for the whole desk - and a reference in it."""

# What is here already is also known by its own id, so that an export read into its own installation changes nothing;
# within a brand, only what belongs to it.
_OWN: Final = {
    "brand": "select id from brands where w.scope = '' and (id = w.reference or name = w.reference) limit 1",
    "agent": "select id from agents where id = w.reference or (kind = 'person' and lower(email) = lower(w.reference)) limit 1",
    "account": "select id from brand_accounts where id = w.reference and w.scope in ('', brand_id)",
    "customer": (
        "select coalesce(c.merged_into, c.id) from customers c where c.id = w.reference and (w.scope = ''"
        " or exists (select from tickets t where t.customer_id in (c.id, c.merged_into) and t.brand_id = w.scope))"
    ),
    "ticket": (
        "select coalesce((select r.ticket_id from ticket_references r where r.reference = w.reference and r.brand_id = w.scope),"
        " (select id from tickets where id = w.reference and brand_id = w.scope))"
    ),
    "message": (
        "select m.id from messages m join brand_accounts a on a.id = m.account_id"
        " where m.id = w.reference and a.brand_id = w.scope"
    ),
    "note": "select n.id from notes n join tickets t on t.id = n.ticket_id where n.id = w.reference and t.brand_id = w.scope",
}
_STANDS: Final = {
    # who has become one with somebody since is found as who remains
    "customer": "(select coalesce(g.merged_into, g.id) from customers g where g.id = r.id)"
}
_KNOWN: Final = {
    kind: text(
        f"""
select w.scope, w.reference, coalesce({_STANDS.get(kind, "r.id")}, ({own})) as id
  from jsonb_to_recordset(cast(:wanted as jsonb)) as w(scope text, reference text)
  left join imported_references r on r.scope = w.scope and r.kind = :kind and r.reference = w.reference
"""  # noqa: S608 - our own words
    )
    for kind, own in _OWN.items()
}


async def known(tx: Tx, kind: str, wanted: Collection[Named]) -> dict[Named, str]:
    """The ids of those references of one kind that stand for something here; one statement, none when nothing is asked."""
    if not wanted:
        return {}
    asked = [{"scope": scope, "reference": reference} for scope, reference in sorted(set(wanted))]
    rows = await tx.execute(_KNOWN[kind], {"wanted": as_json(asked), "kind": kind})
    return {(row.scope, row.reference): row.id for row in rows if row.id is not None}


async def keep(tx: Tx, kind: str, made: Iterable[tuple[Named, str]]) -> None:
    """Let references stand for these ids from now on; those of tickets are kept by tickets (give_references)."""
    rows = [
        {"scope": scope, "kind": kind, "reference": reference, "id": one} for (scope, reference), one in sorted(made)
    ]
    await insert_rows(tx, ImportedReference, rows)
