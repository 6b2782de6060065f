"""poll_due(): claim an account, fetch one page outside any transaction, take it in; the cursor moves with the page."""

import asyncio
from datetime import datetime, timedelta
from typing import Final

import structlog

from app.brands.account import account_at_work
from app.brands.models import Brand, BrandAccount
from app.core import claim as queue
from app.core.clock import now
from app.core.db import Tx
from app.core.metrics import polled
from app.core.sentry import unit
from app.core.settings import settings
from app.core.trace import mark
from app.core.transaction import record, transaction
from app.ingest.budget import wait_for_month
from app.ingest.context import with_context
from app.ingest.events import HealthChanged
from app.ingest.models import SILENT_AFTER, Poll
from app.ingest.outcome import note_failure
from app.ingest.queries import health_of
from app.ingest.receive import receive, set_aside
from app.ledger.charge import charged, metered
from app.networks.errors import NetworkError
from app.networks.port import Account, Inbound, Network, Page
from app.networks.registry import network

log = structlog.get_logger()

LEASE: Final = timedelta(seconds=20)
"""Renewed while the network is asked: after a crash another worker goes on so soon."""
OVERLAP: Final = timedelta(hours=1)
"""A mention that its server held back and then let through keeps its old id, below the cursor."""


class LeaseLost(Exception):
    """Another worker has taken this account over; what this one read is read again by it."""


async def poll_due() -> bool:
    """Read one page of one account whose time has come; whether there was one."""
    async with transaction() as tx:
        claimed = await queue.claim(tx, Poll, lease=LEASE)
        if not claimed:
            return False
        poll = claimed[0]
        account = await tx.get_one(BrandAccount, poll.account_id)
        brand = await tx.get_one(Brand, account.brand_id)
        if await wait_for_month(tx, poll, account):
            return True
    with unit("poll", f"poll {account.network}"):
        try:
            await _read(poll, account, brand)
        except LeaseLost:  # after standing still, or a database that was away: nothing is wrong with it
            log.info("lease_lost", account_id=account.id)
    return True


async def _read(poll: Poll, account: BrandAccount, brand: Brand) -> None:
    """Read one page of a claimed account, if its credentials can be opened."""
    try:
        opened = account_at_work(account)
    except NetworkError as problem:
        await _note(poll, account, brand, problem)
        return
    async with metered(opened):
        await _read_page(opened, poll, account, brand)


async def _read_page(opened: Account, poll: Poll, account: BrandAccount, brand: Brand) -> None:
    """Read one page and take it in."""
    adapter = network(account.network)
    asked = now()
    try:
        starting = poll.started_at is None
        async with queue.kept(poll, LEASE):
            page = await adapter.mentions(opened, poll.cursor)
            late = () if starting else await _overlap(adapter, opened, poll, account.connected_at)
            # the first reading may come long after the connecting; what was said in between is not lost
            told = page.items if not starting else tuple(i for i in page.items if i.posted_at >= account.connected_at)
            items = await with_context(adapter, opened, account.id, (*late, *told))
    except NetworkError as problem:
        await _note(poll, account, brand, problem)
        return
    except asyncio.CancelledError:  # stopping: whoever comes next need not wait for our lease to run out
        async with transaction() as tx:
            (await _mine(tx, poll)).lease_until = None
        raise
    if items or page.rejects:
        mark("page_read", account_id=account.id, posts=len(items), rejects=len(page.rejects))
    async with charged(opened) as tx:
        mine = await _mine(tx, poll)
        new = 0
        if items:
            before = {i.uri for i in items if i.posted_at < account.connected_at} - {i.uri for i in page.items}
            new = (await receive(tx, brand, account, items, page.rejects, received_at=now(), old=before)).new
        else:
            await set_aside(tx, account.id, page.rejects)
        _advance(mine, page, asked, new)
        was_silent = mine.failures >= SILENT_AFTER or starting
        mine.failures, mine.problem = 0, None
        if was_silent or page.rejects:
            await tx.flush()
            record(tx, HealthChanged(brand_id=brand.id, health=await health_of(tx, account.id)))
    polled(account.network, "read")


async def _note(poll: Poll, account: BrandAccount, brand: Brand, problem: NetworkError) -> None:
    async with transaction() as tx:
        await note_failure(tx, await _mine(tx, poll), brand.id, problem)
    polled(account.network, type(problem).__name__)


async def _overlap(adapter: Network, opened: Account, poll: Poll, since: datetime) -> tuple[Inbound, ...]:
    """Once an hour what the newest page holds anyway, where the network lets something through late.

    What is known drops out when it is taken in.
    """
    if "late" not in adapter.can or poll.overlap_at is None or poll.overlap_at > now():
        return ()
    return tuple(i for i in (await adapter.mentions(opened, None)).items if i.posted_at >= since)


async def _mine(tx: Tx, claimed: Poll) -> Poll:
    """The row again, locked, if it is still ours. Raises LeaseLost."""
    poll = await tx.get(Poll, claimed.account_id, with_for_update=True, populate_existing=True)
    if poll is None or poll.attempts != claimed.attempts:
        raise LeaseLost
    return poll


def _advance(poll: Poll, page: Page, asked: datetime, new: int) -> None:
    """Move the cursor with the page, and plan the next question."""
    poll.started_at = poll.started_at or asked
    if poll.overlap_at is None or poll.overlap_at <= asked:
        poll.overlap_at = asked + OVERLAP
    poll.cursor = page.cursor or poll.cursor
    poll.asked_at = poll.heard_at = now()
    poll.lease_until = None
    if new and page.items:
        newest = max(i.posted_at for i in page.items)
        poll.lag_seconds = max((now() - newest).total_seconds(), 0.0)
        poll.newest_at = max(poll.newest_at or newest, newest)
    if poll.due_at is None:
        return  # broken or disconnected meanwhile
    hinted = poll.hinted_at is not None and poll.hinted_at > asked
    if hinted or page.more:
        poll.due_at = now()
        return
    seconds = settings().poll_seconds_live if poll.live_at is not None else settings().poll_seconds
    seconds = max(seconds, page.again or 0)
    poll.due_at = now() + timedelta(seconds=seconds)


async def next_poll() -> datetime | None:
    """When the next account falls due."""
    async with transaction() as tx:
        return await queue.next_due(tx, Poll)
