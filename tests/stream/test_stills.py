"""Who is still signed in: asked once for all who want to know at about the same time, and answered for each."""

import asyncio

from sqlalchemy import update

from app.agents.current import actor_of
from app.agents.models import SignIn
from app.agents.permit import Actor
from app.core.clock import now
from app.core.transaction import transaction
from app.stream.stills import Stills
from tests.conftest import Statements
from tests.given import a_desk
from tests.stream.conftest import signed_in


async def test_all_who_ask_at_the_same_time_are_one_statement(database: str, statements: Statements) -> None:
    desk = await a_desk(agents=2)
    known = [await as_signed_in(who) for who in (desk.lead, *desk.agents)]
    gone = known[-1]
    async with transaction() as tx:
        await tx.execute(update(SignIn).where(SignIn.id == gone.sign_in_id).values(expires_at=now()))
    stills = Stills()
    statements.clear()
    found = await asyncio.gather(*(stills.of(who) for who in known for _ in range(3)))
    assert found == [one for who in known for one in 3 * [None if who is gone else who]]
    assert len(statements) == 1


async def as_signed_in(who: Actor) -> Actor:
    secret = await signed_in(who)
    async with transaction() as tx:
        actor = await actor_of(tx, secret)
    assert actor is not None
    return actor
