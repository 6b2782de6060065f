"""The limit of taking in: the rows that pages became, written again by hand, one multi-row insert for each table."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any, Final

from psycopg import AsyncConnection, AsyncCursor, AsyncRawCursor, sql

from app.core import db

# Every table that a page of mentions or lines of an import write to, parents first, and how its rows belong to the tickets of the page.
_OF_TICKETS: Final = {
    "customers": "id in (select customer_id from tickets where id = any(%(ids)s)) and created_at >= %(since)s",
    "identities": "customer_id in (select customer_id from tickets where id = any(%(ids)s)) and created_at >= %(since)s",
    "conversations": "id in (select conversation_id from tickets where id = any(%(ids)s))",
    "tickets": "id = any(%(ids)s)",
    "ticket_conversations": "ticket_id = any(%(ids)s)",
    "messages": "ticket_id = any(%(ids)s)",
    "notes": "ticket_id = any(%(ids)s)",
    "ticket_references": "ticket_id = any(%(ids)s)",
    "imported_references": (
        "id in (select id from messages where ticket_id = any(%(ids)s)"
        " union all select id from notes where ticket_id = any(%(ids)s)"
        " union all select customer_id from tickets where id = any(%(ids)s))"
    ),
    "search_entries": "ticket_id = any(%(ids)s)",
    "ticket_clocks": "ticket_id = any(%(ids)s)",
    "timers": "ticket_id = any(%(ids)s)",
    "events": "ticket_id = any(%(ids)s) order by seq",
}
_OF_PEOPLE: Final = ("identities", "customers")
_GIVEN_BY_THE_DATABASE: Final = {"events": {"id", "seq"}, "tickets": {"number"}}


@dataclass(frozen=True, slots=True)
class Bare:
    """The rows of one page in one table: its insert, and the values of all rows one after the other, as text."""

    insert: str
    values: list[str | None]


async def read_back(ticket_ids: Collection[str], since: datetime) -> list[Bare]:
    """What a page that opened these tickets has written since then, ready to be written again."""
    found = []
    async with db.engine().connect() as connection:
        cursor = _driver((await connection.get_raw_connection()).driver_connection).cursor()
        for table, where in _OF_TICKETS.items():
            columns = await _columns(cursor, table)
            named = sql.SQL(", ").join(map(sql.Identifier, columns))
            as_text = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(c)) for c in columns)
            query = sql.SQL("select {} from {} where ").format(as_text, sql.Identifier(table)) + sql.SQL(where)
            await cursor.execute(query, {"ids": list(ticket_ids), "since": since})
            rows = await cursor.fetchall()
            if rows:
                numbers = count(1)
                values = sql.SQL(", ").join(
                    sql.SQL(f"({', '.join(f'${next(numbers)}' for _ in columns)})") for _ in rows
                )
                insert = (
                    sql.SQL("insert into {} ({}) values {}").format(sql.Identifier(table), named, values).as_string()
                )
                found.append(Bare(insert, [value for one in rows for value in one]))
    return found


async def write_again(page: Sequence[Bare]) -> None:
    """Insert a page's rows, in one transaction."""
    async with db.engine().begin() as connection:
        cursor = AsyncRawCursor(_driver((await connection.get_raw_connection()).driver_connection))
        for bare in page:
            await cursor.execute(bare.insert, bare.values)


async def forget(since: datetime) -> None:
    """Empty every table that pages write to; only customers from before that moment stay, as they were known."""
    async with db.engine().begin() as connection:
        cursor = _driver((await connection.get_raw_connection()).driver_connection).cursor()
        tables = sql.SQL(", ").join(sql.Identifier(name) for name in _OF_TICKETS if name not in _OF_PEOPLE)
        await cursor.execute(sql.SQL("truncate {} cascade").format(tables))
        for table in _OF_PEOPLE:
            await cursor.execute(
                sql.SQL("delete from {} where created_at >= %s").format(sql.Identifier(table)), [since]
            )
        await cursor.execute("update event_head set seq = 0")


async def _columns(cursor: AsyncCursor[Any], table: str) -> list[str]:
    await cursor.execute(
        "select column_name from information_schema.columns where table_schema = 'public' and table_name = %s"
        " order by ordinal_position",
        [table],
    )
    given = _GIVEN_BY_THE_DATABASE.get(table, set())
    return [name for (name,) in await cursor.fetchall() if name not in given]


def _driver(connection: Any) -> AsyncConnection[Any]:
    """The driver's own connection under SQLAlchemy's."""
    if not isinstance(connection, AsyncConnection):
        raise TypeError(type(connection))
    return connection
