"""What X charges (August 2026), in millionths of a US dollar; the operator corrects what is different for them."""

from typing import Final

import regex

from app.networks.cost import Price

PRICES: Final = (
    Price("mention.read", 1_000, "read", "cost.x.mention_read"),
    Price("own.read", 1_000, "read", "cost.x.own_read"),
    Price("post.read", 5_000, "read", "cost.x.post_read"),
    Price("profile.read", 10_000, "read", "cost.x.profile_read"),
    Price("message.read", 10_000, "read", "cost.x.message_read"),
    Price("event.post", 5_000, "read", "cost.x.event_post"),
    Price("event.message", 10_000, "read", "cost.x.event_message"),
    Price("post.create", 15_000, "write", "cost.x.post_create"),
    Price("post.create_with_link", 200_000, "write", "cost.x.post_create_with_link"),
    Price("reply.summoned", 10_000, "write", "cost.x.reply_summoned"),
    Price("message.send", 15_000, "write", "cost.x.message_send"),
    Price("media.description", 5_000, "write", "cost.x.media_description"),
)
"""Mentions and own posts cost so little only when the brand owns the developer app."""

_LINK: Final = regex.compile(r"(?<![\p{L}\p{N}@#$_.-])(?:https?://)?(?:[\p{L}\p{N}_-]+\.)+\p{L}{2,}", regex.IGNORECASE)


def has_link(text: str) -> bool:
    """Whether X finds a link in a text; a bare name with a dot counts, so rather yes than no."""
    return _LINK.search(text) is not None


def creation(text: str, *, summoned: bool) -> str:
    """What publishing this text is charged as; with a link the dearest, whoever asked for it."""
    if has_link(text):
        return "post.create_with_link"
    return "reply.summoned" if summoned else "post.create"
