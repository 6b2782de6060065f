"""A transaction tells each ticket's card once, on the last of its facts."""

from sqlalchemy import text

from app.core.clock import now
from app.core.eventlog import read_after
from app.core.transaction import transaction
from app.customers.identify import identify_customers
from app.tickets.card import cards
from tests.brands.village import an_author
from tests.conftest import Turned
from tests.given import a_desk, a_lean_account, take_in
from tests.lean import Lean, a_post

_BLOCKS = text(
    "select pg_stat_get_xact_blocks_fetched(c.oid) from pg_class c where c.relname = 'uq_identities_network_server_remote_id'"
)


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


async def test_cards_do_not_read_all_people_of_their_network(database: str, lean: Lean) -> None:
    """Also where PostgreSQL has not counted the tables yet, as on a desk in its first minutes or after an import."""
    account = await a_lean_account(await a_desk())
    async with transaction() as tx:
        await identify_customers(tx, "lean", "https://lean.example", [an_author(f"a{n}") for n in range(2_000)])
    taken = await take_in(account.id, *(a_post(f"p{n}", f"who{n}", now()) for n in range(20)))
    async with transaction() as tx:
        before = await tx.scalar(_BLOCKS)
        assert len(await cards(tx, taken.ticket_ids)) == 20
        assert (await tx.scalar(_BLOCKS)) - before < 200
