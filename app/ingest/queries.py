"""How well each account hears, read back as views."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.agents.permit import Actor, require, seen_brands, sees
from app.brands.models import BrandAccount
from app.core.clock import now
from app.core.db import Tx
from app.core.errors import NotFound
from app.core.paging import decode, encode, number
from app.ingest.models import SILENT_AFTER, Backfill, Poll, RejectRow, Round
from app.ingest.views import BackfillView, HealthView, RejectsView, RejectView, RoundView
from app.networks.reasons import why_of


class AccountNotFound(NotFound):
    """There is no such account, or you may not see it."""


def _backfill(b: Backfill | None) -> BackfillView | None:
    if b is None:
        return None
    span = (b.created_at - b.since).total_seconds() or 1.0
    done = (b.created_at - b.reached).total_seconds() / span if b.reached else 0.0
    finished = b.finished_at is not None
    return BackfillView(
        state="finished" if finished else "failed" if b.due_at is None else "running",
        since=b.since,
        reached=b.reached,
        taken=b.taken,
        share=1.0 if finished else max(0.0, min(done, 1.0)),
        problem=b.problem,
        **why_of(b.problem),
    )


async def healths(
    tx: Tx, account_ids: Collection[str] | None = None, brand_ids: Collection[str] | None = None
) -> list[HealthView]:
    """The health of these accounts, or of all of these brands; one statement."""
    rejects = select(func.count()).where(RejectRow.account_id == Poll.account_id).scalar_subquery()
    said = func.jsonb_build_object("kind", Round.kind, "failures", Round.failures, "problem", Round.problem)
    failing = (
        select(func.jsonb_agg(aggregate_order_by(said, Round.kind)))
        .where(Round.account_id == Poll.account_id, Round.failures >= SILENT_AFTER, Round.problem.is_not(None))
        .scalar_subquery()
    )
    query = (
        select(Poll, Backfill, rejects, failing)
        .join(BrandAccount, BrandAccount.id == Poll.account_id)
        .join(Backfill, Backfill.account_id == Poll.account_id, isouter=True)
        .order_by(BrandAccount.connected_at, BrandAccount.id)
        .execution_options(populate_existing=True)
    )
    if account_ids is not None:
        query = query.where(Poll.account_id.in_(account_ids))
    if brand_ids is not None:
        query = query.where(BrandAccount.brand_id.in_(brand_ids))
    return [
        HealthView(
            account_id=p.account_id,
            heard_at=p.heard_at,
            asked_at=p.asked_at,
            due_at=p.due_at,
            newest_at=p.newest_at,
            lag_seconds=p.lag_seconds,
            failures=p.failures,
            problem=p.problem,
            **why_of(p.problem),
            live=p.live_at is not None and p.line_due_at is not None and p.line_due_at > now(),
            rejects=n,
            backfill=_backfill(b),
            rounds=[RoundView.model_validate(one | why_of(one["problem"])) for one in tired or ()],
        )
        for p, b, n, tired in await tx.execute(query)
    ]


async def health_of(tx: Tx, account_id: str) -> HealthView:
    """The health of one account. Raises AccountNotFound."""
    found = await healths(tx, [account_id])
    if not found:
        raise AccountNotFound
    return found[0]


async def my_healths(tx: Tx, actor: Actor) -> list[HealthView]:
    """The health of the accounts the actor sees."""
    return await healths(tx, brand_ids=seen_brands(actor))


async def rejects(tx: Tx, actor: Actor, account_id: str, before: str | None, limit: int = 50) -> RejectsView:
    """What was set aside for an account, newest first. For leads. Raises AccountNotFound, BadCursor."""
    require(actor, "see_rejects")
    account = await tx.get(BrandAccount, account_id)
    if account is None or not sees(actor, account.brand_id):
        raise AccountNotFound
    query = select(RejectRow).where(RejectRow.account_id == account_id).order_by(RejectRow.id.desc()).limit(limit + 1)
    if before:
        query = query.where(RejectRow.id < number(decode(before, 1)[0]))
    rows = list(await tx.scalars(query))
    items = [
        RejectView(id=r.id, remote_id=r.remote_id, reason=r.reason, raw=r.raw, created_at=r.created_at)
        for r in rows[:limit]
    ]
    return RejectsView(items=items, next=encode(items[-1].id) if len(rows) > limit else None)
