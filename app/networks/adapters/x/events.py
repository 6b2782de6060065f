"""What X Activity tells, by webhook and by stream: its envelopes, whichever of its shapes they have; pure."""

from dataclasses import dataclass
from typing import Any, Final

from app.networks.foreign import identifier, member, objects, words

POSTS: Final = {"post.mention.create": "mention", "post.reply.create": "mention", "post.quote.create": "quote"}
"""Kinds that hand us a post, and what it is to us. Replies without our name and quotes are told nowhere else."""
MESSAGE: Final = "dm.received"
ENCRYPTED: Final = "chat.received"
DELETED: Final = "post.delete"
WANTED: Final = (*POSTS, MESSAGE, ENCRYPTED, "dm.sent", DELETED)
"""What we ask to be told."""
_LEGACY: Final = ("tweet_create_events", "direct_message_events", "tweet_delete_events", "user_event")


@dataclass(frozen=True, slots=True)
class Told:
    """One event: its kind, whom it was told about, and what came with it."""

    kind: str
    about: str | None
    payload: Any
    includes: Any

    @property
    def object_id(self) -> str | None:
        """The id of the post or message it is about: the same event may come twice under two ids of its own."""
        event = next(iter(objects(member(self.payload, "direct_message_events"))), None)
        return identifier(member(event or self.payload, "id"), 100)


def read_events(body: Any) -> list[Told]:
    """The events in a body: one under `data`, several, one wrapped once more, or the account activity of before."""
    data = member(body, "data")
    inner = data if isinstance(data, list) else [data if isinstance(data, dict) else body]
    found = []
    for one in objects(inner):
        event = one.get("event") if isinstance(one.get("event"), dict) else one
        kind = words(member(event, "event_type"), 60)
        if kind is not None:
            about = identifier(member(event, "filter", "user_id"), 60)
            found.append(Told(kind, about, member(event, "payload"), member(event, "includes")))
    if not found and isinstance(body, dict):
        about = identifier(body.get("for_user_id"), 60)
        found = [Told(name, about, body, None) for name in _LEGACY if name in body]
    return found
