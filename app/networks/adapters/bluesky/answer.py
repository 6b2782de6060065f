"""Whether a post can be answered, from what was known when it was last read; pure."""

from typing import Any

from app.networks.adapters.bluesky.names import page_of_post, page_of_profile, post_uri, read_message
from app.networks.answerable import YES, Answerable, Asked
from app.networks.foreign import member


def answerable(asked: Asked, *, chat: bool) -> Answerable:
    """Yes, or why not: it is gone, one blocks the other, its author limits replies, or our sign-in has no messages.

    Where only replies are limited and the author takes messages from us, it can still be answered in private.
    """
    if asked.vanished:
        return Answerable("no", "answer.vanished")
    page = _page(asked)
    forbidden = why_not(asked.facts)
    if read_message(asked.remote_id) is not None:
        if forbidden in {BLOCKED, BLOCKING}:
            return Answerable("no", forbidden, url=page)
        return YES if chat else Answerable("by_hand", "answer.bluesky.no_messages", url="https://bsky.app/messages")
    if forbidden is None:
        return YES
    if forbidden == REPLIES_OFF:
        if chat and asked.facts.get("takes_messages"):
            return Answerable("private_only", forbidden, url=page)
        return Answerable("no", forbidden, url=page)
    return Answerable("no", forbidden, url=page)


BLOCKED = "answer.bluesky.blocked"
BLOCKING = "answer.bluesky.blocking"
REPLIES_OFF = "answer.bluesky.replies_off"


def why_not(facts: dict[str, Any]) -> str | None:
    """What forbids a public reply, as an i18n key."""
    if member(facts, "blocked_by") is True:
        return BLOCKED
    if member(facts, "blocking") is True:
        return BLOCKING
    return REPLIES_OFF if member(facts, "replies_off") is True else None


def _page(asked: Asked) -> str:
    uri = post_uri(asked.remote_id)
    return asked.url or (page_of_post(uri) if uri is not None else page_of_profile(asked.author_remote_id))
