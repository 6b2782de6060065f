"""What a ticket's row says of its messages: of a new one's from the page, of others recomputed, in whatever order they came."""

from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import text

from app.core.db import Tx
from app.core.rows import clean
from app.networks.port import Inbound
from app.tickets.placing import Post

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


def first_standing(said: Sequence[tuple[Post, Inbound]]) -> dict[str, Any]:
    """What refresh_standing() would write for a new ticket with these messages and no others; pure.

    Saves writing the rows of new tickets twice, with an entry in each of their indexes.
    """
    asked = sorted(
        (pair for pair in said if pair[0].kind == "customer"), key=lambda p: (p[0].posted_at, p[0].remote_id)
    )
    answers = [post.posted_at for post, _ in said if post.kind == "brand"]
    answered = max(answers, default=None)
    waiting = [post for post, _ in asked if answered is None or post.posted_at > answered]
    newest, item = asked[-1]
    language = next((i.language for p, i in (asked[-1], asked[0]) if i.language is not None), None)
    return {
        "opened_at": asked[0][0].posted_at,
        "last_message_at": max(post.posted_at for post, _ in said),
        "last_customer_at": newest.posted_at,
        "last_answer_at": answered,
        "waiting": len(waiting),
        "unanswered_since": waiting[0].posted_at if waiting else None,
        "preview": clean(item.text)[:PREVIEW_LENGTH],
        "lane": newest.lane,
        "language": language,
    }


async def refresh_standing(tx: Tx, ticket_ids: Collection[str]) -> None:
    """Recompute times, waiting messages and preview of these tickets; one statement, and each revision grows by one."""
    if ticket_ids:
        await tx.execute(_REFRESH, {"ids": sorted(ticket_ids), "length": PREVIEW_LENGTH})
