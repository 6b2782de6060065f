"""What a process keeps in mind of each account, bounded, so that reading stays cheap; losing it costs only money."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from app.core.clock import now
from app.networks.adapters.x.names import Generation
from app.networks.port import Account, Credentials, Inbound

_MOST_ACCOUNTS: Final = 500
_MOST_PROFILES: Final = 20_000
_MOST_READ: Final = 100_000
_MOST_MESSAGES: Final = 2_000
_MESSAGES_WINDOW: Final = timedelta(minutes=15)
_MESSAGES_APART: Final = timedelta(seconds=65)
"""Direct messages may be asked for 15 times in 15 minutes."""
_MOST_URGENT: Final = 10
"""Out of turn only while enough of the 15 is left for looking for what was sent."""


@dataclass(slots=True)
class Memory:
    """Of one account, within one process and, where it says so, one UTC day."""

    generation: Generation = "tweet"
    credentials: Credentials | None = None  # the newest we know of
    renewing: asyncio.Lock = field(default_factory=asyncio.Lock)
    messages_asked: list[datetime] = field(default_factory=list)  # when direct messages were asked for lately
    message_waits: bool = False  # we were told that one came
    messages: dict[str, Inbound] = field(default_factory=dict)  # by remote id; they never change
    asked_by: dict[str, str] = field(default_factory=dict)  # of each talk, the newest message that is not ours
    _day: date | None = None
    _profiles: dict[str, dict[str, Any]] = field(default_factory=dict)
    _charged: set[tuple[str, str]] = field(default_factory=set)

    def _turn_day(self) -> None:
        if self._day != (today := now().date()):
            self._day = today
            self._profiles.clear()
            self._charged.clear()

    def profile(self, remote_id: str) -> dict[str, Any] | None:
        """Somebody's profile as read today."""
        self._turn_day()
        return self._profiles.get(remote_id)

    def keep_profile(self, remote_id: str, profile: dict[str, Any]) -> None:
        """Keep a profile for the rest of the day."""
        self._turn_day()
        if len(self._profiles) >= _MOST_PROFILES:
            self._profiles.clear()
        self._profiles[remote_id] = profile

    def charge(self, name: str, ids: Iterable[str]) -> int:
        """How many of these X charges for: what was read once is free until the day ends (UTC).

        What was forgotten, or read by another process, counts again: rather too much than too little.
        """
        self._turn_day()
        fresh = {(name, one) for one in ids} - self._charged
        if len(self._charged) >= _MOST_READ:
            self._charged.clear()
        self._charged |= fresh
        return len(fresh)

    def may_ask_messages(self) -> bool:
        """Whether direct messages may be asked for now: once a minute, sooner when one waits; noted as done if so."""
        at = now()
        self.messages_asked = [one for one in self.messages_asked if timedelta(0) <= at - one < _MESSAGES_WINDOW]
        lately = bool(self.messages_asked) and at - self.messages_asked[-1] < _MESSAGES_APART
        urgent = self.message_waits and len(self.messages_asked) < _MOST_URGENT
        if lately and not urgent:
            return False
        self.message_waits = False
        self.messages_asked.append(at)
        return True

    def keep_messages(self, items: Iterable[Inbound]) -> None:
        """Keep direct messages, so that looking at them again asks nobody."""
        if len(self.messages) >= _MOST_MESSAGES:
            self.messages.clear()
        self.messages |= {item.remote_id: item for item in items}

    def note_asker(self, talk: str, remote_id: str) -> None:
        """Remember the newest message of a talk that is not ours: what we say next answers it."""
        if len(self.asked_by) >= _MOST_MESSAGES:
            self.asked_by.clear()
        self.asked_by[talk] = remote_id


_memories: dict[str, Memory] = {}


def memory_of(account: Account) -> Memory:
    """What this process knows of an account; nothing of one that is not ours yet."""
    if not account.id:
        return Memory()
    if account.id not in _memories:
        if len(_memories) >= _MOST_ACCOUNTS:
            del _memories[next(iter(_memories))]
        _memories[account.id] = Memory()
    return _memories[account.id]
