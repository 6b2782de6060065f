"""Posts, notifications and private messages of this network to our words; total: any JSON gives an answer, never an exception."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from app.networks.adapters.bluesky import facets
from app.networks.adapters.bluesky.embeds import card, pictures, quoted
from app.networks.adapters.bluesky.labels import warning
from app.networks.adapters.bluesky.names import (
    AtUri,
    message_id,
    page_of_post,
    page_of_profile,
    post_uri,
    read_did,
    read_handle,
    read_ref,
)
from app.networks.foreign import identifier, member, moment, plausible, raw, whole, words
from app.networks.html import plain, web_address
from app.networks.port import Author, Inbound, Published, Reject, Role, Segment

CLOCKS_DIFFER: Final = timedelta(minutes=10)
_NEAR: Final = 4
"""So many posts above a reply the network looks for people to tell of it."""
_MOST_NODES: Final = 20_000
_ROLES: Final[dict[str, Role]] = {"mention": "mention", "reply": "mention", "quote": "quote"}


@dataclass(frozen=True, slots=True)
class Reader:
    """On whose behalf we read: the account's DID and handle; and when."""

    did: str
    handle: str
    now: datetime


def to_author(profile: Any) -> Author | None:
    """Translate a profile, of any of the network's three sizes; None without a DID."""
    did = read_did(member(profile, "did"))
    if did is None:
        return None
    handle = read_handle(member(profile, "handle")) or did
    return Author(
        remote_id=did,
        handle=handle,
        name=words(member(profile, "displayName"), 200) or handle,
        url=page_of_profile(did),
        avatar_url=web_address(member(profile, "avatar")),
        followers=whole(member(profile, "followersCount")),
    )


def to_inbound(view: Any, reader: Reader, *, role: Role | None = None) -> Inbound | Reject:
    """Translate a post as the network shows it. `role` is what it already told us it is.

    The role "own" follows from the author, "mention" from a mention of us or a reply to a post of ours, "quote" from
    what is quoted. What lacks an address, an author or its record comes back as a Reject.
    """
    uri, author, record = post_uri(member(view, "uri")), to_author(member(view, "author")), member(view, "record")
    if uri is None or author is None or author.remote_id != uri.did or not isinstance(record, dict):
        missing = "address" if uri is None else "text" if not isinstance(record, dict) else "author"
        return Reject(identifier(member(view, "uri")), f"the post has no readable {missing}", raw(view))
    created = moment(record.get("createdAt"))
    latest = reader.now + CLOCKS_DIFFER
    posted_at = plausible(moment(member(view, "indexedAt")), latest, plausible(created, latest, reader.now))
    return _post(uri, author, record, view, reader, role, posted_at)


def to_outcome(notification: Any, reader: Reader) -> Inbound | Reject | None:
    """Translate a notification: a post for us, a Reject to set aside, or None for what hands us no post."""
    role = _ROLES.get(str(member(notification, "reason")))
    if role is None and isinstance(member(notification, "reason"), str):
        return None
    read = to_inbound(notification, reader, role=role or "mention")
    if isinstance(read, Reject):
        return Reject(read.remote_id, read.reason, raw(notification))
    return None if read.role == "own" else read


def to_published(record: Any, reader: Reader, *, uri: str = "", cid: str = "") -> Published | None:
    """Translate a record of our own as it lies in our repository; None when it cannot be read."""
    where = post_uri(uri)
    if where is None or not isinstance(record, dict):
        return None
    posted_at = plausible(moment(record.get("createdAt")), reader.now + CLOCKS_DIFFER, reader.now)
    shown = _segments(record, None)
    facts = _facts(record, {"cid": cid})
    return Published(str(where), str(where), page_of_post(where), posted_at, shown, plain(shown), facts)


def to_thread(root: Any, reader: Reader) -> tuple[tuple[Inbound, ...], Inbound | None, tuple[Inbound, ...]]:
    """Translate a thread around a post: what is above it, root first, itself, and what is below.

    Places where a post was deleted or is blocked are left out; who is told of a reply is worked out as the network
    does, since it tells of some and keeps silent of others.
    """
    above: list[Any] = []
    node = member(root, "parent")
    while isinstance(node, dict) and len(above) < _MOST_NODES:
        above.append(node)
        node = node.get("parent")
    below: list[Any] = []
    waiting = [member(root, "replies")]
    while waiting and len(below) < _MOST_NODES:
        some = waiting.pop()
        for one in some if isinstance(some, list) else ():
            if isinstance(one, dict):
                below.append(one)
                waiting.append(one.get("replies"))
    views = [member(one, "post") for one in (*reversed(above), root, *below)]
    parents = {
        member(view, "uri"): member(view, "record", "reply", "parent", "uri")
        for view in views
        if isinstance(member(view, "uri"), str)
    }
    read = [to_inbound(view, reader, role=_told(view, parents, reader)) for view in views]
    here = len(above)
    own = read[here]
    return (
        tuple(one for one in read[:here] if isinstance(one, Inbound)),
        own if isinstance(own, Inbound) else None,
        tuple(one for one in read[here + 1 :] if isinstance(one, Inbound)),
    )


def to_message(
    message: Any, reader: Reader, *, convo: str = "", parent: str | None = None, other: Author | None = None
) -> Inbound | Reject | None:
    """Translate a private message of a conversation with `other`; None for what has no words: deleted, or the system's.

    `parent` is the id, as we know it, of the message before it.
    """
    remote_id = message_id(convo, str(member(message, "id")))
    sender, text = read_did(member(message, "sender", "did")), member(message, "text")
    if not isinstance(text, str):
        return None
    if remote_id is None or sender is None:
        return Reject(remote_id, "the message has no readable id or sender", raw(message))
    own = sender == reader.did
    if own:
        author = Author(sender, reader.handle, reader.handle, page_of_profile(sender))
    elif other is not None and other.remote_id == sender:
        author = other
    else:
        author = Author(sender, sender, sender, page_of_profile(sender))
    shown = facets.segments(text, member(message, "facets"))
    return Inbound(
        uri=remote_id,
        remote_id=remote_id,
        author=author,
        role="own" if own else "direct",
        segments=shown,
        text=plain(shown),
        posted_at=plausible(moment(member(message, "sentAt")), reader.now + CLOCKS_DIFFER, reader.now),
        visibility="direct",
        in_reply_to=parent,
        addressed=() if own else (reader.handle,),
        quotes=quoted(member(message, "embed")),
        facts={"convo": convo},
    )


def _post(
    uri: AtUri,
    author: Author,
    record: dict[str, Any],
    view: Any,
    reader: Reader,
    told: Role | None,
    posted_at: datetime,
) -> Inbound:
    named = facets.mentions(record.get("text"), record.get("facets"))
    parent = post_uri(member(record, "reply", "parent", "uri"))
    quotes = quoted(record.get("embed"))
    shown = _segments(record, member(view, "embed"))
    langs = record.get("langs")
    return Inbound(
        uri=str(uri),
        remote_id=str(uri),
        author=author,
        role=_role(author.remote_id, {did for did, _ in named}, parent, quotes, told, reader),
        segments=shown,
        text=plain(shown),
        posted_at=posted_at,
        visibility="public",
        url=page_of_post(uri),
        in_reply_to=str(parent) if parent else None,
        in_reply_to_author=parent.did if parent else None,
        content_warning=warning(record.get("labels"), member(view, "labels")),
        language=words(langs[0], 35) if isinstance(langs, list) and langs else None,
        media=pictures(record.get("embed"), member(view, "embed")),
        addressed=tuple(dict.fromkeys(reader.handle if did == reader.did else called for did, called in named)),
        quotes=quotes,
        facts=_facts(record, view),
    )


def _segments(record: dict[str, Any], embed: Any) -> tuple[Segment, ...]:
    """The text, and under it the link of a card when the text does not give it."""
    shown = facets.segments(record.get("text"), record.get("facets"))
    link = card(record.get("embed"), embed)
    if link is None or any(piece.href == link or link in piece.text for piece in shown):
        return shown
    return (*shown, *([Segment("paragraph", "\n\n")] if shown else []), Segment("link", link, link))


def _facts(record: dict[str, Any], view: Any) -> dict[str, Any]:
    """What a reply needs to know of the post it answers, and what forbids one."""
    seen = member(view, "viewer")
    them = member(view, "author", "viewer")
    takes = member(view, "author", "associated", "chat", "allowIncoming")
    found = {
        "cid": identifier(member(view, "cid"), 200),
        "root": read_ref(member(record, "reply", "root")),
        "replies_off": member(seen, "replyDisabled") is True,
        "blocked_by": member(them, "blockedBy") is True,
        "blocking": any(member(them, name) for name in ("blocking", "blockingByList")),
        "takes_messages": takes == "all" or (takes == "following" and isinstance(member(them, "followedBy"), str)),
    }
    return {name: value for name, value in found.items() if value}


def _role(
    author: str, named: set[str], parent: AtUri | None, quotes: str | None, told: Role | None, reader: Reader
) -> Role:
    if author == reader.did:
        return "own"
    if reader.did in named or (parent is not None and parent.did == reader.did):
        return "mention"
    if told is not None:
        return told
    quoting = post_uri(quotes)
    return "quote" if quoting is not None and quoting.did == reader.did else "other"


def _told(view: Any, parents: dict[Any, Any], reader: Reader) -> Role | None:
    """Whether the network means this reply for us too: one of ours is among the nearest posts above it."""
    above = member(view, "record", "reply", "parent", "uri")
    for _ in range(_NEAR):
        uri = post_uri(above)
        if uri is None:
            return None
        if uri.did == reader.did:
            return "mention"
        above = parents.get(above)
    return None
