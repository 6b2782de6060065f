"""check_posts(): posts of done tickets that vanished at their network vanish here too, a stretch of our books at a time.

Conversations of open tickets are read again by reread.py; nobody would look at the others ever again.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from app.brands.models import Brand, BrandAccount
from app.core.clock import now
from app.core.db import Tx
from app.core.transaction import transaction
from app.ingest.models import Round
from app.ingest.round_row import EVERY, a_day_later, held, went_well
from app.ledger.charge import charged
from app.networks.errors import Gone, Rejected
from app.networks.port import Account, Checked
from app.networks.registry import network
from app.tickets.models import Conversation, Message
from app.tickets.vanish import vanish_messages

PACE: Final = timedelta(minutes=1)
"""So long a network is left alone between two stretches: reading and answering come first."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The posts to ask about; `upto` is the last id of the stretch, None when our books end in it."""

    ids: tuple[str, ...]
    upto: str | None


async def check_posts(opened: Account, row: Round, account: BrandAccount, brand: Brand) -> None:
    """Ask about the next stretch, or for the answer that the network was still working on.

    `row.state` says where the walk stands: `place` is the last id that is done; `job` and `upto` belong to a question
    that is open. Raises NetworkError, RoundLost.
    """
    adapter = network(account.network)
    most, state = adapter.checks(opened), row.state
    job: str | None = state.get("job")
    if not most and job is None:
        async with transaction() as tx:
            await went_well(tx, await held(tx, row), brand.id, a_day_later())
        return
    if job is not None:
        stretch = Stretch((), state.get("upto"))
    else:
        async with transaction() as tx:
            stretch = await _stretch(tx, account.id, str(state.get("place", "")), most)
    told = Checked()
    if job is not None or stretch.ids:
        try:
            told = await adapter.vanished(opened, stretch.ids, job)
        except (Gone, Rejected):
            if job is not None:  # it is not known any more, or came to nothing: the stretch is asked about anew
                async with transaction() as tx:
                    (await held(tx, row)).state = {k: v for k, v in state.items() if k not in {"job", "upto"}}
            raise
    async with charged(opened) as tx:
        mine = await held(tx, row)
        await vanish_messages(tx, brand.id, await _known(tx, account.id, told.gone), why="deleted", at=now())
        mine.state, due = _next(state, stretch, told, asked=bool(stretch.ids or job))
        await went_well(tx, mine, brand.id, due)


async def _stretch(tx: Tx, account_id: str, place: str, most: int) -> Stretch:
    """The next so many posts of our books by id: those that still stand here and that nobody else looks at."""
    part = (
        select(Message.remote_id, Message.conversation_id, Message.vanished_at)
        .where(Message.account_id == account_id, Message.remote_id > place)
        .order_by(Message.remote_id)
        .limit(most)
        .subquery()
    )
    query = select(part, Conversation.reread_at).join(Conversation, Conversation.id == part.c.conversation_id)
    rows = list(await tx.execute(query.order_by(part.c.remote_id)))
    ids = tuple(dict.fromkeys(r.remote_id for r in rows if r.vanished_at is None and r.reread_at is None))
    return Stretch(ids, rows[-1].remote_id if len(rows) == most else None)


async def _known(tx: Tx, account_id: str, gone: Collection[str]) -> list[str]:
    if not gone:
        return []
    return list(
        await tx.scalars(select(Message.id).where(Message.account_id == account_id, Message.remote_id.in_(gone)))
    )


def _next(state: dict[str, Any], stretch: Stretch, told: Checked, *, asked: bool) -> tuple[dict[str, Any], datetime]:
    """Where the walk stands now, and when it goes on."""
    began = state.get("began") or now().isoformat()
    if told.job is not None:
        return {**state, "began": began, "job": told.job, "upto": stretch.upto}, now() + timedelta(seconds=told.again)
    if stretch.upto is None:
        return {}, max(datetime.fromisoformat(began) + EVERY, now() + PACE)
    return {"began": began, "place": stretch.upto}, now() + (PACE if asked else timedelta(0))
