"""The ids of posts and messages: the time in them, their order, and how ours say which kind they are; pure."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

_EPOCH: Final = datetime(2010, 11, 4, 1, 42, 54, 657000, tzinfo=UTC)
"""Where the clock in an id begins."""
_CLOCK_BITS: Final = 22
_NUMBER: Final = re.compile(r"[0-9]{1,19}")
_MESSAGE: Final = re.compile(r"dm-([0-9]{1,19})-([0-9]{1,19}(?:-[0-9]{1,19})?)")
_ENCRYPTED: Final = re.compile(r"chat-([0-9]{1,15})-([0-9]{1,19})-([A-Za-z0-9._:-]{1,100})")


@dataclass(frozen=True, slots=True)
class Name:
    """What a remote id of ours says: a post's is its number, a message's carries its conversation too."""

    kind: Literal["post", "message", "encrypted"]
    id: str
    talk: str = ""  # of a message: its conversation there
    sender: str = ""  # of an encrypted one: who sent it
    at: datetime | None = None  # and when


def is_number(value: str) -> bool:
    """Whether this can be an id over there."""
    return _NUMBER.fullmatch(value) is not None


def age(number: str) -> tuple[int, str]:
    """Orders ids: a longer number is the newer one."""
    return len(number), number


def newest(numbers: list[str]) -> str | None:
    """The newest of these ids."""
    return max(numbers, key=age, default=None)


def instant(number: str) -> datetime | None:
    """When an id was made (UTC); None for what is no id or older than the clock in them."""
    if not is_number(number) or not (made := int(number) >> _CLOCK_BITS):
        return None
    return _EPOCH + timedelta(milliseconds=made)


def message_name(event: str, talk: str) -> str:
    """Our id of a direct message: enough to read it again and to answer it."""
    return f"dm-{event}-{talk}"


def encrypted_name(event: str, sender: str, milliseconds: int) -> str:
    """Our id of an encrypted message, of which nothing can be asked for later: all we know of it is in here."""
    return f"chat-{milliseconds}-{sender}-{event}"


def read_name(remote_id: str) -> Name | None:
    """Take a remote id of ours apart; None for what never was one."""
    if is_number(remote_id):
        return Name("post", remote_id)
    if match := _MESSAGE.fullmatch(remote_id):
        return Name("message", match[1], talk=match[2])
    if match := _ENCRYPTED.fullmatch(remote_id):
        return Name(
            "encrypted", match[3], sender=match[2], at=datetime.fromtimestamp(min(int(match[1]), 10**14) / 1000, UTC)
        )
    return None
