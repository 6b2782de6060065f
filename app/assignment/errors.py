"""What can go wrong when tickets find their agents, in the sentences people read."""

from app.core.errors import Invalid, NotFound


class NothingToTake(NotFound):
    """Nothing waits for you: every open ticket of your brands has somebody."""


class UnknownStrategy(Invalid):
    """There is no such way to assign tickets."""
