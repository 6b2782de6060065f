"""A transaction tells each ticket's card once, on the last of its facts."""

from app.core.clock import now
from app.core.eventlog import read_after
from app.core.transaction import transaction
from tests.conftest import Turned
from tests.given import a_desk, a_lean_account, take_in
from tests.lean import Lean, a_post


async def test_the_card_rides_on_a_tickets_last_fact(database: str, lean: Lean, turned: Turned) -> None:
    account = await a_lean_account(await a_desk())
    async with transaction() as tx:
        begun = (await read_after(tx, 0))[-1].seq
    ids = (await take_in(account.id, a_post("a", "nora", now()), a_post("b", "omar", now()))).ticket_ids
    async with transaction() as tx:
        events = await read_after(tx, begun)
    for ticket_id in ids:
        own = [e for e in events if e.ticket_id == ticket_id]
        assert len(own) > 1
        assert [e.card is None for e in own] == [True] * (len(own) - 1) + [False]
        assert (own[-1].card or {})["id"] == ticket_id
