"""An account that was taken off does not bring months of old mentions along when it is connected again."""

from datetime import timedelta

from sqlalchemy import func, select, update

from app.brands.attach import attach_account, disconnect_account
from app.core.transaction import transaction
from app.ingest.models import Poll
from app.tickets.models import Ticket
from tests.conftest import Turned
from tests.given import a_desk, a_lean_account, hear, listen
from tests.lean import Lean, a_post, lean_account


async def tickets() -> int:
    async with transaction() as tx:
        return await tx.scalar(select(func.count()).select_from(Ticket)) or 0


async def test_what_was_said_while_an_account_was_off_is_for_an_import_only(
    database: str, lean: Lean, turned: Turned
) -> None:
    desk = await a_desk()
    account = await a_lean_account(desk)
    lean.say(a_post("p1", "nina", turned.at))
    await hear()
    assert await tickets() == 1
    async with transaction() as tx:
        await disconnect_account(tx, desk.lead, account.id)
    turned.set(turned.at + timedelta(days=60))
    lean.say(a_post("p2", "omar", turned.at))
    turned.set(turned.at + timedelta(days=60))
    async with transaction() as tx:
        await attach_account(tx, desk.lead, desk.brand_id, lean_account())
    await listen()
    await hear()
    assert await tickets() == 1
    turned.set(turned.at + timedelta(minutes=1))
    lean.say(a_post("p3", "zoe", turned.at))
    await hear()
    assert await tickets() == 2


async def test_a_sign_in_that_only_broke_goes_on_where_it_stood(database: str, lean: Lean, turned: Turned) -> None:
    desk = await a_desk()
    await a_lean_account(desk)
    lean.say(a_post("p1", "nina", turned.at))
    await hear()
    async with transaction() as tx:
        cursor = await tx.scalar(select(Poll.cursor))
        await tx.execute(update(Poll).values(due_at=None))
    turned.set(turned.at + timedelta(days=2))
    lean.say(a_post("p2", "omar", turned.at))
    async with transaction() as tx:
        await attach_account(tx, desk.lead, desk.brand_id, lean_account("another"))
        assert await tx.scalar(select(Poll.cursor)) == cursor
    await listen()
    assert await tickets() == 2
