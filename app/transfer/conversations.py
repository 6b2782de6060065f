"""The conversations that imported tickets and messages stand in, and the accounts they belong to."""

from collections.abc import Collection

from sqlalchemy import func, select, text

from app.brands.models import BrandAccount
from app.core.clock import now
from app.core.db import Tx
from app.core.ids import new_id
from app.core.rows import among, as_json, insert_rows
from app.tickets.models import Conversation

Place = tuple[str, str]
"""An account's id and the conversation's root there."""

_FIND = text("""
select c.account_id, c.root, c.id
  from conversations c join jsonb_to_recordset(cast(:wanted as jsonb)) as w(account_id text, root text)
    on c.account_id = w.account_id and c.root = w.root
""")


async def conversations(tx: Tx, wanted: Collection[Place]) -> dict[Place, str]:
    """The ids of these conversations, made where they are not known; two statements. Nobody is sent to read them again."""
    rows = [{"account_id": account, "root": root} for account, root in sorted(set(wanted))]
    if not rows:
        return {}
    made = [{"id": new_id("cv"), **row, "missing_parent": None, "created_at": now()} for row in rows]
    await insert_rows(tx, Conversation, made, on_conflict="on conflict (account_id, root) do nothing")
    found = await tx.execute(_FIND, {"wanted": as_json(rows)})
    return {(row.account_id, row.root): row.id for row in found}


async def first_accounts(tx: Tx, brand_ids: Collection[str]) -> dict[str, str]:
    """The account that each brand had first, by the brand's id."""
    first = func.min(BrandAccount.id).label("id")
    query = select(BrandAccount.brand_id, first).where(among(BrandAccount.brand_id, sorted(brand_ids)))
    return {row.brand_id: row.id for row in await tx.execute(query.group_by(BrandAccount.brand_id))}


async def brands_of(tx: Tx, account_ids: Collection[str]) -> dict[str, str]:
    """The brand of each of these accounts."""
    query = select(BrandAccount.id, BrandAccount.brand_id).where(among(BrandAccount.id, sorted(account_ids)))
    return {row.id: row.brand_id for row in await tx.execute(query)}
