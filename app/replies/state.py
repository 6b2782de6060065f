"""The states of a reply and the moves between them; pure."""

from typing import Final

UNFINISHED: Final = ("queued", "sending", "unsure")
MOVES: Final[dict[str, frozenset[str]]] = {
    "queued": frozenset({"sending", "cancelled", "failed", "queued"}),
    "sending": frozenset({"sent", "queued", "unsure", "failed"}),
    "unsure": frozenset({"sent", "sending", "queued", "failed", "unsure"}),
    "failed": frozenset({"queued", "cancelled"}),
    "sent": frozenset(),
    "cancelled": frozenset(),
}
"""Nothing leads out of `sent`: what is out stays out."""


def may_become(state: str, to: str) -> bool:
    """Whether a reply may go from `state` to `to`."""
    return to in MOVES[state]
