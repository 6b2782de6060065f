"""Recognises a reply of ours among what we posted: the proof that an unanswered publish arrived; pure."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from html import unescape
from typing import Any, Final

import regex

from app.networks.adapters.x import names
from app.networks.adapters.x.read_text import without_opening_names
from app.networks.adapters.x.translate import Around, to_instant, versions
from app.networks.foreign import identifier, member, objects
from app.networks.port import Outgoing

CLOCKS_DIFFER: Final = timedelta(seconds=60)
_SPACE: Final = regex.compile(r"[\p{White_Space}\p{Cf}]+")


def parents(outgoing: Outgoing) -> set[str]:
    """The ids under which a reply may stand: the post it answers, by its first and by its latest version."""
    latest = outgoing.parent_facts.get("id")
    return {outgoing.in_reply_to, *([latest] if isinstance(latest, str) else [])}


def recognise_post(posts: Iterable[Any], near: Around, outgoing: Outgoing, since: datetime) -> dict[str, Any] | None:
    """The newest of our posts that stands under the same post with the same words and as many pictures.

    It may be a minute older than `since`, because clocks differ. Words are compared without the names in front, white
    space and invisible characters, and with every short link as the address behind it.
    """
    wanted = bare(outgoing.text)
    fitting = [
        post
        for post in posts
        if _replied_to(post, near) & parents(outgoing)
        and _is_since(post, since)
        and _pictures(post, outgoing)
        and bare(said(post)) == wanted
    ]
    return max(fitting, key=_made, default=None)


def recognise_message(events: Iterable[Any], outgoing: Outgoing, own: str, since: datetime) -> dict[str, Any] | None:
    """The newest of our messages with the same words."""
    fitting = [
        event
        for event in events
        if identifier(member(event, "sender_id"), 60) == own
        and _is_since(event, since)
        and _pictures(event, outgoing)
        and bare(said(event)) == bare(outgoing.text)
    ]
    return max(fitting, key=_made, default=None)


def said(entity: Any) -> str:
    """The text as it was written: the whole of a long one, every short link as the address behind it."""
    note = names.note(entity)
    inner = note if isinstance(member(note, "text"), str) else entity
    text = member(inner, "text")
    if not isinstance(text, str):
        return ""
    for mark in objects(member(inner, "entities", "urls"))[:200]:
        short, address = mark.get("url"), mark.get("expanded_url")
        if isinstance(short, str) and short and isinstance(address, str):
            is_picture = mark.get("media_key") is not None
            text = text.replace(short, "" if is_picture else address)
    return text


def bare(text: str) -> str:
    """What is left of a text when everything X rewrites is taken out."""
    plain = without_opening_names(unescape(text))
    return _SPACE.sub("", unicodedata.normalize("NFC", plain)).replace("http://", "").replace("https://", "").lower()


def _replied_to(post: Any, near: Around) -> set[str]:
    """The post it answers, by the version it was given under and by the first."""
    for one in objects(names.references(post)):
        number = identifier(one.get("id"), 60)
        if one.get("type") == "replied_to" and number is not None:
            return {number, versions(near.posts.get(number), number)[0]}
    return set()


def _pictures(entity: Any, outgoing: Outgoing) -> bool:
    """As many pictures, and the same ones where X names them by their ids."""
    listed = member(entity, "attachments", "media_keys")
    keys = {key.partition("_")[2] for key in listed if isinstance(key, str)} if isinstance(listed, list) else set()
    return keys == set(outgoing.media_ids)


def _is_since(entity: Any, since: datetime) -> bool:
    made = to_instant(entity)
    return made is not None and made >= since - CLOCKS_DIFFER


def _made(entity: Any) -> float:
    made = to_instant(entity)
    return made.timestamp() if made else 0.0
