"""Reaches: what agents may hear after teams or brands changed, asked once for all consoles of this process."""

import asyncio
from collections.abc import Mapping

from sqlalchemy import select

from app.agents.models import Agent
from app.agents.reach import brand_ids
from app.core.transaction import glance

Brands = Mapping[str, frozenset[str]]


class Reaches:
    """The brands that each agent sees, as they were at some number of the log or later."""

    def __init__(self) -> None:
        """Nothing is known."""
        self._seq = 0
        self._asking: asyncio.Task[Brands] | None = None

    async def after(self, seq: int) -> Brands:
        """The brands by agent, disabled ones left out, read after this event was committed: one query however many ask."""
        failed = self._asking is not None and self._asking.done() and self._asking.exception() is not None
        if self._asking is None or failed or seq > self._seq:
            self._seq = seq
            self._asking = asyncio.create_task(_brands())
        return await asyncio.shield(self._asking)


async def _brands() -> Brands:
    query = select(Agent.id, brand_ids()).where(Agent.disabled_at.is_(None))
    async with glance() as tx:
        return {agent_id: frozenset(brands) for agent_id, brands in await tx.execute(query)}
