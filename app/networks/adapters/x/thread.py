"""What is around a post: its conversation by search, and what it answers, walked upward by id."""

from typing import Any, Final

import structlog

from app.core.clock import now
from app.networks.adapters.x import ids, names
from app.networks.adapters.x.client import Api
from app.networks.adapters.x.listen import REACH, searched
from app.networks.adapters.x.messages import message_now
from app.networks.adapters.x.posts import lookup, one_now, reader_of, surrounded
from app.networks.adapters.x.translate import to_inbound
from app.networks.adapters.x.wire import Unreadable
from app.networks.errors import Rejected, Unauthorized
from app.networks.foreign import identifier, member, objects
from app.networks.port import Account, Inbound, Thread

log = structlog.get_logger()

_HIGHEST: Final = 60
"""So many posts up is walked at most."""


async def thread(account: Account, remote_id: str) -> Thread:
    """The post, what it answers up to the root, and what of its conversation is below it. Raises Gone.

    Recent search knows the replies of the last seven days. A direct message stands alone: those of a conversation
    hang together by it, and none of them ever changes.
    """
    api = Api(account)
    name = ids.read_name(remote_id)
    if name is not None and name.kind != "post":
        return Thread((), (), await message_now(api, remote_id))
    post, pages = await one_now(api, remote_id)
    root = identifier(post.get("conversation_id"), 60) or remote_id
    talk: list[Any] = []
    if ids.is_number(root):
        talk = await _talk(api, root)
    pool = {number: one for page in talk for one in objects(member(page, "data")) if (number := _number(one))}
    near = await surrounded(api, [*pages, *talk])
    pool |= near.posts
    above, more = await _above(api, post, pool)
    near = await surrounded(api, [*pages, *talk, *more, {"data": above}])
    reader = reader_of(account)
    me = to_inbound(post, reader, near)
    if not isinstance(me, Inbound):
        raise Unreadable
    read = [to_inbound(one, reader, near) for one in above]
    around = [to_inbound(one, reader, near) for one in pool.values()]
    return Thread(
        ancestors=tuple(one for one in reversed(read) if isinstance(one, Inbound)),
        descendants=_below(me, [one for one in around if isinstance(one, Inbound)]),
        post=me,
    )


async def post_now(account: Account, remote_id: str) -> Inbound:
    """One post or message as it is now. Raises Gone when it vanished."""
    api = Api(account)
    name = ids.read_name(remote_id)
    if name is not None and name.kind != "post":
        return await message_now(api, remote_id)
    post, pages = await one_now(api, remote_id)
    read = to_inbound(post, reader_of(account), await surrounded(api, [*pages, {"data": [post]}]))
    if not isinstance(read, Inbound):
        raise Unreadable
    return read


async def _talk(api: Api, root: str) -> list[Any]:
    """The pages of a conversation; none for an app that may not search, which says nothing about the sign-in."""
    start = (now() - REACH).strftime("%Y-%m-%dT%H:%M:%SZ")
    try:
        pages, _ = await searched(api, f"conversation_id:{root}", [("start_time", start)])
    except (Rejected, Unauthorized) as refused:
        log.warning("search_refused", account_id=api.account.id, problem=refused.sentence)
        return []
    return pages


async def _above(api: Api, post: Any, pool: dict[str, Any]) -> tuple[list[dict[str, Any]], list[Any]]:
    """What it answers, the nearest first, and the pages that had to be asked for; it ends where something is gone."""
    found: list[dict[str, Any]] = []
    pages: list[Any] = []
    seen: set[str] = set()
    parent = _parent(post)
    while parent is not None and parent not in seen and len(found) < _HIGHEST:
        seen.add(parent)
        if parent not in pool:
            fresh, more = await lookup(api, [parent])
            pages += more
            pool |= fresh
            for page in more:
                included = objects(names.included(member(page, "includes")))
                pool |= {number: one for one in included if (number := _number(one))}
        if parent not in pool:
            break
        found.append(pool[parent])
        parent = _parent(pool[parent])
    return found, pages


def _below(me: Inbound, pool: list[Inbound]) -> tuple[Inbound, ...]:
    """The posts that answer it, and those that answer these, oldest first."""
    children: dict[str, list[Inbound]] = {}
    for one in {one.uri: one for one in pool}.values():
        if one.in_reply_to is not None and one.uri != me.uri:
            children.setdefault(one.in_reply_to, []).append(one)
    found: dict[str, Inbound] = {}
    level = [me.remote_id, str(me.facts["id"])]
    while level:
        below = [one for number in level for one in children.pop(number, ()) if one.uri not in found]
        found |= {one.uri: one for one in below}
        level = [number for one in below for number in (one.remote_id, str(one.facts["id"]))]
    return tuple(sorted(found.values(), key=lambda one: (one.posted_at, ids.age(one.remote_id))))


def _parent(post: Any) -> str | None:
    for one in objects(names.references(post)):
        if one.get("type") == "replied_to":
            number = identifier(one.get("id"), 60)
            return number if number is not None and ids.is_number(number) else None
    return None


def _number(post: dict[str, Any]) -> str | None:
    number = identifier(post.get("id"), 60)
    return number if number is not None and ids.is_number(number) else None
