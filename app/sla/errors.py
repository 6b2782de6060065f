"""What can be wrong with a promise, in the sentence people read."""

from app.core.errors import Invalid


class BadValue(Invalid):
    """A value of the calendar, the policy or the facts cannot be read."""

    def __init__(self, place: str, reason: str) -> None:
        """Name the place (`calendar.hours.Mon[0]`) and the reason, both inside one sentence."""
        super().__init__(f"{place}: {reason}", field=place)


class CalendarNeverOpen(Invalid):
    """The calendar is never open within a year, so nothing promised by it could ever be due."""


class SimulationError(Invalid):
    """The file cannot be simulated."""
