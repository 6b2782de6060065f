"""How guessing is slowed down: every attempt counts before it is checked, so that a hundred at once gain nothing."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from math import ceil
from typing import Final

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.agents.errors import TooManyGuesses
from app.agents.models import SignInAttempt
from app.core.clock import now
from app.core.db import Tx

_FREE: Final = {"email": 5, "address": 20}
"""Attempts that cost nothing; an office may share one address."""
_LONGEST: Final = {"email": timedelta(minutes=1), "address": timedelta(minutes=15)}
"""The longest wait. Short for an e-mail address, so that a stranger cannot lock its owner out for long."""
_FORGOTTEN: Final = timedelta(days=1)


def guess_keys(email: str, address: str | None) -> list[str]:
    """What attempts are counted by: the e-mail address and the network address (an IPv6 home as a whole, /64)."""
    keys = [f"email:{email.strip().lower()}"]
    if address is not None:
        keys.append(f"address:{_home(address)}")
    return sorted(keys)  # one order for everybody, so that two attempts never wait for each other


def _home(address: str) -> str:
    try:
        bare = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((bare, 64), strict=False)) if bare.version == 6 else str(bare)


def pause_after(kind: str, failures: int) -> timedelta:
    """How long to wait after so many failures in a row: nothing at first, then 1, 2, 4 … seconds to the longest."""
    over = failures - _FREE[kind]
    if over < 0:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(over, 20)), _LONGEST[kind])


async def count_guess(tx: Tx, keys: Sequence[str]) -> None:
    """Count an attempt; commit this before the password is checked. Raises TooManyGuesses(retry_at), counting nothing."""
    at = now()
    given = insert(SignInAttempt).values([{"key": key, "failures": 1, "last_at": at} for key in keys])
    free = (SignInAttempt.blocked_until.is_(None)) | (SignInAttempt.blocked_until <= at)
    counted = await tx.execute(
        given.on_conflict_do_update(
            index_elements=[SignInAttempt.key],
            set_={
                "failures": case((SignInAttempt.last_at < at - _FORGOTTEN, 1), else_=SignInAttempt.failures + 1),
                "last_at": at,
            },
            where=free,
        ).returning(SignInAttempt.key, SignInAttempt.failures),
    )
    failures = {row.key: row.failures for row in counted}
    if len(failures) < len(keys):
        until = await tx.scalar(select(func.max(SignInAttempt.blocked_until)).where(SignInAttempt.key.in_(keys)))
        refused = TooManyGuesses(retry_at=until.isoformat() if until else None)
        refused.come_again = max(1, ceil((until - at).total_seconds())) if until else None
        raise refused
    await _block(tx, at, failures)


async def _block(tx: Tx, at: datetime, failures: dict[str, int]) -> None:
    until = {key: at + pause_after(key.partition(":")[0], count) for key, count in failures.items()}
    await tx.execute(
        update(SignInAttempt)
        .where(SignInAttempt.key.in_(until))
        .values(blocked_until=case(until, value=SignInAttempt.key))
        .execution_options(synchronize_session=False),
    )


async def forgive(tx: Tx, keys: Sequence[str]) -> None:
    """The attempt was right: forget those on the e-mail address, and take this one back from the network address."""
    mails = [key for key in keys if key.startswith("email:")]
    await tx.execute(delete(SignInAttempt).where(SignInAttempt.key.in_(mails)))
    await tx.execute(
        update(SignInAttempt)
        .where(SignInAttempt.key.in_([key for key in keys if key not in mails]))
        .values(failures=func.greatest(SignInAttempt.failures - 1, 0), blocked_until=None)
        .execution_options(synchronize_session=False),
    )


async def forget_old_guesses(tx: Tx) -> None:
    """Drop the counts of those who have not tried for a day."""
    await tx.execute(delete(SignInAttempt).where(SignInAttempt.last_at < now() - _FORGOTTEN))
