"""create_brand(), edit_brand(): a voice, how it looks, who works for it, and its windows of time."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_or

from app.agents.permit import Actor, require
from app.agents.queries import known_teams
from app.brands.errors import BrandNameTaken, BrandNotFound, StaleBrand, UnknownTeam
from app.brands.events import BrandChanged
from app.brands.models import Brand, BrandTeam
from app.brands.queries import brand_view
from app.brands.views import BrandView
from app.core.clock import now
from app.core.db import Tx
from app.core.ids import new_id
from app.core.transaction import record


async def create_brand(tx: Tx, actor: Actor, *, name: str, colour: str, team_ids: Sequence[str] = ()) -> BrandView:
    """Make a brand; only leads may. `colour` is #rrggbb. Raises BrandNameTaken, UnknownTeam."""
    require(actor, "create_brand")
    made = await tx.scalar(
        insert_or(Brand)
        .values(id=new_id("br"), name=name, colour=colour.lower(), created_at=now())
        .on_conflict_do_nothing()
        .returning(Brand.id),
    )
    if made is None:
        raise BrandNameTaken(field="name")
    await _set_teams(tx, made, team_ids)
    return await _told(tx, actor, made)


async def edit_brand(
    tx: Tx,
    actor: Actor,
    brand_id: str,
    *,
    revision: int | None,
    name: str | None = None,
    colour: str | None = None,
    reopen_seconds: int | None = None,
    join_seconds: int | None = None,
    assignment: str | None = None,
    team_ids: Sequence[str] | None = None,
) -> BrandView:
    """Change a brand; only leads may. Windows are in seconds; None leaves things as they are.

    `assignment` is "off" or a strategy's name, which the floor of assignments checks when the change is committed.
    Raises BrandNotFound, StaleBrand, BrandNameTaken, UnknownTeam.
    """
    require(actor, "edit_brand", brand_id)
    rows = await tx.scalars(
        select(Brand)
        .where((Brand.id == brand_id) | (Brand.name == name))
        .order_by(Brand.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True),
    )
    found = {row.id: row for row in rows}
    brand = found.pop(brand_id, None)
    if brand is None:
        raise BrandNotFound
    if revision not in {None, brand.revision}:
        present = await brand_view(tx, brand_id)
        raise StaleBrand(brand=present.model_dump(mode="json"))
    if found:
        raise BrandNameTaken(field="name")
    brand.name = brand.name if name is None else name
    brand.colour = brand.colour if colour is None else colour.lower()
    brand.reopen_seconds = brand.reopen_seconds if reopen_seconds is None else reopen_seconds
    brand.join_seconds = brand.join_seconds if join_seconds is None else join_seconds
    brand.assignment = brand.assignment if assignment is None else assignment
    brand.revision += 1
    await tx.flush()
    if team_ids is not None:
        await _set_teams(tx, brand_id, team_ids)
    return await _told(tx, actor, brand_id)


async def _told(tx: Tx, actor: Actor, brand_id: str) -> BrandView:
    view = await brand_view(tx, brand_id)
    record(tx, BrandChanged(brand_id=brand_id, brand=view), agent_id=actor.agent_id)
    return view


async def _set_teams(tx: Tx, brand_id: str, wanted: Sequence[str]) -> None:
    known = await known_teams(tx, wanted)
    if known != set(wanted):
        raise UnknownTeam(field="team_ids")
    await tx.execute(delete(BrandTeam).where(BrandTeam.brand_id == brand_id))
    if known:
        await tx.execute(insert(BrandTeam), [{"brand_id": brand_id, "team_id": team} for team in sorted(known)])
