"""Facts about keys; what a key does is told by the facts themselves, whose `agent_id` it is."""

from typing import ClassVar, Literal

from app.access.views import KeyView
from app.core.event import Event


class KeyMade(Event):
    """Another system got a key."""

    audience: ClassVar[str] = "leads"
    type: Literal["key.made"] = "key.made"
    key: KeyView


class KeyRevoked(Event):
    """A key ended; its sockets are closed."""

    audience: ClassVar[str] = "leads"
    type: Literal["key.revoked"] = "key.revoked"
    key: KeyView
