"""Makes the record of a reply, whole and for good, before the first attempt to put it there."""

import json
from typing import Any, Final

from app.core.clock import now
from app.networks.adapters.bluesky import chat, facets
from app.networks.adapters.bluesky.answer import why_not
from app.networks.adapters.bluesky.call import Unreadable
from app.networks.adapters.bluesky.client import Api
from app.networks.adapters.bluesky.detect import detect
from app.networks.adapters.bluesky.labels import label_of
from app.networks.adapters.bluesky.names import POST, post_uri, read_did, read_message, read_ref
from app.networks.adapters.bluesky.posts import as_seen
from app.networks.adapters.bluesky.tid import mint
from app.networks.adapters.bluesky.translate import Reader, to_inbound
from app.networks.errors import Gone, Rejected, Transient
from app.networks.foreign import identifier, member
from app.networks.port import Inbound, Outgoing
from app.networks.together import together

_MOST_MENTIONS: Final = 20


class NotAllowed(Rejected):
    """The author of this post does not let this account reply to it."""


class NoSuchWarning(Rejected):
    """Bluesky has no words of one's own as a content warning: only adult content, nudity, suggestive content and graphic media."""


class NoMessages(Rejected):
    """This account's sign-in does not allow private messages."""


async def prepare(api: Api, outgoing: Outgoing) -> dict[str, Any]:
    """The record and the key it will lie under, or a private message and where it goes; never made twice for a reply.

    Raises Gone when the parent is gone, and NotAllowed when replying was forbidden meanwhile: the network would store
    the reply all the same, and show it to nobody.
    """
    if outgoing.visibility == "direct":
        return await _message(api, outgoing)
    reply = await _place(api, outgoing)
    at = now()
    record: dict[str, Any] = {
        "$type": POST,
        "text": outgoing.text,
        "createdAt": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "reply": reply,
    }
    if marked := await _marked(api, outgoing.text):
        record["facets"] = marked
    if outgoing.language:
        record["langs"] = [outgoing.language]
    if outgoing.media_ids:
        record["embed"] = {"$type": "app.bsky.embed.images", "images": _images(outgoing)}
    if outgoing.content_warning:
        label = label_of(outgoing.content_warning)
        if label is None:
            raise NoSuchWarning
        record["labels"] = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": label}]}
    return {"rkey": mint(at), "record": record}


def media_id(blob: Any) -> str | None:
    """An uploaded picture's blob as the id of a picture; None when it is none."""
    link, kind, size = member(blob, "ref", "$link"), member(blob, "mimeType"), member(blob, "size")
    if not isinstance(link, str) or not isinstance(kind, str) or type(size) is not int:
        return None
    return json.dumps([link, kind, size], separators=(",", ":"))


def _images(outgoing: Outgoing) -> list[dict[str, Any]]:
    images = []
    for number, one in enumerate(outgoing.media_ids):
        link, kind, size = json.loads(one)
        blob = {"$type": "blob", "ref": {"$link": link}, "mimeType": kind, "size": size}
        alt = outgoing.alts[number] if number < len(outgoing.alts) else ""
        images.append({"alt": alt, "image": blob})
    return images


async def _place(api: Api, outgoing: Outgoing) -> dict[str, Any]:
    """Parent and root of the reply, each with the hash of its content, as the network shows the parent now."""
    uri = post_uri(outgoing.in_reply_to)
    if uri is None:
        raise Gone
    reader = Reader(api.account.remote_id, api.account.handle, now())
    view = (await as_seen(api, [str(uri)])).get(str(uri))
    if view is None and uri.did == reader.did and (known := outgoing.parent_facts.get("cid")):
        parent = {"uri": str(uri), "cid": str(known)}  # ours, and so new that the network does not show it yet
        return {"root": read_ref(outgoing.parent_facts.get("root")) or parent, "parent": parent}
    if view is None:
        raise Gone
    found = to_inbound(view, reader)
    if not isinstance(found, Inbound) or "cid" not in found.facts:
        raise Unreadable
    if why_not(found.facts) is not None:
        raise NotAllowed
    parent = {"uri": str(uri), "cid": found.facts["cid"]}
    return {"root": found.facts.get("root") or parent, "parent": parent}


async def _marked(api: Api, text: str) -> list[dict[str, Any]]:
    """The facets of a text. A handle that leads nowhere stays plain text."""
    found = detect(text)
    handles = list(dict.fromkeys(one.said for one in found if one.kind == "mention"))[:_MOST_MENTIONS]
    dids = dict(zip(handles, await together(*(_did_of(api, handle) for handle in handles)), strict=True))
    return [
        facets.write(one.kind, one.start, one.end, target)
        for one in found
        if (target := dids.get(one.said) if one.kind == "mention" else one.said) is not None
    ]


async def _did_of(api: Api, handle: str) -> str | None:
    try:
        told = await api.get("com.atproto.identity.resolveHandle", (("handle", handle),))
    except (Rejected, Transient):
        return None
    return read_did(member(told, "did"))


async def _message(api: Api, outgoing: Outgoing) -> dict[str, Any]:
    """A private message, the conversation it goes to, and the message that was the newest before it."""
    if not api.account.traits.get("chat"):
        raise NoMessages
    known = read_message(outgoing.in_reply_to)
    convo = known[0] if known is not None else await _convo_with(api, outgoing.in_reply_to)
    newest, _ = await chat.latest(api, convo)
    message: dict[str, Any] = {"text": outgoing.text}
    if marked := await _marked(api, outgoing.text):
        message["facets"] = marked
    return {"convo": convo, "message": message, "after": identifier(member(newest[0], "id")) if newest else None}


async def _convo_with(api: Api, remote_id: str) -> str:
    """The conversation with the author of a post, begun if there was none."""
    uri = post_uri(remote_id)
    if uri is None:
        raise Gone
    told = await api.get("chat.bsky.convo.getConvoForMembers", (("members", uri.did),), chat=True)
    convo = identifier(member(told, "convo", "id"), 200)
    if convo is None:
        raise Unreadable
    return convo
