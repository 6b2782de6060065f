"""Content warnings: this network has no free words for them, only labels that everybody knows; pure."""

from typing import Any, Final

from app.networks.foreign import member, objects

WORDS: Final = {
    "sexual": "Suggestive content",
    "nudity": "Nudity",
    "porn": "Adult content",
    "graphic-media": "Graphic media",
    "gore": "Graphic media",
    "!warn": "Flagged by moderators",
    "!hide": "Hidden by moderators",
    "spam": "Spam",
}
_OWN: Final = {WORDS[value]: value for value in ("graphic-media", "sexual", "nudity", "porn")}
"""What an author may say of a post of their own."""
_MOST: Final = 50


def warning(own: Any, given: Any) -> str | None:
    """The warnings of a post in words: its author's labels, and those of the moderators that the account heeds."""
    values = [one.get("val") for one in objects(member(own, "values"))[:_MOST]]
    values += [one.get("val") for one in objects(given)[:_MOST] if not one.get("neg")]
    said = dict.fromkeys(WORDS[value] for value in values if isinstance(value, str) and value in WORDS)
    return ", ".join(said) or None


def label_of(said: str) -> str | None:
    """The label for a warning in the words of warning(); None when there is none that an author may give."""
    parts = [part.strip() for part in said.split(",")]
    return next((_OWN[part] for part in parts if part in _OWN), None)
