"""Costs, prices and budgets read back, and whether an account may still be paid for."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Final, Literal

from sqlalchemy import column, select, table, text

from app.agents.permit import Actor, require, seen_brands, sees
from app.core.clock import now
from app.core.db import Tx
from app.ledger.errors import BudgetSpent, NoSuchAccount
from app.ledger.models import OwnPrice, Spending
from app.ledger.months import month_of, next_month
from app.ledger.revision import revision_of
from app.ledger.views import BudgetView, CostsView, Kind, Level, PriceView, SpendingView
from app.networks.cost import Price
from app.networks.registry import networks

# Accounts stand on the floor above; a key of theirs is known here by the table's name.
_accounts = table("brand_accounts", column("id"), column("brand_id"), column("network"))

_BUDGETS: Final = text("""
select b.account_id, a.brand_id, b.limit_micros, b.warn_percent,
       coalesce((select sum(s.micros) from spending s
                  where s.account_id = b.account_id and s.day >= :month and s.day < :next), 0)::bigint as used
  from budgets b join brand_accounts a on a.id = b.account_id
 where (cast(:accounts as text[]) is null or b.account_id = any(cast(:accounts as text[])))
   and (cast(:brands as text[]) is null or a.brand_id = any(cast(:brands as text[])))
 order by b.account_id
""")


def prices_of(network: str) -> Sequence[Price]:
    """The prices that a network's adapter declares; none where everything is free."""
    adapter = networks().get(network)
    return adapter.prices if adapter else ()


def kind_of(network: str, name: str) -> Kind:
    """Whether a use reads or writes; `other` where its adapter names no price for it."""
    return next((price.kind for price in prices_of(network) if price.name == name), "other")


def priced(network: str, kind: Literal["read", "write"]) -> bool:
    """Whether anything of this kind costs something there."""
    return any(price.kind == kind for price in prices_of(network))


async def prices_now(tx: Tx, network: str) -> dict[str, int]:
    """What one use of each thing costs now, by name; asks the database only where there are prices."""
    declared = {price.name: price.micros for price in prices_of(network)}
    if not declared:
        return {}
    own = await tx.execute(select(OwnPrice.name, OwnPrice.micros).where(OwnPrice.network == network))
    return declared | {name: micros for name, micros in own if name in declared}


async def account_of(tx: Tx, actor: Actor, account_id: str, *, lock: bool = False) -> Any:
    """An account's brand and network, for who may connect it. Raises NoSuchAccount or NotAllowed.

    With `lock` nobody else's change to what hangs on it comes between.
    """
    require(actor, "connect_account")
    query = select(_accounts).where(_accounts.c.id == account_id)
    found = (await tx.execute(query.with_for_update(key_share=True) if lock else query)).one_or_none()
    if found is None or not sees(actor, found.brand_id):
        raise NoSuchAccount
    return found


async def budgets(
    tx: Tx, account_ids: Collection[str] | None = None, brand_ids: Collection[str] | None = None
) -> list[BudgetView]:
    """How these accounts, or all of these brands, stand in their budgets this month; one statement."""
    month = month_of(now())
    given = {
        "month": month,
        "next": next_month(month),
        "accounts": None if account_ids is None else list(account_ids),
        "brands": None if brand_ids is None else list(brand_ids),
    }
    return [
        BudgetView(
            account_id=row.account_id,
            brand_id=row.brand_id,
            limit_micros=row.limit_micros,
            warn_percent=row.warn_percent,
            used_micros=row.used,
            level=level_of(row.used, row.limit_micros, row.warn_percent),
            revision=revision_of(row.limit_micros, row.warn_percent),
        )
        for row in await tx.execute(_BUDGETS, given)
    ]


def level_of(used: int, limit: int, warn_percent: int) -> Level:
    """Where so much stands in a budget."""
    if used >= limit:
        return "spent"
    return "warned" if used * 100 >= limit * warn_percent else "fine"


async def my_budgets(tx: Tx, actor: Actor) -> list[BudgetView]:
    """The budgets of the accounts the actor sees."""
    require(actor, "see")
    return await budgets(tx, brand_ids=seen_brands(actor))


async def is_spent(tx: Tx, account_id: str, network: str, kind: Literal["read", "write"]) -> bool:
    """Whether what costs something there must wait for the next month; no statement where it costs nothing."""
    if not priced(network, kind):
        return False
    return any(budget.level == "spent" for budget in await budgets(tx, [account_id]))


async def refuse_spent(tx: Tx, account_id: str, network: str) -> None:
    """Refuse to post what the budget does not pay. Raises BudgetSpent."""
    if await is_spent(tx, account_id, network, "write"):
        raise BudgetSpent


async def costs(tx: Tx, actor: Actor, account_id: str, month: date | None) -> CostsView:
    """What an account cost in a month (any day of it; null: this one). Raises NoSuchAccount or NotAllowed."""
    account = await account_of(tx, actor, account_id)
    declared = {price.name: price for price in prices_of(account.network)}
    first = (month or now().date()).replace(day=1)
    rows = await tx.scalars(
        select(Spending)
        .where(Spending.account_id == account_id, Spending.day >= first, Spending.day < next_month(first))
        .order_by(Spending.day, Spending.name)
    )
    held = await prices_now(tx, account.network)
    found = await budgets(tx, [account_id])
    return CostsView(
        account_id=account_id,
        month=first,
        spending=[_spending(row, declared.get(row.name)) for row in rows],
        budget=found[0] if found else None,
        prices=[price_view(p, held[p.name]) for p in declared.values()],
    )


def price_view(price: Price, micros: int) -> PriceView:
    """A price of an adapter, and at what it is counted here."""
    return PriceView(
        name=price.name,
        kind=price.kind,
        label=price.label,
        declared_micros=price.micros,
        micros=micros,
        revision=revision_of(micros),
    )


def _spending(row: Spending, price: Price | None) -> SpendingView:
    kind, label = (price.kind, price.label) if price else ("other", row.name)
    return SpendingView(day=row.day, name=row.name, kind=kind, label=label, uses=row.uses, micros=row.micros)
