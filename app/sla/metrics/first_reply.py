"""First reply: from the customer's first message to the first reply of a person that the network accepted."""

from collections.abc import Sequence
from typing import Final

from app.sla.facts import MessageVanished
from app.sla.metric import Cancel, Meet, Metric, Move, Scene, shift_to, start_with


class FirstReply:
    """Runs while somebody waits who never had a reply; a second cycle only when the first was cancelled."""

    name = "first_reply"
    label = "First reply"
    pauses: frozenset[str] = frozenset()

    def read(self, scene: Scene) -> Sequence[Move]:
        """Start with the oldest message, be met by the first reply, be cancelled when nobody waits any more."""
        fact, after, timer = scene.fact, scene.after, scene.timer
        gone = isinstance(fact, MessageVanished)
        if timer is None or not timer.open:
            waiting = after.oldest if after.first_answer is None else None
            return [start_with(waiting)] if waiting else []
        if after.first_answer is not None:
            return [Meet(after.first_answer.at, after.first_answer.submitted_at)]
        if after.oldest is None:
            return [Cancel(fact.at, "upstream_deleted" if gone else "resolved_without_reply")]
        if after.oldest.at != timer.started_at:
            return [shift_to(after.oldest, "upstream_deleted" if gone else "older_message")]
        return []


METRIC: Final[Metric] = FirstReply()
