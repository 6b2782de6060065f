"""Facts about budgets."""

from typing import Literal

from app.core.event import Event


class BudgetWarned(Event):
    """What an account cost this month reached the level of its warning, or its limit: then paid work stops."""

    type: Literal["account.budget_warned"] = "account.budget_warned"
    account_id: str
    level: Literal["warned", "spent"]


class BudgetChanged(Event):
    """A lead gave an account another budget, or none."""

    type: Literal["account.budget_changed"] = "account.budget_changed"
    account_id: str
    limit_micros: int | None
    warn_percent: int | None
