"""Finding: one thing that was looked at, how it is, and what to do."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "look", "wrong"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`look` is worth a look in the morning, `wrong` must be mended; then `todo` says how."""

    check: str
    level: Level
    sentence: str
    todo: str = ""


def ok(check: str, sentence: str) -> Finding:
    """All is well."""
    return Finding(check, "ok", sentence)


def look(check: str, sentence: str, todo: str) -> Finding:
    """It works, but not as it should."""
    return Finding(check, "look", sentence, todo)


def wrong(check: str, sentence: str, todo: str) -> Finding:
    """It does not work."""
    return Finding(check, "wrong", sentence, todo)


def lasting(seconds: float) -> str:
    """A span as people say it."""
    for name, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {name}"
    return f"{seconds:.0f} s"
