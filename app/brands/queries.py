"""Brands, accounts and networks read back as views; each query is one statement."""

from typing import Any

from sqlalchemy import Select, func, select

from app.agents.permit import Actor, require, seen_brands, sees
from app.brands.account import account_view
from app.brands.errors import AccountNotFound, BrandNotFound
from app.brands.models import Brand, BrandAccount, BrandTeam
from app.brands.views import BrandAccountView, BrandView, ConnectFieldView, NetworkView
from app.core.db import Tx
from app.networks.registry import network, networks


def _brands() -> Select[Any]:
    theirs = select(BrandTeam.team_id).where(BrandTeam.brand_id == Brand.id).order_by(BrandTeam.team_id)
    return select(Brand, func.array(theirs.correlate(Brand).scalar_subquery()))


def _brand(row: Any) -> BrandView:
    brand, team_ids = row
    return BrandView(
        id=brand.id,
        name=brand.name,
        colour=brand.colour,
        reopen_seconds=brand.reopen_seconds,
        join_seconds=brand.join_seconds,
        assignment=brand.assignment,
        team_ids=team_ids,
        revision=brand.revision,
    )


async def brands(tx: Tx, actor: Actor) -> list[BrandView]:
    """The brands the actor sees, by name."""
    require(actor, "see")
    query = _brands().order_by(func.lower(Brand.name), Brand.id)
    seen = seen_brands(actor)
    if seen is not None:
        query = query.where(Brand.id.in_(seen))
    return [_brand(row) for row in await tx.execute(query)]


async def brand_view(tx: Tx, brand_id: str) -> BrandView:
    """One brand. Raises BrandNotFound."""
    query = _brands().where(Brand.id == brand_id).execution_options(populate_existing=True)
    row = (await tx.execute(query)).one_or_none()
    if row is None:
        raise BrandNotFound
    return _brand(row)


async def accounts(tx: Tx, actor: Actor) -> list[BrandAccountView]:
    """The accounts of the brands the actor sees; those taken off too, since tickets name them."""
    require(actor, "see")
    query = select(BrandAccount).order_by(BrandAccount.network, func.lower(BrandAccount.handle), BrandAccount.id)
    seen = seen_brands(actor)
    if seen is not None:
        query = query.where(BrandAccount.brand_id.in_(seen))
    return [account_view(row) for row in await tx.scalars(query)]


async def locked_account(tx: Tx, actor: Actor, account_id: str) -> BrandAccount:
    """The row of an account the actor sees, ours until the transaction ends. Raises AccountNotFound."""
    query = select(BrandAccount).where(BrandAccount.id == account_id).with_for_update(key_share=True)
    row = await tx.scalar(query.execution_options(populate_existing=True))
    if row is None or not sees(actor, row.brand_id):
        raise AccountNotFound
    return row


def network_views(actor: Actor) -> list[NetworkView]:
    """Every network this installation knows."""
    require(actor, "see")
    return [
        NetworkView(
            name=adapter.name,
            words=dict(adapter.words),
            mark=adapter.mark,
            can=sorted(adapter.can),
            priced=bool(adapter.prices),
            connect_fields=[
                ConnectFieldView(
                    name=field.name,
                    label=field.label,
                    kind=field.kind,
                    required=field.required,
                    placeholder=field.placeholder,
                )
                for field in adapter.connect_fields
            ],
        )
        for adapter in (network(name) for name in sorted(networks()))
    ]
