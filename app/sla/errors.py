"""What can be wrong with a promise, in the sentence people read."""

from app.core.errors import Conflict, Invalid, NotFound
from app.core.reason import Reason, said


class BadValue(Invalid):
    """A value of the calendar, the policy or the facts cannot be read."""

    def __init__(self, place: str, reason: str, why: Reason | None = None) -> None:
        """Name the place (`calendar.hours.Mon[0]`) and the reason, both inside one sentence; `why` for any language."""
        super().__init__(f"{place}: {reason}", field=place, **said(why))
        self.reason, self.why = reason, why


class CalendarNeverOpen(Invalid):
    """The calendar is never open within a year, so nothing promised by it could ever be due."""


class SimulationError(Invalid):
    """The file cannot be simulated."""


class PolicyNotFound(NotFound):
    """There is no such policy."""


class CalendarNotFound(NotFound):
    """There is no such calendar."""


class ClockNotFound(NotFound):
    """Nothing was promised on this ticket by this metric and number."""


class StalePolicy(Conflict):
    """Somebody changed this policy since you looked."""


class StaleCalendar(Conflict):
    """Somebody changed this calendar since you looked."""


class StaleOrder(Conflict):
    """Somebody put the policies into another order since you looked."""


class PolicyNameTaken(Conflict):
    """There is already a policy of this name."""


class CalendarNameTaken(Conflict):
    """There is already a calendar of this name."""


class PolicyInUse(Conflict):
    """Open tickets run under this policy; switch it off first, then they follow the next one that fits."""


class CalendarInUse(Conflict):
    """Policies count by this calendar; give them another one first."""


class OrderIncomplete(Conflict):
    """The order must name every policy exactly once; somebody may have made or deleted one since you looked."""


class TargetOutOfReach(Invalid):
    """The calendar is open so rarely that this target would be years away."""


class UnknownCondition(Invalid):
    """A condition names something that does not exist."""
