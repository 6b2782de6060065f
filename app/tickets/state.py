"""The ticket's states and the moves between them; pure."""

from typing import Final, Literal

State = Literal["open", "waiting", "on_hold", "snoozed", "resolved", "closed"]
Priority = Literal["low", "normal", "high", "urgent"]
DismissReason = Literal["spam", "praise", "not_for_us", "duplicate", "no_answer_needed"]

PRIORITIES: Final[tuple[Priority, ...]] = ("low", "normal", "high", "urgent")
ACTIVE: Final[frozenset[str]] = frozenset({"open", "waiting", "on_hold", "snoozed"})
DONE: Final[frozenset[str]] = frozenset({"resolved", "closed"})

MOVES: Final[dict[State, frozenset[State]]] = {
    "open": frozenset({"waiting", "on_hold", "snoozed", "resolved"}),
    "waiting": frozenset({"open", "on_hold", "snoozed", "resolved"}),
    "on_hold": frozenset({"open", "waiting", "snoozed", "resolved"}),
    "snoozed": frozenset({"open", "waiting", "on_hold", "snoozed", "resolved"}),
    "resolved": frozenset({"open"}),
    "closed": frozenset({"open"}),
}
"""What an agent may do; dismissing (to closed) is a verb of its own and possible from every active state."""


def may_move(state: str, to: str) -> bool:
    """Whether an agent may move a ticket from `state` to `to`."""
    return to in MOVES.get(state, frozenset())  # type: ignore[call-overload]


def woken_by_customer(state: str) -> bool:
    """Whether a new word of the customer opens the ticket again; what is on hold stays there, what is open is open."""
    return state in {"waiting", "snoozed", "resolved"}
