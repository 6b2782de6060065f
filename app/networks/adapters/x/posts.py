"""Posts as a page of X gives them, read into ours with the people who wrote them, and counted for the ledger."""

from collections.abc import Sequence
from typing import Any

from app.core.clock import now
from app.networks.adapters.x import ids, names
from app.networks.adapters.x.client import MOST_AT_ONCE, Api
from app.networks.adapters.x.failures import partial
from app.networks.adapters.x.translate import Around, Reader, around, authors, to_inbound
from app.networks.adapters.x.wire import Unreadable
from app.networks.errors import Gone
from app.networks.foreign import identifier, member, objects
from app.networks.port import Account, Inbound, Reject, Role


def reader_of(account: Account) -> Reader:
    """On whose behalf posts are read."""
    return Reader(account.remote_id, account.handle, now())


async def translated(
    api: Api, page: Any, *, role: Role | None = None, skip_own: bool = False
) -> list[Inbound | Reject]:
    """The posts of a page, oldest first; reposts are left out, and with `skip_own` our own too."""
    posts = objects(member(page, "data"))
    near = await surrounded(api, [page])
    reader = reader_of(api.account)
    read = [to_inbound(one, reader, near, role) for one in sorted(posts, key=_age) if not _is_repost(one)]
    return [one for one in read if not (skip_own and isinstance(one, Inbound) and one.role == "own")]


async def surrounded(api: Api, pages: Sequence[Any]) -> Around:
    """What came along with pages, and the profiles that did not."""
    posts: dict[str, Any] = {}
    media: dict[str, Any] = {}
    people: dict[str, Any] = {}
    for page in pages:
        near = around(member(page, "includes"))
        posts |= near.posts
        media |= near.media
        people |= near.people
    api.count("post.read", posts.values())
    everybody = authors([one for page in pages for one in objects(member(page, "data"))])
    people |= await api.profiles(one for one in everybody if one not in people and one != api.account.remote_id)
    people.setdefault(api.account.remote_id, myself(api.account))
    return Around(people, posts, media)


def myself(account: Account) -> dict[str, Any]:
    """The account's own profile, as far as it is needed to show its posts."""
    return {"id": account.remote_id, "username": account.handle, "name": account.traits.get("name")}


async def lookup(api: Api, numbers: Sequence[str]) -> tuple[dict[str, Any], list[Any]]:
    """Posts by id, as X has them now, and the pages they came in; what is not there any more is not in it."""
    found: dict[str, Any] = {}
    pages = []
    wanted = list(dict.fromkeys(numbers))
    for start in range(0, len(wanted), MOST_AT_ONCE):
        part = wanted[start : start + MOST_AT_ONCE]
        page = await api.get_posts("/2/tweets", [("ids", ",".join(part))], by_id=True)
        fresh = objects(member(page, "data"))
        api.count("post.read", fresh)
        found |= {number: one for one in fresh if (number := identifier(one.get("id"), 60))}
        pages.append(page)
    return found, pages


async def one_now(api: Api, remote_id: str) -> tuple[dict[str, Any], list[Any]]:
    """One post in its newest version, and the pages it came in.

    Raises Gone when X says that it vanished or is hidden from us; silence about it is no such word.
    """
    if not ids.is_number(remote_id):
        raise Gone
    found, pages = await lookup(api, [remote_id])
    post = found.get(remote_id)
    if post is None:
        raise partial(pages[0]).get(remote_id) or Unreadable()
    listed = names.history(post)
    latest = ids.newest([one for one in listed if isinstance(one, str)]) if isinstance(listed, list) else None
    if latest is not None and latest != remote_id and ids.is_number(latest):
        newer, more = await lookup(api, [latest])
        post, pages = newer.get(latest, post), [*pages, *more]
    return post, pages


def _is_repost(post: dict[str, Any]) -> bool:
    return any(one.get("type") == "retweeted" for one in objects(names.references(post)))


def _age(post: dict[str, Any]) -> tuple[int, str]:
    return ids.age(identifier(post.get("id"), 60) or "")
