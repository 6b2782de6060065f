"""set_budget(), set_price(): what an account may cost in a month, and what the operator really pays."""

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from app.agents.permit import Actor, require
from app.core.alone import Purpose, hold
from app.core.db import Tx
from app.core.transaction import record
from app.ledger.errors import NothingPriced, StaleBudget, StalePrice, UnknownPrice
from app.ledger.events import BudgetChanged
from app.ledger.models import Budget, OwnPrice
from app.ledger.queries import account_of, budgets, price_view, prices_now, prices_of
from app.ledger.views import BudgetView, PriceView


async def set_budget(
    tx: Tx, actor: Actor, account_id: str, *, limit_micros: int | None, warn_percent: int, revision: int | None = None
) -> BudgetView | None:
    """Let an account cost so much in a calendar month (null: whatever it costs), and warn at a share of it.

    For leads. What waited for the budget goes on at once. `revision` is that of the budget that was seen, 0 for none.
    Raises NoSuchAccount, NotAllowed, NothingPriced, StaleBudget.
    """
    require(actor, "connect_account")
    account = await account_of(tx, actor, account_id, lock=True)
    if not prices_of(account.network):
        raise NothingPriced
    present = next(iter(await budgets(tx, [account_id])), None)
    if revision not in {None, present.revision if present else 0}:
        raise StaleBudget(budget=present.model_dump(mode="json") if present else None)
    if limit_micros is None:
        await tx.execute(delete(Budget).where(Budget.account_id == account_id))
    else:
        new = {"limit_micros": limit_micros, "warn_percent": warn_percent, "told_month": None, "told_level": 0}
        given = insert(Budget).values(account_id=account_id, **new)
        await tx.execute(given.on_conflict_do_update(index_elements=["account_id"], set_=new))
    fact = BudgetChanged(
        brand_id=account.brand_id,
        account_id=account_id,
        limit_micros=limit_micros,
        warn_percent=None if limit_micros is None else warn_percent,
    )
    record(tx, fact, agent_id=actor.agent_id)
    found = await budgets(tx, [account_id])
    return found[0] if found else None


async def set_price(
    tx: Tx, actor: Actor, network: str, name: str, micros: int | None, revision: int | None = None
) -> PriceView:
    """Count a use at this price from now on, and at the adapter's again with null.

    `revision` is that of the price that was seen. Raises NotAllowed, UnknownPrice, StalePrice.
    """
    require(actor, "edit_prices")
    price = next((one for one in prices_of(network) if one.name == name), None)
    if price is None:
        raise UnknownPrice
    await hold(tx, Purpose.PRICE, f"{network} {name}")
    present = price_view(price, (await prices_now(tx, network))[name])
    if revision not in {None, present.revision}:
        raise StalePrice(price=present.model_dump(mode="json"))
    if micros is None:
        await tx.execute(delete(OwnPrice).where(OwnPrice.network == network, OwnPrice.name == name))
    else:
        given = insert(OwnPrice).values(network=network, name=name, micros=micros)
        await tx.execute(given.on_conflict_do_update(index_elements=["network", "name"], set_={"micros": micros}))
    return price_view(price, price.micros if micros is None else micros)
