"""identify_customers(): the authors of mentions become customers, each of them one, however often and at once."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import text

from app.core.clock import now
from app.core.db import Tx
from app.core.ids import new_id
from app.core.rows import as_json, clean
from app.networks.port import Author

_LARGEST: Final = 2**31 - 1

# One statement for any number of authors. An identity is inserted with a customer that does not exist yet, or updated
# and keeps its own; only those inserted then get their customer, and foreign keys are checked when all of it is done.
# The order of remote ids is the order of locks, so two pages with the same authors wait for each other and never in a
# ring. A merge moves identities to who remains, so an identity never leads to a customer that is gone.
# A customer's name follows the network until an agent writes another.
# Who is known is asked with an array and not with a join: of a join nobody knows how many of a server's people it meets,
# and the plan read all of them.
_IDENTIFY: Final = text("""
with given as materialized (
  select *, coalesce(nullif(name, ''), handle) as label from jsonb_to_recordset(cast(:authors as jsonb)) as author(
    remote_id text, identity_id text, customer_id text, handle text, name text, url text, avatar_url text,
    followers integer, bot boolean)
), known as materialized (
  select remote_id, coalesce(nullif(name, ''), handle) as label
  from identities
  where network = :network and server = :server and remote_id = any(array(select remote_id from given))
), kept as (
  insert into identities (id, customer_id, network, server, remote_id, handle, name, url, avatar_url, followers, bot,
    seen_at, created_at)
  select identity_id, customer_id, :network, :server, remote_id, handle, name, url, avatar_url, followers, bot,
    cast(:at as timestamptz), cast(:at as timestamptz)
  from given order by remote_id
  on conflict (network, server, remote_id) do update set
    handle = excluded.handle, name = excluded.name, url = excluded.url, avatar_url = excluded.avatar_url,
    followers = coalesce(excluded.followers, identities.followers), bot = excluded.bot,
    seen_at = greatest(identities.seen_at, excluded.seen_at)
  returning remote_id, customer_id
), made as (
  insert into customers (id, name, note, revision, created_at)
  select given.customer_id, given.label, '', 1, cast(:at as timestamptz)
  from kept join given on given.customer_id = kept.customer_id
), renamed as (
  update customers set name = given.label, revision = customers.revision + 1
  from kept join given on given.remote_id = kept.remote_id join known on known.remote_id = kept.remote_id
  where customers.id = kept.customer_id and customers.name = known.label and given.label <> known.label
)
select remote_id, customer_id from kept
""")


async def identify_customers(tx: Tx, network: str, server: str, authors: Sequence[Author]) -> dict[str, str]:
    """The customer of each author, by the author's remote id on this server; who is new is made, the others kept fresh.

    One statement however many authors; the same author may stand in the list several times, the last is believed.
    """
    if not authors:
        return {}
    rows = [_row(author) for author in {author.remote_id: author for author in authors}.values()]
    given = {"authors": as_json(rows), "network": network, "server": server, "at": now()}
    return {row.remote_id: row.customer_id for row in await tx.execute(_IDENTIFY, given)}


def _row(author: Author) -> dict[str, Any]:
    return {
        "remote_id": author.remote_id,
        "identity_id": new_id("id"),
        "customer_id": new_id("cu"),
        "handle": clean(author.handle),
        "name": clean(author.name),
        "url": None if author.url is None else clean(author.url),
        "avatar_url": None if author.avatar_url is None else clean(author.avatar_url),
        "followers": None if author.followers is None else max(0, min(author.followers, _LARGEST)),
        "bot": author.bot,
    }
