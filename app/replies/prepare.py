"""What an adapter makes of a reply once, before its first attempt, so that every attempt is the same."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from app.core.rows import clean_json
from app.networks.port import Account, Network, Outgoing
from app.replies.models import Reply

Preparing = asyncio.Task[dict[str, Any]]

_NAME = "prepared"


def is_prepared(reply: Reply) -> bool:
    """Whether what the adapter made of it is in its frozen `outgoing`."""
    return _NAME in reply.outgoing


def keep_prepared(reply: Reply, prepared: Mapping[str, Any]) -> None:
    """Freeze it with the reply; written in the transaction that says that it leaves."""
    if not is_prepared(reply):
        reply.outgoing = {**reply.outgoing, _NAME: clean_json(prepared)}


def begin_anew(reply: Reply, parent_facts: Mapping[str, Any]) -> None:
    """It surely is not out and begins anew, with other uploads, under its parent as that is known now."""
    kept = {name: value for name, value in reply.outgoing.items() if name != _NAME}
    reply.outgoing = {**kept, "parent_facts": dict(parent_facts)}


async def prepared(adapter: Network, account: Account, reply: Reply, outgoing: Outgoing) -> dict[str, Any]:
    """What the adapter makes of it, unless it is frozen already. Raises networks.errors, but never Unknown."""
    return outgoing.prepared if is_prepared(reply) else await adapter.prepare(account, outgoing)


async def at_once(tasks: Sequence[Preparing]) -> list[bool]:
    """Which of these asked nobody and are through: their replies may leave together, and wait for no network."""
    if tasks:
        await asyncio.wait(tasks, timeout=0)
    return [task.done() and task.exception() is None for task in tasks]
