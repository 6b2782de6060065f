"""charged(), metered(): what was used of a network is written with the work it was used for, and never dropped."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any, Final

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.core.clock import now
from app.core.db import Tx
from app.core.transaction import record, transaction
from app.ledger.events import BudgetWarned
from app.ledger.months import month_of, next_month
from app.networks.port import Account
from app.networks.registry import networks

log = structlog.get_logger()

Used = list[tuple[Account, dict[str, int]]]

_unwritten: Final[dict[str, Counter[str]]] = {}
"""By account: what could not be written while the database was away; the next writing takes it along."""

# The rows of a day are locked in one order, and by this last statement before the reactions alone.
_WRITE: Final = text("""
with used as (
  select u.account_id, u.name, u.uses, u.uses * coalesce(p.micros, u.micros) as micros
    from unnest(cast(:accounts as text[]), cast(:networks as text[]), cast(:names as text[]),
                cast(:uses as bigint[]), cast(:prices as bigint[])) as u(account_id, network, name, uses, micros)
    left join own_prices p on p.network = u.network and p.name = u.name
), written as (
  insert into spending as s (account_id, day, name, uses, micros)
  select account_id, :day, name, uses, micros from used order by account_id, name
  on conflict (account_id, day, name) do update set uses = s.uses + excluded.uses, micros = s.micros + excluded.micros
), reached as (
  select b.account_id, b.limit_micros, b.warn_percent,
         (select sum(micros) from used where used.account_id = b.account_id)
         + coalesce((select sum(s.micros) from spending s
                      where s.account_id = b.account_id and s.day >= :month and s.day < :next), 0) as micros
    from budgets b where b.account_id = any(cast(:accounts as text[]))
), levels as (
  select account_id, case when micros >= limit_micros then 2
                          when micros * 100 >= limit_micros::numeric * warn_percent then 1 else 0 end as level
    from reached
)
update budgets b set told_month = :month, told_level = l.level
  from levels l, brand_accounts a
 where b.account_id = l.account_id and a.id = b.account_id and l.level > 0
   and (b.told_month is distinct from :month or b.told_level < l.level)
returning b.account_id, a.brand_id, l.level
""")


@asynccontextmanager
async def charged(*accounts: Account) -> AsyncIterator[Tx]:
    """A transaction that also writes what was used of these accounts, in one statement; in none where nothing was.

    What does not commit is counted by the meter again, for whoever writes next.
    """
    used = _taken(accounts)
    try:
        async with transaction() as tx:
            yield tx
            await write_uses(tx, used)
    except BaseException:
        for account, uses in used:
            for name, times in uses.items():
                account.meter.add(name, times)
        raise


@asynccontextmanager
async def metered(account: Account) -> AsyncIterator[None]:
    """Use an account; what is still counted when the block ends, however it ends, is written then."""
    try:
        yield
    finally:
        await write_rest(account)


async def write_rest(account: Account) -> None:
    """Write what is counted and not written yet, in a transaction of its own; nothing happens where nothing is.

    While the database is away it is kept for the next writing of this account.
    """
    if not account.meter.used and account.id not in _unwritten:
        return
    try:
        async with charged(account):
            pass
    except (SQLAlchemyError, OSError) as problem:
        log.warning("spending_waits", account_id=account.id, problem=type(problem).__name__)
        _unwritten.setdefault(account.id, Counter()).update(account.meter.take())


def _taken(accounts: Iterable[Account]) -> Used:
    used: Used = []
    for account in accounts:
        for name, times in _unwritten.pop(account.id, Counter[str]()).items():
            account.meter.add(name, times)
        uses = account.meter.take()
        if uses and account.id:
            used.append((account, uses))
    return used


async def write_uses(tx: Tx, used: Used) -> None:
    """Write uses at the prices of now, and note the fact when a budget's level or limit is reached by them."""
    together: Counter[tuple[str, str, str]] = Counter()
    for account, uses in used:
        for name, times in uses.items():
            together[account.id, account.network, name] += times
    if not together:
        return
    month, rows = month_of(now()), sorted(together.items())
    found = await tx.execute(
        _WRITE,
        {
            "accounts": [account_id for (account_id, _, _), _ in rows],
            "networks": [network for (_, network, _), _ in rows],
            "names": [name for (_, _, name), _ in rows],
            "uses": [times for _, times in rows],
            "prices": [_declared(network).get(name, 0) for (_, network, name), _ in rows],
            "day": now().date(),
            "month": month,
            "next": next_month(month),
        },
    )
    for row in found:
        _tell(tx, row)


def _declared(network: str) -> dict[str, int]:
    adapter = networks().get(network)
    return {price.name: price.micros for price in adapter.prices} if adapter else {}


def _tell(tx: Tx, row: Any) -> None:
    level = BudgetWarned(brand_id=row.brand_id, account_id=row.account_id, level="spent" if row.level > 1 else "warned")
    record(tx, level)
