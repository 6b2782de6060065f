"""What the console may know of costs; money is in millionths of a US dollar."""

from datetime import date
from typing import Literal

from app.core.event import View

Level = Literal["fine", "warned", "spent"]
Kind = Literal["read", "write", "other"]


class BudgetView(View):
    """How an account stands in its budget this month; `spent` stops paid reading and posting."""

    account_id: str
    brand_id: str
    limit_micros: int
    warn_percent: int
    used_micros: int
    level: Level
    revision: int
    """Another number for another limit or level of warning; 0 stands for no budget."""


class SpendingView(View):
    """What was used of one thing on one day; `label` is an i18n key, and `name` where there is none."""

    day: date
    name: str
    kind: Kind
    label: str
    uses: int
    micros: int


class PriceView(View):
    """What one use costs: as the adapter says, and as it is counted here."""

    name: str
    kind: Literal["read", "write"]
    label: str
    declared_micros: int
    micros: int
    revision: int
    """Another number for another price."""


class CostsView(View):
    """An account's month: every day and thing, in order, and the prices that hold now."""

    account_id: str
    month: date
    spending: list[SpendingView]
    budget: BudgetView | None
    prices: list[PriceView]
