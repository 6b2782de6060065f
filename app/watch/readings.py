"""read(): how the work stands in the database, in a fixed number of cheap statements, whatever is open."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import text

from app.core.clock import now
from app.core.db import Tx
from app.ledger.months import month_of, next_month
from app.ledger.queries import kind_of

LATE: Final = timedelta(seconds=2)
"""A promise that fell due so long ago and was not noticed is late."""
_MOST_LATE: Final = 10_000
"""Late promises are counted so far."""

_ACCOUNTS: Final = text("""
select a.id, a.network, a.handle, a.state, p.due_at, p.lease_until, p.heard_at, p.lag_seconds, p.failures, coalesce(a.problem, p.problem) as problem,
       p.live_at is not null and p.line_due_at > :at as live
  from brand_accounts a left join polls p on p.account_id = a.id
 where a.state <> 'disconnected' order by a.id
""")
# served by ix_replies_due: what is sent or failed is not in it
_REPLIES: Final = text("""
select case when state = 'queued' and due_at > :at then 'waiting' when state = 'queued' then 'due' else state end as state,
       count(*) as number,
       min(case when state = 'queued' then due_at else coalesce(last_try_at, created_at) end) as oldest,
       count(*) filter (where due_at is null) as asking
  from replies where state in ('queued', 'sending', 'unsure') group by 1
""")
_TIMERS: Final = text("""
select count(*) as number, min(next_at) as oldest
  from (select next_at from ticket_clocks where next_at <= :late order by next_at limit :most) late
""")
# served by ix_webhook_deliveries_due: what is finished is not in it
_WEBHOOKS: Final = text("""
select w.name, w.active, w.off_why, w.failing_since, w.position, d.number, d.due, d.oldest
  from webhooks w cross join lateral (
    select count(*) as number, count(*) filter (where due_at <= :at) as due, min(created_at) as oldest
      from (select created_at, due_at from webhook_deliveries
             where webhook_id = w.id and due_at is not null order by due_at limit :most) unfinished) d
 order by w.name, w.id
""")
# the month's part of each account's rows, by their key
_SPENDING: Final = text("""
select a.id, a.network, a.handle, s.name, s.micros, b.limit_micros
  from brand_accounts a left join budgets b on b.account_id = a.id
  left join lateral (select name, sum(micros)::bigint as micros from spending
                      where account_id = a.id and day >= :month and day < :next group by name) s on true
 where s.name is not null or b.account_id is not null order by a.id, s.name
""")
# served by ix_jobs_due: what is over and has no file any more is not in it
_JOBS: Final = text("select kind, state, count(*) as number from jobs where due_at is not null group by 1, 2")
# a row a key, of which there are as many as systems that were ever let in
_KEYS: Final = text("""
select count(*) as working, count(*) filter (where last_used_at > :lately) as lately
  from access_keys where revoked_at is null and (expires_at is null or expires_at > :at)
""")
_LATELY: Final = timedelta(days=1)
_LOG: Final = text("select seq, pruned from event_head")


@dataclass(frozen=True, slots=True)
class AccountReading:
    """How one account is heard; times in seconds, null where there is none yet."""

    account_id: str
    network: str
    handle: str
    state: str
    live: bool
    failures: int
    problem: str | None
    since_heard_s: float | None
    overdue_s: float
    lag_s: float | None


@dataclass(frozen=True, slots=True)
class RepliesReading:
    """Replies of one state (`waiting` for Undo or a repeat, `due`, `sending`, `unsure`) and the age of the oldest."""

    number: int
    oldest_s: float
    asking: int
    """How many of them only a person can settle."""


@dataclass(frozen=True, slots=True)
class WebhookReading:
    """How one webhook fares: its unfinished deliveries (counted to 10,000), and the age of the oldest in seconds."""

    name: str
    active: bool
    off_why: str | None
    failing_s: float | None
    behind: int
    """How many events of the log were not looked at for it yet."""
    waiting: int
    due: int
    """How many of them could leave now."""
    oldest_s: float


@dataclass(frozen=True, slots=True)
class SpendingReading:
    """What an account cost this month (UTC) by kind of use, in millionths of a US dollar, and its budget if it has one."""

    account_id: str
    network: str
    handle: str
    micros: dict[str, int]
    limit_micros: int | None

    @property
    def left_micros(self) -> int | None:
        """What is left of the budget; below zero when it was overdrawn."""
        return None if self.limit_micros is None else self.limit_micros - sum(self.micros.values())


@dataclass(frozen=True, slots=True)
class Readings:
    """Everything at one instant."""

    at: datetime
    accounts: tuple[AccountReading, ...]
    replies: dict[str, RepliesReading]
    timers_late: int
    timers_late_s: float
    log_head: int
    log_pruned: int
    webhooks: tuple[WebhookReading, ...] = ()
    spending: tuple[SpendingReading, ...] = ()
    jobs: dict[tuple[str, str], int] = field(default_factory=dict)
    """Imports and exports by kind and state, as far as something is still to be done for them."""
    keys_working: int = 0
    keys_lately: int = 0
    """Keys that were used within a day."""


async def read(tx: Tx) -> Readings:
    """Read it all: eight statements, each over an index of what is unfinished or a row an account, webhook or key."""
    at = now()
    accounts = tuple(_account(row, at) for row in await tx.execute(_ACCOUNTS, {"at": at}))
    replies = {
        row.state: RepliesReading(row.number, _since(row.oldest, at), row.asking)
        for row in await tx.execute(_REPLIES, {"at": at})
    }
    late = (await tx.execute(_TIMERS, {"late": at - LATE, "most": _MOST_LATE})).one()
    end = (await tx.execute(_LOG)).one()
    told = await tx.execute(_WEBHOOKS, {"most": _MOST_LATE, "at": at})
    webhooks = tuple(
        WebhookReading(
            name=row.name,
            active=row.active,
            off_why=row.off_why,
            failing_s=_since(row.failing_since, at) if row.failing_since else None,
            behind=max(end.seq - row.position, 0),
            waiting=row.number,
            due=row.due,
            oldest_s=_since(row.oldest, at),
        )
        for row in told
    )
    month = month_of(at)
    spending = _spending(await tx.execute(_SPENDING, {"month": month, "next": next_month(month)}))
    jobs = {(row.kind, row.state): row.number for row in await tx.execute(_JOBS)}
    keys = (await tx.execute(_KEYS, {"at": at, "lately": at - _LATELY})).one()
    return Readings(
        at=at,
        accounts=accounts,
        replies=replies,
        timers_late=late.number,
        timers_late_s=_since(late.oldest, at),
        log_head=end.seq,
        log_pruned=end.pruned,
        webhooks=webhooks,
        spending=spending,
        jobs=jobs,
        keys_working=keys.working,
        keys_lately=keys.lately,
    )


def _spending(rows: Iterable[Any]) -> tuple[SpendingReading, ...]:
    found: dict[str, SpendingReading] = {}
    for row in rows:
        one = found.setdefault(row.id, SpendingReading(row.id, row.network, row.handle, {}, row.limit_micros))
        if row.name is not None:
            kind = kind_of(row.network, row.name)
            one.micros[kind] = one.micros.get(kind, 0) + row.micros
    return tuple(found.values())


def _since(then: datetime | None, at: datetime) -> float:
    return max((at - then).total_seconds(), 0.0) if then is not None else 0.0


def _account(row: Any, at: datetime) -> AccountReading:
    begins = max(row.due_at, row.lease_until) if row.due_at and row.lease_until else row.due_at
    return AccountReading(
        account_id=row.id,
        network=row.network,
        handle=row.handle,
        state=row.state,
        live=bool(row.live),
        failures=row.failures or 0,
        problem=row.problem,
        since_heard_s=_since(row.heard_at, at) if row.heard_at else None,
        overdue_s=_since(begins, at),
        lag_s=row.lag_seconds,
    )
