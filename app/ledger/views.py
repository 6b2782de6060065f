"""What the console may know of costs; money is in millionths of a US dollar."""

from datetime import date
from typing import Final, Literal

from app.agents.examples import BRAND_ID
from app.core.event import View
from app.core.shown import shown

_ACCOUNT_ID: Final = "ac_06h1ii2n41qeb6fgpp7gpanenc"
_BUDGET: Final = {
    "account_id": _ACCOUNT_ID,
    "brand_id": BRAND_ID,
    "limit_micros": 25_000_000,
    "warn_percent": 80,
    "used_micros": 4_210_000,
    "level": "fine",
    "revision": 91827,
}
_PRICE: Final = {
    "name": "mention.read",
    "kind": "read",
    "label": "cost.x.mention_read",
    "declared_micros": 5_000,
    "micros": 4_000,
    "revision": 4711,
}

Level = Literal["fine", "warned", "spent"]
Kind = Literal["read", "write", "other"]


class BudgetView(View):
    """How an account stands in its budget this month; `spent` stops paid reading and posting."""

    model_config = shown(_BUDGET)

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

    model_config = shown(_PRICE)

    name: str
    kind: Literal["read", "write"]
    label: str
    declared_micros: int
    micros: int
    revision: int
    """Another number for another price."""


class CostsView(View):
    """An account's month: every day and thing, in order, and the prices that hold now."""

    model_config = shown(
        {
            "account_id": _ACCOUNT_ID,
            "month": "2026-03-01",
            "spending": [
                {
                    "day": "2026-03-02",
                    "name": "mention.read",
                    "kind": "read",
                    "label": "cost.x.mention_read",
                    "uses": 12,
                    "micros": 48_000,
                }
            ],
            "budget": _BUDGET,
            "prices": [_PRICE],
        }
    )

    account_id: str
    month: date
    spending: list[SpendingView]
    budget: BudgetView | None
    prices: list[PriceView]
