"""What things are called here: at:// addresses of posts, ids of private messages, handles and DIDs; pure."""

import re
from dataclasses import dataclass
from typing import Any, Final

from app.networks.foreign import identifier, member

POST: Final = "app.bsky.feed.post"
INVALID: Final = "handle.invalid"
"""What the network says for a handle that does not lead to its account."""

_MESSAGE: Final = "chat.bsky.convo:"
_DID: Final = re.compile(r"did:[a-z]+:[A-Za-z0-9._:%-]{1,250}")
_HANDLE: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
_KEY: Final = r"[A-Za-z0-9._:~-]{1,512}"
_URI: Final = re.compile(rf"at://(did:[a-z]+:[A-Za-z0-9._:%-]{{1,250}})/([A-Za-z0-9.-]{{1,317}})/({_KEY})")
_MESSAGE_ID: Final = re.compile(rf"{re.escape(_MESSAGE)}({_KEY})/({_KEY})")


@dataclass(frozen=True, slots=True)
class AtUri:
    """Where a record lies: whose, of which kind, under which key."""

    did: str
    collection: str
    key: str

    def __str__(self) -> str:
        """The address as the network writes it."""
        return f"at://{self.did}/{self.collection}/{self.key}"


def read_uri(value: Any) -> AtUri | None:
    """The parts of an at:// address that names an account by its DID; None for anything else."""
    found = _URI.fullmatch(value) if isinstance(value, str) else None
    return AtUri(*found.groups()) if found else None


def post_uri(value: Any) -> AtUri | None:
    """As read_uri(), for posts alone."""
    found = read_uri(value)
    return found if found is not None and found.collection == POST else None


def read_did(value: Any) -> str | None:
    """A DID, exactly as given; None for anything else."""
    return value if isinstance(value, str) and _DID.fullmatch(value) else None


def read_handle(value: Any) -> str | None:
    """A handle in lower case; None for what is none, or is known to lead nowhere."""
    handle = value.lower() if isinstance(value, str) else ""
    return handle if handle != INVALID and len(handle) <= 253 and _HANDLE.fullmatch(handle) else None


def read_ref(value: Any) -> dict[str, str] | None:
    """A strong reference to a post: its address and the hash of its content."""
    uri, cid = post_uri(member(value, "uri")), identifier(member(value, "cid"), 200)
    return {"uri": str(uri), "cid": cid} if uri is not None and cid is not None else None


def page_of_post(uri: AtUri) -> str:
    """Where a person reads a post."""
    return f"https://bsky.app/profile/{uri.did}/post/{uri.key}"


def page_of_profile(did: str) -> str:
    """Where a person reads about an account."""
    return f"https://bsky.app/profile/{did}"


def message_id(convo: str, message: str) -> str | None:
    """The id by which we know a private message: those of the network are unique only within a conversation."""
    made = f"{_MESSAGE}{convo}/{message}"
    return made if _MESSAGE_ID.fullmatch(made) else None


def read_message(remote_id: str) -> tuple[str, str] | None:
    """The conversation and the message behind an id of ours; None for the id of anything else."""
    found = _MESSAGE_ID.fullmatch(remote_id)
    return (found[1], found[2]) if found else None
