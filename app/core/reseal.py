"""reseal_all(): after a change of the secret key, everything sealed in the database is sealed with the new one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, select, tuple_, update

from app.core.secrets import CredentialsUnreadable, reseal
from app.core.table import Table
from app.core.transaction import transaction

_PAGE: Final = 100
"""Rows of one transaction: nobody waits longer for a row than so many take."""


@dataclass(frozen=True, slots=True)
class Resealed:
    """How many sealed values there are, how many were sealed anew, and which no key opens (table and column, once each)."""

    seen: int
    anew: int
    unreadable: tuple[str, ...]


async def reseal_all() -> Resealed:
    """Seal everything with the first key that is not; opens short transactions of its own.

    Whatever was done stays done when it is cut short, and doing it again changes nothing that is right already.
    """
    seen, anew = 0, 0
    unreadable: list[str] = []
    for column in sealed_columns():
        last: tuple[Any, ...] | None = None
        while page := await _page(column, last):
            seen, anew = seen + page.seen, anew + page.anew
            unreadable += page.unreadable
            last = page.last
    return Resealed(seen, anew, tuple(unreadable))


def sealed_columns() -> Iterator[Column[Any]]:
    """Every column that says of itself that it holds what seal() made."""
    for table in Table.metadata.sorted_tables:
        yield from (column for column in table.columns if column.info.get("sealed"))


@dataclass(frozen=True, slots=True)
class _Page:
    seen: int
    anew: int
    unreadable: list[str]
    last: tuple[Any, ...]


async def _page(column: Column[Any], after: tuple[Any, ...] | None) -> _Page | None:
    """One transaction's worth of rows, by their keys; null when there are none left."""
    table, keys = column.table, list(column.table.primary_key.columns)
    asked = select(*keys, column).order_by(*keys).limit(_PAGE).with_for_update(key_share=True)
    if after is not None:
        asked = asked.where(tuple_(*keys) > tuple_(*after))
    anew, unreadable = 0, []
    async with transaction() as tx:
        rows = (await tx.execute(asked)).all()
        for row in rows:
            *key, sealed = row
            try:
                fresh = reseal(sealed)
            except CredentialsUnreadable:
                unreadable.append(f"{table.name}.{column.name} of {'/'.join(map(str, key))}")
                continue
            if fresh is not None:
                here = [one == value for one, value in zip(keys, key, strict=True)]
                await tx.execute(update(table).where(*here).values({column: fresh}))
                anew += 1
    return _Page(len(rows), anew, unreadable, tuple(rows[-1])[:-1]) if rows else None
