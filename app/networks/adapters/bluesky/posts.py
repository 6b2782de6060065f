"""Posts as the network shows them now: several at once, one by one, and with what stands around them."""

from collections.abc import Sequence
from typing import Any, Final

from app.networks.adapters.bluesky import chat
from app.networks.adapters.bluesky.call import Unreadable
from app.networks.adapters.bluesky.client import LARGE, Api
from app.networks.adapters.bluesky.names import POST, AtUri, post_uri, read_message
from app.networks.adapters.bluesky.translate import Reader, to_inbound, to_thread
from app.networks.errors import Gone
from app.networks.foreign import member, objects
from app.networks.port import Account, Inbound, Thread
from app.networks.together import together

AT_ONCE: Final = 100
"""So many posts gone() takes."""
_PART: Final = 25
_DEPTH: Final = 200
_ROUNDS: Final = 4


async def as_seen(api: Api, uris: list[str]) -> dict[str, Any]:
    """The posts by address, with what our account may do with each; those that are gone or hidden are missing."""
    parts = [uris[start : start + _PART] for start in range(0, len(uris), _PART)]
    told = await together(*(api.get("app.bsky.feed.getPosts", [("uris", uri) for uri in part]) for part in parts))
    return {str(view.get("uri")): view for part in told for view in objects(member(part, "posts"))}


async def gone(account: Account, remote_ids: Sequence[str]) -> frozenset[str]:
    """Those of these posts that are not shown any more. Our own may not be shown yet: they lie in our repository."""
    api = Api(account)
    wanted = {str(uri): uri for one in remote_ids if (uri := post_uri(one)) is not None}
    there = await as_seen(api, list(wanted))
    found = set()
    for one, uri in wanted.items():
        if one in there:
            continue
        if uri.did == account.remote_id:
            try:
                await stored(api, uri)
                continue
            except Gone:
                pass
        found.add(one)
    return frozenset(found)


async def post(account: Account, reader: Reader, remote_id: str) -> Inbound:
    """One post or message as it is now. Raises Gone when it vanished."""
    api = Api(account)
    if (message := read_message(remote_id)) is not None:
        return await chat.one(api, reader, *message)
    uri = post_uri(remote_id)
    if uri is None:
        raise Gone
    view = (await as_seen(api, [str(uri)])).get(str(uri))
    if view is None:
        view = await _own(api, reader, uri)
    found = to_inbound(view, reader)
    if not isinstance(found, Inbound):
        raise Unreadable
    return found


async def thread(account: Account, reader: Reader, remote_id: str) -> Thread:
    """What stands around a post or message; what cannot be read is left out. Raises Gone."""
    api = Api(account)
    if (message := read_message(remote_id)) is not None:
        return await chat.around(api, reader, *message)
    uri = post_uri(remote_id)
    if uri is None:
        raise Gone
    wishes = (("uri", str(uri)), ("depth", str(_DEPTH)), ("parentHeight", str(_DEPTH)))
    told = await api.get("app.bsky.feed.getPostThread", wishes, largest=LARGE)
    root = member(told, "thread")
    if member(root, "post") is None:
        if member(root, "blocked"):
            raise Gone("Its author blocks this account, or is blocked by it.")
        if member(root, "notFound"):
            raise Gone
        raise Unreadable
    above, own, below = to_thread(root, reader)
    return Thread((*await _left_out(api, reader, (*above, *([own] if own else []), *below)), *above), below, own)


async def _left_out(api: Api, reader: Reader, shown: tuple[Inbound, ...]) -> list[Inbound]:
    """Posts that others in a thread answer and that the thread does not show, eldest first.

    When a reply is filed before what it answers, the network leaves it out of the thread for good, and its own answers
    stay in. What it does not even show by its address is deleted, or blocked.
    """
    known = {one.remote_id for one in shown}
    found: list[Inbound] = []
    for _ in range(_ROUNDS):
        wanted = {one.in_reply_to for one in (*shown, *found) if one.in_reply_to} - known
        if not wanted:
            break
        known |= wanted
        views = await as_seen(api, sorted(wanted))
        read = (to_inbound(view, reader) for view in views.values())
        found = [*(one for one in read if isinstance(one, Inbound)), *found]
    return sorted(found, key=lambda one: one.posted_at)


async def stored(api: Api, uri: AtUri) -> Any:
    """A record of ours as it lies in our own repository, which is never late. Raises Gone when there is none."""
    where = (("repo", uri.did), ("collection", uri.collection), ("rkey", uri.key))
    return await api.get("com.atproto.repo.getRecord", where)


async def _own(api: Api, reader: Reader, uri: AtUri) -> dict[str, Any]:
    """A post of ours that the network does not show yet, made of our own repository."""
    if uri.did != reader.did or uri.collection != POST:
        raise Gone
    told = await stored(api, uri)
    author = {"did": reader.did, "handle": reader.handle}
    return {"uri": str(uri), "cid": member(told, "cid"), "author": author, "record": member(told, "value")}
