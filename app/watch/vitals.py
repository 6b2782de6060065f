"""Vitals: the parts of this process that can be looked at from outside, as web side and worker announce them."""

from collections.abc import Callable
from dataclasses import dataclass, field

from app.core.wake import Listener
from app.stream.hub import Hub


@dataclass
class Vitals:
    """What runs in this process; a part that is not there has nothing to say."""

    listeners: dict[str, Listener] = field(default_factory=dict)
    """By side, `web` or `worker`."""
    hub: Hub | None = None
    following: Callable[[], bool] = lambda: True
    """Whether the reader of the log still runs."""
    stopping: bool = False

    @property
    def closing(self) -> bool:
        """Whether the process is on its way out: no new work should be sent to it."""
        return self.stopping or (self.hub is not None and self.hub.closing)
