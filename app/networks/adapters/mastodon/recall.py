"""Recognises a reply of ours among the posts a server has: the proof that an unanswered publish arrived; pure."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

import regex

from app.networks.adapters.mastodon.compose import without_mentions
from app.networks.adapters.mastodon.translate import Reader, their_visibility, to_published
from app.networks.foreign import identifier, member, moment, objects, words
from app.networks.html import read_html
from app.networks.port import Outgoing, Published
from app.networks.text import links

CLOCKS_DIFFER: Final = timedelta(seconds=60)
_SPACE: Final = regex.compile(r"[\p{White_Space}\p{Cf}]+")


def recognise(
    statuses: Iterable[Any], outgoing: Outgoing, since: datetime, reader: Reader, application: str | None
) -> Published | None:
    """Find this reply among posts: the newest that is ours, under its parent and has its words, warning and pictures.

    It may be a minute older than `since`, because clocks differ. Where the server tells which application posted it,
    it must be ours. Words are compared without mentions, links, white space and invisible characters, which servers
    rewrite.
    """
    wanted = {_core(outgoing.text), _bare(outgoing.text)}
    found = [
        published
        for status in statuses
        if _placed(status, outgoing, since, reader)
        and _sent_by(status, application)
        and {identifier(one.get("id"), 200) for one in objects(member(status, "media_attachments"))}
        == set(outgoing.media_ids)
        and _bare(_text(member(status, "spoiler_text"))) == _bare(outgoing.content_warning or "")
        and wanted & _cores(status)
        and (published := to_published(status, reader)) is not None
    ]
    return max(found, key=lambda one: one.posted_at, default=None)


def _placed(status: Any, outgoing: Outgoing, since: datetime, reader: Reader) -> bool:
    posted_at = moment(member(status, "created_at"))
    # A server that has silenced an account publishes as unlisted what it sent as public.
    visibilities = {their_visibility(outgoing.visibility), "unlisted" if outgoing.visibility == "public" else ""}
    return (
        identifier(member(status, "account", "id"), 200) == reader.account_id
        and identifier(member(status, "in_reply_to_id"), 200) == outgoing.in_reply_to
        and posted_at is not None
        and posted_at >= since - CLOCKS_DIFFER
        and member(status, "visibility") in visibilities
    )


def _sent_by(status: Any, application: str | None) -> bool:
    name = words(member(status, "application", "name"), 200)
    return not application or not name or name == application


def _cores(status: Any) -> set[str]:
    """The words of a post in every form its server gives them: as HTML, and as they were sent."""
    pieces = [piece for piece in read_html(_text(member(status, "content"))) if piece.kind != "mention"]
    marked = ["\ue000" if piece.kind == "link" else piece.text for piece in pieces]
    sent = [member(status, "text"), member(status, "pleroma", "content", "text/plain")]
    return {
        _bare("".join(marked)),
        _bare("".join(piece.text for piece in pieces)),
        *(_core(text) for text in sent if isinstance(text, str)),
    }


def _core(text: str) -> str:
    """What is left of a text when everything servers rewrite is taken out; each link leaves a mark."""
    position, parts = 0, []
    for start, end in links(text):
        parts += [text[position:start], "\ue000"]
        position = end
    return _bare("".join([*parts, text[position:]]))


def _bare(text: str) -> str:
    return _SPACE.sub("", unicodedata.normalize("NFC", without_mentions(text)))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
