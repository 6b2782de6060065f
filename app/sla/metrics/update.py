"""Update: the longest silence of ours while the ticket is open."""

from collections.abc import Sequence
from typing import Final

from app.sla.metric import Cancel, Meet, Metric, Move, Scene, Start, shift_to, start_with


class Update:
    """One cycle per silence: from the opening, then from each reply of ours to the next."""

    name = "update"
    label = "Update"
    pauses = frozenset({"waiting"})

    def read(self, scene: Scene) -> Sequence[Move]:
        """Let every accepted reply end one silence and begin the next, until the ticket is finished."""
        fact, before, after, timer = scene.fact, scene.before, scene.after, scene.timer
        if after.opening is None or (not after.active and (timer is None or not timer.open)):
            return []
        if timer is None:
            return [start_with(after.opening)]
        if not timer.open:
            return [] if before.active else [Start(fact.at)]
        answer = after.last_answer
        if answer is not None and after.answers > before.answers and answer.at >= timer.started_at:
            begin = [Start(answer.at)] if after.active else []
            return [Meet(answer.at, answer.submitted_at), *begin]
        if not after.active:
            return [Cancel(fact.at, "resolved")]
        older = timer.cycle == 1 and after.opening.at < timer.started_at
        return [shift_to(after.opening, "older_message")] if older else []


METRIC: Final[Metric] = Update()
