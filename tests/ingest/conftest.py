"""A desk that reads the network in memory, with a clock in the test's hand."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select, update

from app.core.clock import now
from app.core.eventlog import Logged, read_after
from app.core.transaction import transaction
from app.ingest.models import Poll
from app.ingest.poll import poll_due
from app.ingest.queries import health_of
from app.ingest.reread import reread_due
from app.ingest.views import HealthView
from app.tickets.inbox import Filter, inbox
from app.tickets.models import Conversation, Message
from app.tickets.views import TicketCard
from tests.conftest import Turned
from tests.given import Desk, a_desk, a_lean_account
from tests.lean import Lean


@dataclass
class Ears:
    """A desk, its account's reading, and the network it reads."""

    desk: Desk
    account_id: str
    lean: Lean

    async def poll(self) -> Poll:
        async with transaction() as tx:
            return await tx.get_one(Poll, self.account_id)

    async def listen_now(self) -> None:
        """One reading, whenever it was due."""
        async with transaction() as tx:
            await tx.execute(update(Poll).where(Poll.due_at.is_not(None)).values(due_at=now()))
        assert await poll_due()

    async def reread(self) -> None:
        """Read every watched conversation again, now."""
        async with transaction() as tx:
            await tx.execute(update(Conversation).where(Conversation.reread_at.is_not(None)).values(reread_at=now()))
        while True:
            async with transaction() as tx:
                await tx.execute(update(Poll).values(reread_free_at=None))
            if not await reread_due():
                return

    async def health(self) -> HealthView:
        async with transaction() as tx:
            return await health_of(tx, self.account_id)

    async def cards(self) -> list[TicketCard]:
        async with transaction() as tx:
            return (await inbox(tx, self.desk.lead, Filter(states=("open", "waiting", "resolved")), limit=100)).items

    async def messages(self) -> list[Message]:
        async with transaction() as tx:
            return list(await tx.scalars(select(Message).order_by(Message.posted_at, Message.id)))

    async def events(self, kind: str = "") -> list[Logged]:
        async with transaction() as tx:
            return [e for e in await read_after(tx, 0, 5000) if e.type.startswith(kind)]


@pytest.fixture
async def ears(database: str, lean: Lean, turned: Turned) -> Ears:
    desk = await a_desk(agents=1)
    account = await a_lean_account(desk)
    return Ears(desk, account.id, lean)
