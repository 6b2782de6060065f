"""What a site says of the posts that comments stand under: whether they take any more, and when they were published."""

from collections.abc import Sequence
from typing import Any, Final

import structlog

from app.networks.adapters.wordpress.client import Api
from app.networks.errors import NetworkError
from app.networks.foreign import member, whole
from app.networks.port import Account

log = structlog.get_logger()

_MOST: Final = 100
_MOST_ID: Final = 10**18


async def posts_of(account: Account, api: Api, comments: Sequence[Any]) -> dict[int, Any]:
    """The posts by number; pages and what plugins add are not among them, and nothing is known of those.

    A comment is worth more than this: without an answer nothing is known of any, and the next reading tells.
    """
    numbers = sorted({number for one in comments if (number := whole(member(one, "post"), _MOST_ID))})[:_MOST]
    if not numbers:
        return {}
    wanted = (("include", ",".join(map(str, numbers))), ("per_page", str(_MOST)))
    try:
        told = await api.page("wp/v2/posts", (*wanted, ("_fields", "id,comment_status,date_gmt")))
    except NetworkError as problem:
        log.warning("posts_unseen", account_id=account.id, problem=problem.sentence)
        return {}
    return {number: one for one in told if (number := whole(member(one, "id"), _MOST_ID))}
