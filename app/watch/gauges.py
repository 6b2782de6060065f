"""Gauges: the readings and the vitals in the words of Prometheus, made when they are asked for."""

import asyncio
import time
from collections.abc import Iterable, Iterator
from typing import Final

import structlog
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Pool, QueuePool
from sqlalchemy.exc import SQLAlchemyError

from app.core.db import engine
from app.core.metrics import REGISTRY
from app.core.migrate import newest
from app.core.transaction import transaction
from app.core.version import product_version
from app.watch.readings import Readings, read
from app.watch.vitals import Vitals

log = structlog.get_logger()

KEPT_SECONDS: Final = 5.0
"""So long a reading of the database stands, however often it is asked for."""
_PATIENCE_SECONDS: Final = 3.0
_STATES: Final = ("waiting", "due", "sending", "unsure")
_JOB_STATES: Final = {
    "import": ("uploading", "queued", "running"),
    "export": ("queued", "running", "done"),
}
"""An export that is done has a file, which is dropped after a while."""


class Gauges(Collector):
    """Everything about this process and its database that is looked up when somebody asks."""

    def __init__(self, vitals: Vitals) -> None:
        """Show these vitals."""
        self._vitals = vitals
        self._alone = asyncio.Lock()
        self._readings: Readings | None = None
        self._read_at: float | None = None
        self._registry = CollectorRegistry()
        self._registry.register(self)

    async def page(self) -> bytes:
        """The text that Prometheus reads: what the process counted and what can be looked up now."""
        async with self._alone:
            if self._read_at is None or time.monotonic() - self._read_at > KEPT_SECONDS:
                self._readings = await _read()
                self._read_at = time.monotonic()
        return generate_latest(REGISTRY) + generate_latest(self._registry)

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """The families, as the library asks for them."""
        yield _info()
        yield _one("database_up", "Whether the database answered.", float(self._readings is not None))
        yield from self._of_process()
        if self._readings is not None:
            yield from _of_accounts(self._readings)
            yield from _of_work(self._readings)
            yield from _of_spending(self._readings)
            yield from _of_other_systems(self._readings)

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Nothing: the names are not known before they are asked for."""
        return ()

    def _of_process(self) -> Iterator[GaugeMetricFamily]:
        hub = self._vitals.hub
        if hub is not None:
            yield _one("log_position", "The number of the last event handed to this process's consoles.", hub.position)
            yield _one("consoles", "Consoles connected to this process.", len(hub))
        connected = _family("listener_connected", "Whether the connection that listens is up.", "side")
        for side, listener in sorted(self._vitals.listeners.items()):
            connected.add_metric([side], float(listener.connected.is_set()))
        yield connected
        yield _pool(engine().pool)


async def _read() -> Readings | None:
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS), transaction() as tx:
            return await read(tx)
    except (SQLAlchemyError, OSError, TimeoutError) as problem:
        log.warning("metrics_without_database", problem=type(problem).__name__)
        return None


def _family(name: str, says: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"mentiondesk_{name}", says, labels=labels)


def _one(name: str, says: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"mentiondesk_{name}", says, value=value)


def _info() -> GaugeMetricFamily:
    family = _family("build_info", "Which version this is, and which schema it wants.", "version", "schema")
    family.add_metric([product_version(), newest() or ""], 1)
    return family


def _pool(pool: Pool) -> GaugeMetricFamily:
    family = _family("database_connections", "The process's pool of connections.", "state")
    if isinstance(pool, QueuePool):
        used = pool.checkedout()
        for state, number in (("used", used), ("idle", pool.checkedin()), ("allowed", pool.size())):
            family.add_metric([state], number)
    return family


def _of_accounts(readings: Readings) -> Iterator[GaugeMetricFamily]:
    """One line an account and gauge; its id and its network name it, nothing that people chose."""
    by = ("account", "network")
    heard = _family("account_heard_seconds", "Seconds since the account's network last answered.", *by)
    overdue = _family("account_overdue_seconds", "Seconds by which the next reading of the account is late.", *by)
    lag = _family("account_lag_seconds", "Seconds from the newest mention's posting to its being taken in.", *by)
    failures = _family("account_failures", "Readings of the account that failed in a row.", *by)
    working = _family("account_working", "0 when the network refuses the account's sign-in.", *by)
    live = _family("account_live", "Whether the account's live line stands.", *by)
    for account in readings.accounts:
        labels = [account.account_id, account.network]
        if account.since_heard_s is not None:
            heard.add_metric(labels, account.since_heard_s)
        if account.lag_s is not None:
            lag.add_metric(labels, account.lag_s)
        overdue.add_metric(labels, account.overdue_s)
        failures.add_metric(labels, account.failures)
        working.add_metric(labels, float(account.state == "working"))
        live.add_metric(labels, float(account.live))
    yield from (heard, overdue, lag, failures, working, live)


def _of_spending(readings: Readings) -> Iterator[GaugeMetricFamily]:
    """What accounts cost this month, and what is left of their budgets; nothing where everything is free."""
    spent = _family(
        "account_spent_micros",
        "What the account cost this calendar month (UTC), in millionths of a US dollar.",
        "account",
        "network",
        "kind",
    )
    left = _family(
        "account_budget_left_micros",
        "What is left of the account's budget this month; at 0 or below, paid reading and posting stop.",
        "account",
        "network",
    )
    for one in readings.spending:
        for kind, micros in sorted(one.micros.items()):
            spent.add_metric([one.account_id, one.network, kind], micros)
        if one.left_micros is not None:
            left.add_metric([one.account_id, one.network], one.left_micros)
    yield from (spent, left)


def _of_work(readings: Readings) -> Iterator[GaugeMetricFamily]:
    number = _family("replies", "Replies not finished: waiting for their time, due, sending, unsure.", "state")
    oldest = _family("replies_oldest_seconds", "The age of the oldest of them.", "state")
    for state in _STATES:
        known = readings.replies.get(state)
        number.add_metric([state], known.number if known else 0)
        oldest.add_metric([state], known.oldest_s if known else 0.0)
    yield number
    yield oldest
    asking = sum(known.asking for known in readings.replies.values())
    yield _one("replies_asking", "Unsure replies that only a person can settle.", asking)
    yield _one(
        "timers_late", "Promises that fell due and were not noticed (counted up to 10,000).", readings.timers_late
    )
    yield _one("timers_late_seconds", "By how much the latest of them is late.", readings.timers_late_s)
    yield _one("log_head", "The number of the newest event.", readings.log_head)
    yield _one("log_pruned", "The number of the newest event whose card is gone.", readings.log_pruned)


def _of_other_systems(readings: Readings) -> Iterator[GaugeMetricFamily]:
    """Webhooks, keys, imports and exports."""
    number = _family("jobs", "Imports and exports for which something is still to be done.", "kind", "state")
    for kind, states in _JOB_STATES.items():
        for state in states:
            number.add_metric([kind, state], readings.jobs.get((kind, state), 0))
    yield number
    yield _one("keys_working", "Keys that are neither revoked nor expired.", readings.keys_working)
    yield _one("keys_used", "Those of them that were used within a day.", readings.keys_lately)
    on = [one for one in readings.webhooks if one.active]
    yield _one(
        "webhook_deliveries_due",
        "Deliveries to webhooks that are on whose time has come (each webhook's counted up to 10,000).",
        sum(one.due for one in on),
    )
    yield _one(
        "webhook_deliveries_waiting",
        "Deliveries to webhooks that are on, planned and not finished.",
        sum(one.waiting for one in on),
    )
    yield _one(
        "webhook_oldest_seconds", "The age of the oldest of them.", max((one.oldest_s for one in on), default=0.0)
    )
    yield _one(
        "webhooks_failing",
        "Webhooks that are on and whose last requests failed.",
        sum(one.failing_s is not None for one in on),
    )
    yield _one(
        "webhooks_off",
        "Webhooks that were turned off because nothing arrived.",
        sum(one.off_why is not None for one in readings.webhooks),
    )
