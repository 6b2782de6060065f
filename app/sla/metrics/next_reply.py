"""Next reply: after the first one, from the oldest message nobody answered to our next accepted reply."""

from collections.abc import Sequence
from typing import Final

from app.sla.facts import MessageVanished
from app.sla.metric import Cancel, Meet, Metric, Move, Scene, shift_to, start_with


class NextReply:
    """One cycle per unanswered run."""

    name = "next_reply"
    label = "Next reply"
    pauses: frozenset[str] = frozenset()

    def read(self, scene: Scene) -> Sequence[Move]:
        """Run while a message waits; resolving or deleting it first cancels the cycle with the reason."""
        fact, before, after, timer = scene.fact, scene.before, scene.after, scene.timer
        gone = isinstance(fact, MessageVanished)
        begin = [start_with(after.oldest)] if after.oldest and after.first_answer is not None else []
        if timer is None or not timer.open:
            return begin
        answer = after.last_answer
        if answer is not None and after.answers > before.answers and answer.at >= timer.started_at:
            return [Meet(answer.at, answer.submitted_at), *begin]
        if after.oldest is None:
            return [Cancel(fact.at, "upstream_deleted" if gone else "resolved_without_reply")]
        if after.oldest.at != timer.started_at:
            return [shift_to(after.oldest, "upstream_deleted" if gone else "older_message")]
        return []


METRIC: Final[Metric] = NextReply()
