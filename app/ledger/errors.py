"""What can go wrong with costs and budgets, in the sentences people read."""

from app.core.errors import Conflict, NotFound


class BudgetSpent(Conflict):
    """This account's budget for the month is spent; a lead can raise it on the page Costs."""


class StaleBudget(Conflict):
    """Somebody set another budget for this account since you looked."""


class StalePrice(Conflict):
    """Somebody set another price since you looked."""


class NothingPriced(Conflict):
    """Everything is free on this network; there is nothing to budget."""


class UnknownPrice(NotFound):
    """This network has no such price."""


class NoSuchAccount(NotFound):
    """There is no such account, or you may not see it."""
