"""What a ticket's row says of its messages: of a new one's from the page, of others recomputed, in whatever order they came."""

import re
from collections.abc import Collection, Sequence
from typing import Any, Final

import orjson
from sqlalchemy import text

from app.core.db import Json, Tx
from app.core.rows import clean
from app.networks.port import Inbound
from app.tickets.placing import Post

PREVIEW_LENGTH: Final = 280

WARNED: Final = "\u26a0\ufe0e "
"""A preview begins with this where it is a content warning: what stands behind the warning is not for a list."""

PICTURED: Final = {
    "image": "\U0001f5bc\ufe0e ",
    "video": "\U0001f39e\ufe0e ",
    "audio": "\U0001f50a\ufe0e ",
    "other": "\U0001f4ce\ufe0e ",
}
"""A preview begins with one of these where a post has no words of its own: what is attached, and its description if any."""

# Words of one's own are those that are no handle. PostgreSQL and Python read the pattern alike: characters, no classes.
_OWN_WORDS: Final = "(^|[ \t\r\n])[^@ \t\r\n]"
_has_own_words: Final = re.compile(_OWN_WORDS).search

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
  select distinct on (ticket_id) ticket_id, text, content_warning, media, lane, language
    from messages where ticket_id = any(:ids) and kind = 'customer'
   order by ticket_id, (vanished_at is not null), posted_at desc, id desc
)
update tickets t
   set opened_at = coalesce(s.opened_at, t.opened_at), last_message_at = s.last_message_at,
       last_customer_at = coalesce(s.last_customer_at, t.last_customer_at), last_answer_at = s.last_answer_at,
       waiting = coalesce(w.n, 0), unanswered_since = w.since,
       preview = coalesce(left(case
         when n.content_warning <> '' then :warned || n.content_warning
         when jsonb_array_length(n.media) > 0 and n.text !~ :own_words
         then (cast(:pictured as jsonb) ->> (n.media -> 0 ->> 'kind')) || coalesce(n.media -> 0 ->> 'alt', '')
         else n.text end, :length), t.preview), lane = coalesce(n.lane, t.lane),
       language = coalesce(n.language, t.language), revision = t.revision + 1
  from spans s left join waiting w on w.ticket_id = s.ticket_id left join newest n on n.ticket_id = s.ticket_id
 where t.id = s.ticket_id
""")


def preview_of(item: Inbound) -> str:
    """What a list shows of a post, as refresh_standing() has it; pure."""
    shown = clean(item.text)
    if item.content_warning:
        shown = WARNED + clean(item.content_warning)
    elif item.media and not _has_own_words(shown):
        shown = PICTURED[item.media[0].kind] + clean(item.media[0].alt or "")
    return shown[:PREVIEW_LENGTH]


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
        "preview": preview_of(item),
        "lane": newest.lane,
        "language": language,
    }


async def refresh_standing(tx: Tx, ticket_ids: Collection[str]) -> None:
    """Recompute times, waiting messages and preview of these tickets; one statement, and each revision grows by one."""
    if ticket_ids:
        shown = {
            "length": PREVIEW_LENGTH,
            "warned": WARNED,
            "own_words": _OWN_WORDS,
            "pictured": Json(orjson.dumps(PICTURED)),
        }
        await tx.execute(_REFRESH, {"ids": sorted(ticket_ids), **shown})
