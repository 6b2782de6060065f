"""The work: who is at it, how each account hears, what waits to go out, and which promises are late."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import select, text

from app.brands.account import open_account
from app.brands.models import BrandAccount
from app.core.db import Tx
from app.core.errors import DeskError
from app.core.settings import Settings
from app.doctor.finding import Finding, lasting, look, ok, wrong
from app.ingest.models import SILENT_AFTER
from app.watch.readings import AccountReading, Readings

_OVERDUE_S: Final = 60.0
_SLOW_S: Final = 300.0
_STUCK_S: Final = 120.0
"""Longer than any lease: whoever had it should have settled it."""
_LATE_S: Final = 30.0
_LATE_HOOK_S: Final = 600.0
_WORKER: Final = "Is a worker running (mentiondesk serve or worker), and what do its log lines say?"
# a process of ours has one connection that listens
_PROCESSES: Final = text("""
select count(*), max(backend_start) from pg_stat_activity
 where datname = current_database() and application_name like 'mentiondesk-listen%'
""")


async def look_at_processes(tx: Tx) -> Finding:
    """How many parts of processes are connected now."""
    number, since = (await tx.execute(_PROCESSES)).one()
    if not number:
        return look(
            "processes",
            "No process of Mentiondesk is connected to this database.",
            "Start mentiondesk serve, or web and worker.",
        )
    return ok(
        "processes", f"{number} sides (web or worker) are connected, the newest since {since:%Y-%m-%d %H:%M:%S} UTC."
    )


async def look_at_credentials(tx: Tx, settings: Settings) -> Finding:
    """Whether the key opens what it sealed; where none is, none is made."""
    rows = list(await tx.scalars(select(BrandAccount).where(BrandAccount.state != "disconnected")))
    if rows and settings.secret_key is None and not (settings.data_dir / "secret.key").exists():
        return wrong(
            "credentials",
            f"The credentials of {len(rows)} accounts are sealed, and the key is nowhere.",
            "Bring secret.key back into the data folder, or set MENTIONDESK_SECRET_KEY as it was.",
        )
    closed = []
    for row in rows:
        try:
            open_account(row)
        except DeskError:
            closed.append(row.handle)
    if closed:
        return wrong(
            "credentials",
            f"The secret key does not open the credentials of {', '.join(closed)}.",
            "Bring the old key back, or let a lead connect these accounts again.",
        )
    return ok("credentials", f"The secret key opens the credentials of all {len(rows)} accounts.")


def look_at_work(readings: Readings) -> Iterator[Finding]:
    """What the readings mean."""
    for account in readings.accounts:
        yield _account(account)
    if not readings.accounts:
        yield look("accounts", "No account is connected.", "A lead connects one, on the page Accounts.")
    yield from _budgets(readings)
    yield from _replies(readings)
    yield from _webhooks(readings)
    if readings.timers_late and readings.timers_late_s > _LATE_S:
        yield wrong(
            "promises",
            f"{readings.timers_late} promises are due and not noticed, the first for {lasting(readings.timers_late_s)}.",
            _WORKER,
        )
    else:
        yield ok("promises", "Every promise that is due was noticed.")


def _webhooks(readings: Readings) -> Iterator[Finding]:
    fine = True
    for one in readings.webhooks:
        if one.off_why is not None:
            fine = False
            why = "its receiver said that it is gone" if one.off_why == "gone" else "nothing arrived there for days"
            yield wrong(
                "webhooks",
                f"The webhook {one.name} was turned off: {why}.",
                "A lead turns it on again on the page Webhooks, where it goes on where it stopped, or removes it.",
            )
        elif one.active and one.failing_s is not None and one.failing_s > _LATE_HOOK_S:
            fine = False
            yield look(
                "webhooks",
                f"Nothing arrives at the webhook {one.name} for {lasting(one.failing_s)}; {one.waiting} deliveries wait.",
                "The page Webhooks shows what its receiver answers; it is tried again by itself.",
            )
        elif one.active and one.oldest_s > _LATE_HOOK_S and one.failing_s is None:
            fine = False
            yield look(
                "webhooks",
                f"{one.waiting} deliveries to the webhook {one.name} wait, the oldest for {lasting(one.oldest_s)}.",
                "Some of its tickets are refused by the receiver (the page Webhooks shows why), or no worker keeps up.",
            )
    if fine and readings.webhooks:
        yield ok("webhooks", f"All {len(readings.webhooks)} webhooks are up to date or were turned off by a lead.")


def _account(account: AccountReading) -> Finding:
    check, name = "account", f"{account.handle} ({account.network})"
    if account.state == "broken":
        return wrong(
            check,
            f"{name} is broken: {account.problem or 'its sign-in is refused'}",
            "A lead connects it again on the page Accounts; reading goes on where it stopped.",
        )
    if account.failures >= SILENT_AFTER:
        for_long = f" for {lasting(account.since_heard_s)}" if account.since_heard_s is not None else ""
        return wrong(
            check,
            f"{name} is silent{for_long}, {account.failures} failures in a row: {account.problem}",
            "Is its server up, and can this machine reach it? It is asked again by itself.",
        )
    if account.overdue_s > _OVERDUE_S:
        return wrong(check, f"{name} should have been read {lasting(account.overdue_s)} ago.", _WORKER)
    if account.since_heard_s is None:
        return look(check, f"{name} was not read yet.", _WORKER)
    if account.lag_s is not None and account.lag_s > _SLOW_S:
        return look(
            check,
            f"{name} heard its newest mention {lasting(account.lag_s)} after it was posted.",
            "After an outage this is how it was caught up; else its server tells late, or the worker has too much to do.",
        )
    how = "with its live line up" if account.live else "without a live line, so it is asked more often"
    return ok(check, f"{name} was heard {lasting(account.since_heard_s)} ago, {how}.")


def _budgets(readings: Readings) -> Iterator[Finding]:
    """The accounts whose budget is spent; nothing is said of the others."""
    for one in readings.spending:
        if one.left_micros is not None and one.left_micros <= 0:
            yield look(
                "budget",
                f"{one.handle} ({one.network}) has spent its budget of this month: paid reading and posting have stopped.",
                "They go on next month (UTC), or at once when a lead raises the budget on the account's page Costs.",
            )


def _replies(readings: Readings) -> Iterator[Finding]:
    count = {state: known.number for state, known in readings.replies.items()}
    age = {state: known.oldest_s for state, known in readings.replies.items()}
    asking = sum(known.asking for known in readings.replies.values())
    fine = True
    for state, after in (("due", _OVERDUE_S), ("sending", _STUCK_S)):
        if age.get(state, 0.0) > after:
            fine = False
            yield wrong(
                "replies", f"{count[state]} replies are {state}, the oldest for {lasting(age[state])}.", _WORKER
            )
    if asking:
        fine = False
        yield look(
            "replies",
            f"{asking} replies may be out and nobody can tell, the oldest for {lasting(age['unsure'])}.",
            "An agent looks at the network and says on the ticket whether the post is there.",
        )
    elif age.get("unsure", 0.0) > _STUCK_S:
        fine = False
        yield look(
            "replies",
            f"{count['unsure']} replies had no answer from their network, the oldest for {lasting(age['unsure'])}.",
            "They are looked for by themselves; is the network up?",
        )
    if fine:
        yield ok("replies", f"No reply is stuck; {sum(count.values())} are on their way.")
