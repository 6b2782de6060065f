"""Publishing: pictures first, the record under its key, and the look whether it is seen or was put there before."""

import asyncio
from dataclasses import replace
from typing import Any, Final

from app.core.clock import now
from app.networks.adapters.bluesky import chat
from app.networks.adapters.bluesky.call import Unreadable
from app.networks.adapters.bluesky.client import Api
from app.networks.adapters.bluesky.failures import AnotherRecord
from app.networks.adapters.bluesky.names import POST, AtUri, read_message
from app.networks.adapters.bluesky.posts import as_seen, stored
from app.networks.adapters.bluesky.record import media_id
from app.networks.adapters.bluesky.translate import Reader, to_message, to_published
from app.networks.errors import Gone, NetworkError, Rejected, Unknown
from app.networks.foreign import identifier, member, objects
from app.networks.port import Account, Inbound, Outgoing, Published, Upload

REPEAT_SECONDS: Final = 600.0
"""A repeat of the same record under the same key is the same post, at any time. But what somebody deleted would come
back: after ten minutes without an answer a person says what is to be done."""
HIDDEN: Final = "answer.bluesky.hidden"

_SIGNS: Final = ((0, b"\x89PNG\r\n\x1a\n"), (0, b"\xff\xd8\xff"), (0, b"GIF8"), (8, b"WEBP"))
"""How files of pictures begin: the server believes what it is told, and a post with something else shows a hole."""
_LOOKS: Final = (0.25, 0.5, 1.0)
_PREPARED: Final = "This reply was never prepared."


async def upload(account: Account, picture: Upload) -> str:
    """Hand a picture over; the network keeps it until a post carries it. Its description goes with the post."""
    if not any(picture.data[place:].startswith(sign) for place, sign in _SIGNS):
        raise Rejected("The file is not a picture.")
    told = await Api(account).send("com.atproto.repo.uploadBlob", picture.data, picture.media_type)
    made = media_id(member(told, "blob"))
    if made is None:
        raise Unreadable
    return made


async def publish(account: Account, outgoing: Outgoing) -> Published:
    """Put the prepared record under its key, or send the prepared message. Raises Unknown whenever it may be out."""
    api = Api(account)
    reader = Reader(account.remote_id, account.handle, now())
    if outgoing.visibility == "direct":
        return await _send(api, reader, outgoing)
    uri, record = _prepared(account, outgoing)
    body = {"repo": uri.did, "collection": uri.collection, "rkey": uri.key, "record": record, "swapRecord": None}
    try:
        told = await api.post("com.atproto.repo.putRecord", body, wrote=True)
    except AnotherRecord:
        return await _same(api, reader, uri, record)
    published = to_published(record, reader, uri=str(uri), cid=str(member(told, "cid")))
    if published is None or member(told, "uri") != str(uri):
        raise Unknown((Unreadable.__doc__ or "").strip())
    return await _seen(api, published, record)


async def find(account: Account, outgoing: Outgoing) -> Published | None:
    """The reply where it must lie if it was ever published: our own repository is never late."""
    api = Api(account)
    reader = Reader(account.remote_id, account.handle, now())
    if outgoing.visibility == "direct":
        return await _sent(api, reader, outgoing)
    uri, record = _prepared(account, outgoing)
    try:
        return await _same(api, reader, uri, record)
    except Gone:
        return None


def _prepared(account: Account, outgoing: Outgoing) -> tuple[AtUri, dict[str, Any]]:
    key, record = outgoing.prepared.get("rkey"), outgoing.prepared.get("record")
    if not isinstance(key, str) or not isinstance(record, dict):
        raise Rejected(_PREPARED)
    return AtUri(account.remote_id, POST, key), record


async def _same(api: Api, reader: Reader, uri: AtUri, record: dict[str, Any]) -> Published:
    """Our record under its key. Raises Gone when nothing lies there, AnotherRecord when something else does."""
    told = await stored(api, uri)
    published = to_published(record, reader, uri=str(uri), cid=str(member(told, "cid")))
    if published is None or member(told, "value") != record:
        raise AnotherRecord
    return published


async def _seen(api: Api, published: Published, record: dict[str, Any]) -> Published:
    """Look a moment later whether the network shows the reply under its parent; what it does not show yet is believed.

    It stores a reply under a wrong root, or against its author's wish, without a word, and shows it to nobody.
    """
    parent = str(member(record, "reply", "parent", "uri"))
    for pause in _LOOKS:
        await asyncio.sleep(min(pause, api.left() / 2))
        try:
            if published.remote_id not in await as_seen(api, [published.remote_id]):
                continue
            wishes = (("uri", parent), ("depth", "1"), ("parentHeight", "0"))
            told = await api.get("app.bsky.feed.getPostThread", wishes)
        except NetworkError:
            return published  # it is out, that is certain; whether it is seen could not be looked at
        replies = objects(member(told, "thread", "replies"))
        if all(member(one, "post", "uri") != published.remote_id for one in replies):
            return replace(published, doubt=HIDDEN)
        return published
    return published


async def _send(api: Api, reader: Reader, outgoing: Outgoing) -> Published:
    prepared = outgoing.prepared
    convo, message = prepared.get("convo"), prepared.get("message")
    if not isinstance(convo, str) or not isinstance(message, dict):
        raise Rejected(_PREPARED)
    told = await api.post("chat.bsky.convo.sendMessage", {"convoId": convo, "message": message}, chat=True, wrote=True)
    published = _as_published(told, reader, convo)
    if published is None:
        raise Unknown((Unreadable.__doc__ or "").strip())
    return published


async def _sent(api: Api, reader: Reader, outgoing: Outgoing) -> Published | None:
    """The message among those that came after the one that was the newest when it was prepared.

    Their service knows no key, so words are compared; an earlier message of the same words lies before that one.
    """
    prepared = outgoing.prepared
    convo, text, after = prepared.get("convo"), member(prepared, "message", "text"), prepared.get("after")
    if not isinstance(convo, str):
        raise Rejected(_PREPARED)
    messages, ended = await chat.latest(api, convo, pages=8, until=after)
    newer: list[dict[str, Any]] = []
    for one in messages:
        if after is not None and identifier(one.get("id")) == after:
            ended = True
            break
        newer.append(one)
    for one in newer:
        if member(one, "sender", "did") == reader.did and one.get("text") == text:
            return _as_published(one, reader, convo)
    if not ended:
        raise Unreadable
    return None


def _as_published(message: Any, reader: Reader, convo: str) -> Published | None:
    read = to_message(message, reader, convo=convo)
    if not isinstance(read, Inbound) or read_message(read.remote_id) is None:
        return None
    return Published(read.remote_id, read.uri, read.url, read.posted_at, read.segments, read.text, read.facts)
