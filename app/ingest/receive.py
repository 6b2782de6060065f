"""receive(): a page of posts, in one transaction and a fixed number of statements; twice is as good as once."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select

from app.brands.models import Brand, BrandAccount
from app.core.clock import now
from app.core.db import Tx
from app.core.metrics import taken_in
from app.core.rows import among, clean, insert_rows
from app.core.sentry import spanned
from app.core.trace import mark
from app.customers.identify import identify_customers
from app.customers.models import Customer, Identity
from app.ingest.models import RejectRow
from app.networks.port import Inbound, Reject
from app.replies.models import Reply
from app.tickets.placing import Addressed
from app.tickets.thread import Taken, thread_posts

_ON_THEIR_WAY: Final = select(Reply.outgoing["in_reply_to"].astext).where(
    Reply.account_id == bindparam("account"),
    Reply.state.in_(("sending", "unsure")),
)
_KNOWN_CUSTOMERS: Final = (
    select(Identity.remote_id, Customer.merged_into, Customer.id)
    .join(Customer, Customer.id == Identity.customer_id)
    .where(
        Identity.network == bindparam("network"),
        Identity.server == bindparam("server"),
        among(Identity.remote_id, "authors"),
    )
)


@spanned("receive")
async def receive(
    tx: Tx,
    brand: Brand,
    account: BrandAccount,
    items: Sequence[Inbound],
    rejects: Sequence[Reject] = (),
    *,
    received_at: datetime,
    old: Collection[str] = (),
) -> Taken:
    """Take in posts of one account: who wrote them, which conversation and ticket; set aside what could not be read.

    `old` are the uris of posts from before we listened. A post of our own that may be a reply still on its way is left
    out: the reply's own settling writes it down, or the next reading does.
    """
    on_their_way = await _on_their_way(tx, account.id)
    items = [i for i in items if not (i.role == "own" and i.in_reply_to in on_their_way)]
    asking = [i.author for i in items if i.role in Addressed]
    customers = await identify_customers(tx, account.network, account.server, asking)
    others = {i.author.remote_id for i in items if i.role == "other"} - customers.keys()
    customers |= await _known_customers(tx, account, others)
    taken = await thread_posts(tx, brand, account, items, customers, received_at=received_at, old=old)
    await set_aside(tx, account.id, rejects)
    if taken.new:
        taken_in(account.network, taken.new)
        mark("posts_received", account_id=account.id, new=taken.new)
    return taken


async def _on_their_way(tx: Tx, account_id: str) -> set[str]:
    """The parents under which a reply of ours is being published or may have been."""
    return set(await tx.scalars(_ON_THEIR_WAY, {"account": account_id}))


async def _known_customers(tx: Tx, account: BrandAccount, remote_ids: set[str]) -> dict[str, str]:
    """Which of these authors we know as customers; nobody becomes one by being near a conversation."""
    if not remote_ids:
        return {}
    given = {"network": account.network, "server": account.server, "authors": sorted(remote_ids)}
    found = await tx.execute(_KNOWN_CUSTOMERS, given)
    return {remote_id: merged or customer for remote_id, merged, customer in found}


async def set_aside(tx: Tx, account_id: str, rejects: Sequence[Reject]) -> None:
    """Keep what could not be read, with its raw text, once."""
    rows = [
        {
            "account_id": account_id,
            "remote_id": r.remote_id,
            "fingerprint": hashlib.sha256(r.raw.encode("utf-8", "replace")).hexdigest(),
            "reason": clean(r.reason),
            "raw": clean(r.raw),
            "created_at": now(),
        }
        for r in rejects
    ]
    await insert_rows(tx, RejectRow, rows, on_conflict="on conflict (account_id, fingerprint) do nothing")
