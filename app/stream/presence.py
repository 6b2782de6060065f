"""Who is looking at or typing in which ticket: told by NOTIFY, kept in memory, forgotten after 15 s, never in the log."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from app.core.clock import now
from app.core.transaction import transaction
from app.core.wake import tell

LASTS: Final = timedelta(seconds=15)
CHANNEL: Final = "presence"
Doing = Literal["viewing", "typing", "left"]


async def say(socket_id: str, agent_id: str, ticket_id: str | None, doing: Doing, brand_id: str | None) -> None:
    """Tell every process what an agent does in a ticket; may be lost."""
    async with transaction() as tx:
        payload = {
            "socket": socket_id,
            "agent_id": agent_id,
            "ticket_id": ticket_id,
            "doing": doing,
            "brand_id": brand_id,
        }
        await tell(tx, CHANNEL, payload)


class Presence:
    """What this process knows of who is where; one entry per console, so that two tabs are two."""

    def __init__(self, changed: Callable[[str, str, list[dict[str, str]]], None]) -> None:
        """`changed(ticket_id, brand_id, agents)` is called when somebody came, typed or went."""
        self._changed = changed
        self._here: dict[str, tuple[str, str, str, str, datetime]] = {}  # socket: agent, ticket, brand, doing, until

    def hear(self, payload: str) -> None:
        """Take in one notification."""
        told: dict[str, Any] = json.loads(payload)
        before = self._here.pop(told["socket"], None)
        if told["ticket_id"] and told["doing"] != "left":
            until = now() + LASTS
            self._here[told["socket"]] = (told["agent_id"], told["ticket_id"], told["brand_id"], told["doing"], until)
        after = self._here.get(told["socket"])
        if before and (after is None or after[1] != before[1]):
            self._tell(before[1], before[2])
        if after and (before is None or before[:4] != after[:4]):
            self._tell(after[1], after[2])

    def forget_old(self) -> None:
        """Drop who was not heard of for 15 s."""
        for socket_id, entry in list(self._here.items()):
            if not _is_here(entry[4]):
                del self._here[socket_id]
                self._tell(entry[1], entry[2])

    def agents_in(self, ticket_id: str) -> list[dict[str, str]]:
        """Who is in a ticket; typing outranks looking."""
        doing: dict[str, str] = {}
        for agent, ticket, _brand, what, until in self._here.values():
            if ticket == ticket_id and _is_here(until) and doing.get(agent) != "typing":
                doing[agent] = what
        return [{"agent_id": agent, "doing": what} for agent, what in sorted(doing.items())]

    def _tell(self, ticket_id: str, brand_id: str) -> None:
        self._changed(ticket_id, brand_id, self.agents_in(ticket_id))


def _is_here(until: datetime) -> bool:
    """Whether somebody is still here; a time further ahead than anybody may stay is of a clock that was set back."""
    return timedelta(0) < until - now() <= LASTS
