"""refresh_standing(): what a ticket's row says of its messages, recomputed from them, whatever order they came in."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import text

from app.core.db import Tx

PREVIEW_LENGTH: Final = 280

_REFRESH: Final = text("""
with spans as (
  select ticket_id,
         min(posted_at) filter (where kind = 'customer') as opened_at,
         max(posted_at) as last_message_at,
         max(posted_at) filter (where kind = 'customer') as last_customer_at,
         max(posted_at) filter (where kind = 'brand' and vanished_at is null) as last_answer_at
    from messages where ticket_id = any(:ids) group by ticket_id
), waiting as (
  select m.ticket_id, count(*) as n, min(m.posted_at) as since
    from messages m join spans s on s.ticket_id = m.ticket_id
   where m.kind = 'customer' and m.vanished_at is null
     and (s.last_answer_at is null or m.posted_at > s.last_answer_at)
   group by m.ticket_id
), newest as (
  select distinct on (ticket_id) ticket_id, left(text, :length) as text, lane, language
    from messages where ticket_id = any(:ids) and kind = 'customer'
   order by ticket_id, (vanished_at is not null), posted_at desc, id desc
)
update tickets t
   set opened_at = coalesce(s.opened_at, t.opened_at), last_message_at = s.last_message_at,
       last_customer_at = coalesce(s.last_customer_at, t.last_customer_at), last_answer_at = s.last_answer_at,
       waiting = coalesce(w.n, 0), unanswered_since = w.since,
       preview = coalesce(n.text, t.preview), lane = coalesce(n.lane, t.lane),
       language = coalesce(n.language, t.language), revision = t.revision + 1
  from spans s left join waiting w on w.ticket_id = s.ticket_id left join newest n on n.ticket_id = s.ticket_id
 where t.id = s.ticket_id
""")


async def refresh_standing(tx: Tx, ticket_ids: Collection[str]) -> None:
    """Recompute times, waiting messages and preview of these tickets; one statement, and each revision grows by one."""
    if ticket_ids:
        await tx.execute(_REFRESH, {"ids": sorted(ticket_ids), "length": PREVIEW_LENGTH})
