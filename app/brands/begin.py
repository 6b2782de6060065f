"""begin(): the first visit to an empty desk makes its first lead, brand and team."""

from typing import Final

from sqlalchemy import text

from app.agents.form_team import form_team
from app.agents.invite import add_agent
from app.agents.password import PasswordHash
from app.agents.permit import Actor
from app.agents.queries import somebody_exists
from app.brands.edit import create_brand
from app.brands.errors import AlreadySetUp
from app.core.db import Tx

FIRST_COLOUR: Final = "#3b5bdb"
"""A brand must look like something until its lead says how."""

_ALONE: Final = text("lock table agents in share row exclusive mode")


async def begin(
    tx: Tx, *, name: str, email: str, hashed: PasswordHash, brand_name: str, locale: str | None = None
) -> Actor:
    """Make the first lead with a brand and a team; of two who try at once, one does. Raises AlreadySetUp."""
    await tx.execute(_ALONE)
    if await somebody_exists(tx):
        raise AlreadySetUp
    first = await add_agent(tx, name=name, email=email, role="lead", hashed=hashed, locale=locale)
    actor = Actor(first.id, "lead", frozenset())
    brand = await create_brand(tx, actor, name=brand_name, colour=FIRST_COLOUR)
    await form_team(tx, actor, name=brand_name, agent_ids=[first.id], brand_ids=[brand.id])
    return actor
