"""What people say of the brand without naming its account: the search an operator wrote, read since the last time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from app.core.clock import now
from app.networks.adapters.x import ids
from app.networks.adapters.x.client import MOST_AT_ONCE, Api
from app.networks.adapters.x.posts import translated
from app.networks.foreign import identifier, member, objects, raw
from app.networks.port import Inbound, Reject

REACH: Final = timedelta(days=6, hours=23)
"""Recent search knows a week; what asks for more is refused, so an hour is left for clocks."""
_MOST_PAGES: Final = 5


async def heard(api: Api, begun: datetime, since: str | None) -> tuple[list[Inbound | Reject], str | None]:
    """The posts found since then, and the newest id among them; nothing where no search was asked for.

    They are handed over as mentions: whoever names the brand wants it to hear, whether or not it can answer them here.
    """
    query = str(api.account.traits.get("query") or "")
    if not query:
        return [], since
    pages, whole = await searched(api, query, since_when(begun, since))
    items: list[Inbound | Reject] = []
    for page in reversed(pages):
        items += await translated(api, page, role="mention", skip_own=True)
    numbers = [number for page in pages for one in objects(member(page, "data")) if (number := _number(one))]
    if not whole:
        about = {"query": query, "since": since, "oldest_given": min(numbers, key=ids.age)}
        items.append(Reject(None, f"the search finds more than {len(numbers)} posts at once: narrow it", raw(about)))
    return items, ids.newest([*numbers, *([since] if since else [])])


async def searched(api: Api, query: str, where: Sequence[tuple[str, str]]) -> tuple[list[Any], bool]:
    """The pages a recent search has, newest first, and whether they are all of them."""
    pages: list[Any] = []
    token: str | None = None
    for _ in range(_MOST_PAGES):
        onward = [("next_token", token)] if token else []
        asked = [("query", query), ("max_results", str(MOST_AT_ONCE)), *where, *onward]
        page = await api.get_posts("/2/tweets/search/recent", asked)
        api.count("post.read", objects(member(page, "data")))
        pages.append(page)
        token = identifier(member(page, "meta", "next_token"))
        if token is None:
            return pages, True
    return pages, False


def since_when(begun: datetime, since: str | None) -> list[tuple[str, str]]:
    """From where to search on: an id while the search still knows its time, else as far back as it can."""
    earliest = now() - REACH
    made = ids.instant(since) if since else None
    if since is not None and made is not None and made > earliest:
        return [("since_id", since)]
    start = max(made or begun, earliest)
    return [("start_time", start.strftime("%Y-%m-%dT%H:%M:%SZ"))]


def _number(post: dict[str, Any]) -> str | None:
    number = identifier(post.get("id"), 60)
    return number if number is not None and ids.is_number(number) else None
