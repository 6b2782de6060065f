"""Publishing a reply or a direct message, and looking for one whose answer was lost."""

from datetime import datetime, timedelta
from typing import Any, Final

from app.core.clock import now
from app.networks.adapters.x import costs, ids
from app.networks.adapters.x.client import MOST_AT_ONCE, Api
from app.networks.adapters.x.failures import Duplicate
from app.networks.adapters.x.messages import sent_since, talk_with
from app.networks.adapters.x.posts import one_now, reader_of, surrounded
from app.networks.adapters.x.recall import CLOCKS_DIFFER, recognise_message, recognise_post
from app.networks.adapters.x.translate import Around, to_instant, to_message, to_published
from app.networks.adapters.x.wire import Unreadable
from app.networks.errors import Gone, NetworkError, Rejected, Unknown
from app.networks.foreign import identifier, member, objects
from app.networks.port import Account, Inbound, Outgoing, Published

_MOST_PAGES: Final = 8
_DUPLICATES_REACH: Final = timedelta(hours=24)
"""How far back the post may be of which X says that a text is a duplicate."""


async def publish(account: Account, outgoing: Outgoing) -> Published:
    """Publish once. Raises Unknown whenever the post may be out, also when X calls it a duplicate of one that fits."""
    api = Api(account)
    if outgoing.content_warning:
        raise Rejected("X knows no content warnings.")
    if outgoing.visibility == "direct":
        return await _send_message(api, outgoing)
    name = ids.read_name(outgoing.in_reply_to)
    if name is None or name.kind != "post":
        raise Gone
    body: dict[str, Any] = {
        "text": outgoing.text,
        "reply": {"in_reply_to_tweet_id": _latest(outgoing)},
        **({"media": {"media_ids": list(outgoing.media_ids)}} if outgoing.media_ids else {}),
    }
    try:
        posted = await api.send("/2/tweets", body, wrote=True)
    except Duplicate as duplicate:
        raise await _judged(api, outgoing, duplicate) from duplicate
    facts = outgoing.parent_facts
    summoned = facts.get("names_us") is True or facts.get("quotes_us") is True
    account.meter.add(costs.creation(outgoing.text, summoned=summoned))
    published = to_published(member(posted, "data"), reader_of(account))
    if published is None:
        raise Unknown((Unreadable.__doc__ or "").strip())
    return published


async def find(account: Account, outgoing: Outgoing, since: datetime) -> Published | None:
    """Look through what we posted since then for this reply; None only after reading all of it."""
    api = Api(account)
    if outgoing.visibility != "direct":
        return await _find_post(api, outgoing, since)
    talk = await _talk(api, outgoing)
    event = recognise_message(await sent_since(api, talk, since), outgoing, account.remote_id, since)
    read = to_message(event, reader_of(account)) if event else None
    return _as_published(read) if isinstance(read, Inbound) else None


async def _find_post(api: Api, outgoing: Outgoing, since: datetime) -> Published | None:
    posts, near = await _own_since(api, since)
    post = recognise_post(posts, near, outgoing, since)
    return to_published(post, reader_of(api.account)) if post else None


async def _own_since(api: Api, since: datetime) -> tuple[list[Any], Around]:
    path = f"/2/users/{api.account.remote_id}/tweets"
    start = (since - CLOCKS_DIFFER).strftime("%Y-%m-%dT%H:%M:%SZ")
    found: list[Any] = []
    pages: list[Any] = []
    token: str | None = None
    for _ in range(_MOST_PAGES):
        onward = [("pagination_token", token)] if token else []
        asked = [("max_results", str(MOST_AT_ONCE)), ("exclude", "retweets"), ("start_time", start), *onward]
        page = await api.get_posts(path, asked)
        fresh = objects(member(page, "data"))
        api.count("own.read", fresh)
        found += fresh
        pages.append(page)
        token = identifier(member(page, "meta", "next_token"))
        if token is None:
            break
    return found, await surrounded(api, pages)


async def _judged(api: Api, outgoing: Outgoing, duplicate: Duplicate) -> NetworkError:
    """What being called a duplicate means: the same words under the same post are probably this very reply."""
    there = await _find_post(api, outgoing, now() - _DUPLICATES_REACH)
    if there is None:
        return duplicate
    return Unknown("X says that this text is out already; we are looking whether it is this reply.")


async def _send_message(api: Api, outgoing: Outgoing) -> Published:
    talk = await _talk(api, outgoing)
    body: dict[str, Any] = {**({"text": outgoing.text} if outgoing.text else {})}
    if outgoing.media_ids:
        body["attachments"] = [{"media_id": one} for one in outgoing.media_ids]
    sent = await api.send(f"/2/dm_conversations/{_path(api, talk)}/messages", body, wrote=True)
    api.account.meter.add("message.send")
    number = identifier(member(sent, "data", "dm_event_id"), 60)
    if number is None or not ids.is_number(number):
        raise Unknown((Unreadable.__doc__ or "").strip())
    event = {
        "id": number,
        "event_type": "MessageCreate",
        "sender_id": api.account.remote_id,
        "dm_conversation_id": identifier(member(sent, "data", "dm_conversation_id"), 60) or talk,
        "text": outgoing.text,
    }
    read = to_message(event, reader_of(api.account))
    if not isinstance(read, Inbound):
        raise Unknown((Unreadable.__doc__ or "").strip())
    return _as_published(read)


def _path(api: Api, talk: str) -> str:
    """Where to send: to the other of two, which also begins a conversation; else to the group."""
    both = talk.split("-")
    others = [one for one in both if one != api.account.remote_id]
    return f"with/{others[0]}" if len(both) == 2 and len(others) == 1 else talk


async def _talk(api: Api, outgoing: Outgoing) -> str:
    """The conversation a private answer belongs to: that of the message, or one with whoever wrote the post."""
    name = ids.read_name(outgoing.in_reply_to)
    if name is None:
        raise Gone
    if name.kind == "message":
        return name.talk
    if name.kind == "encrypted":
        raise Rejected("This conversation is encrypted: only X itself can answer in it.")
    author = outgoing.parent_facts.get("author")
    if not isinstance(author, str):
        post, _ = await one_now(api, name.id)
        author = identifier(post.get("author_id"), 60)
    if author is None or not ids.is_number(author):
        raise Gone
    return talk_with(api.account.remote_id, author)


def _latest(outgoing: Outgoing) -> str:
    latest = outgoing.parent_facts.get("id")
    return latest if isinstance(latest, str) and ids.is_number(latest) else outgoing.in_reply_to


def _as_published(message: Inbound) -> Published:
    return Published(
        message.remote_id,
        message.uri,
        message.url,
        to_instant({"id": message.uri.rpartition(":")[2]}) or message.posted_at,
        message.segments,
        message.text,
        message.facts,
    )
