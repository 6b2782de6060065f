"""Resolution: from the opening of the ticket to its being resolved, and on when it is reopened."""

from collections.abc import Sequence
from typing import Final

from app.sla.metric import Meet, Metric, Move, Reopen, Scene, shift_to, start_with
from app.sla.situation import ENDED


class Resolution:
    """Runs from opening to resolved, not while we wait for the customer."""

    name = "resolution"
    label = "Resolution"
    pauses = frozenset({"waiting"})

    def read(self, scene: Scene) -> Sequence[Move]:
        """Start with the message that opened the ticket, be met by resolving, go on as the policy says on reopening."""
        fact, before, after, timer = scene.fact, scene.before, scene.after, scene.timer
        if after.opening is None:
            return []
        if timer is None:
            return [start_with(after.opening)] if after.active else []
        if timer.open and after.state in ENDED:
            return [Meet(fact.at)]
        if timer.open and timer.cycle == 1 and after.opening.at < timer.started_at:
            return [shift_to(after.opening, "older_message")]
        if not timer.open and after.active and not before.active:
            return [Reopen(fact.at, "reopened")]
        return []


METRIC: Final[Metric] = Resolution()
