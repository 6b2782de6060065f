"""Copies of the moulds written in bulk: a table at a time with its indexes afterwards, two tables at once."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import psycopg
from psycopg import sql

from app.core.clock import now
from bench.stock_cast import Cast, cast, columns
from bench.stock_copies import copies, customers, how_many_customers, lay_out, places
from bench.stock_desk import Desk
from bench.stock_moulds import Mould

_AGES: Final = 4
_AT_ONCE: Final = 50_000
_EMPTIED: Final = ("customers", "identities", "conversations", "tickets", "ticket_conversations")
"""Everything else points to them, so emptying them empties all."""
_WORK: Final = (
    ("events",),
    ("messages", "replies"),
    ("search_entries",),
    ("tickets",),
    ("ticket_clocks",),
    ("conversations",),
    ("ticket_conversations",),
    ("timers",),
    ("identities",),
    ("customers",),
    ("notes",),
)
"""What is filled together, the slowest first, so that both connections end at about the same time."""
_ALONE: Final = {"messages": ("messages", "replies", "pictures")}
"""What else must be emptied where others point to a table."""

_ASLEEP: Final = "update pg_index set indisready = false where indrelid = %s::regclass"
"""What a failed `create index concurrently` leaves: inserts pass the index by, and `reindex` brings it back."""
_INDEXES: Final = "select indexrelid::regclass::text from pg_index where not indisready and indrelid = %s::regclass"


def load(url: str, desk: Desk, moulds: Sequence[Mould], tickets: int) -> None:
    """Replace the moulds in the database at `url` by so many copies, with everything that belongs to them.

    The number of tickets must divide by 400: copies are dealt out by the hundred, and there are four ages.
    """
    began = time.monotonic()
    at = now().replace(microsecond=0).isoformat()
    with _connect(url) as connection:
        lay_out(connection, desk)
        casts = [cast(connection, mould) for mould in moulds]
        connection.execute(f"truncate {', '.join(_EMPTIED)} cascade".encode())
    with ThreadPoolExecutor(2) as both:
        for done in [both.submit(_fill, url, tables, casts, at, tickets, began) for tables in _WORK]:
            done.result()
        # Not before: while another table is being filled, no row counts as seen by everybody, and each later look into
        # an index alone would go to the table for it, as nothing does that has been there for a while.
        for done in [both.submit(_vacuum, url, table) for tables in _WORK for table in tables]:
            done.result()
        print(f"    vacuumed {time.monotonic() - began:.0f} s", flush=True)
    with _connect(url) as connection:
        last = connection.execute("select max(seq) from events").fetchone()
        connection.execute("update event_head set seq = %s, pruned = %s", [last[0], last[0]] if last else None)
        connection.execute("select setval(pg_get_serial_sequence('events', 'id'), %s)", list(last or ()))
        connection.execute("select setval(pg_get_serial_sequence('tickets', 'number'), %s)", [tickets])
        connection.execute("drop schema stock cascade")
        connection.execute("analyze agents, brands, brand_accounts, teams, team_members, labels, event_head")


def _connect(url: str) -> psycopg.Connection:
    connection = psycopg.connect(url, autocommit=True)
    connection.execute("set session_replication_role = replica")
    connection.execute("set maintenance_work_mem = '384MB'")
    connection.execute("set max_parallel_maintenance_workers = 0")
    connection.execute("set max_parallel_workers_per_gather = 0")
    connection.execute("set jit = off")
    return connection


def _fill(url: str, tables: Sequence[str], casts: Sequence[Cast], at: str, tickets: int, began: float) -> None:
    """Write all copies of some tables, then their indexes.

    In one transaction, which logs nothing of a table that it emptied itself, and in which nothing is visible yet: what
    builds an index after the commit marks every row as committed, and writes every page once more.
    """
    with _connect(url) as connection:
        with connection.transaction():
            if tables[0] not in _EMPTIED:
                connection.execute(f"truncate {', '.join(_ALONE.get(tables[0], tables))}".encode())
            for table in tables:
                connection.execute(_ASLEEP, [table])
                for statement in _statements(connection, table, casts, at, tickets):
                    connection.execute(statement.encode())
            filled = time.monotonic() - began
            for table in tables:
                for (index,) in connection.execute(_INDEXES, [table]).fetchall():
                    connection.execute(sql.SQL("reindex index {}").format(sql.SQL(index)))
        indexed = time.monotonic() - began
    print(f"    {', '.join(tables)}: {filled:.0f} s, indexes {indexed:.0f} s", flush=True)


def _vacuum(url: str, table: str) -> None:
    with _connect(url) as connection:
        connection.execute(sql.SQL("vacuum (analyze) {}").format(sql.Identifier(table)))


def _statements(
    connection: psycopg.Connection, table: str, casts: Sequence[Cast], at: str, tickets: int
) -> Iterator[str]:
    names = [one.name for one in columns(connection, table)]
    if table in {"customers", "identities"}:
        row = casts[0].rows[table][0]
        count = how_many_customers(tickets)
        yield f"insert into {table} ({_listed(names)}) select {_values(row, names)} from {customers(at, 1, count)}"
        return
    of_an_age = tickets // _AGES
    for age in range(_AGES):
        taken = places([one.mould for one in casts], age)
        for start in range(age * of_an_age + 1, (age + 1) * of_an_age + 1, _AT_ONCE):
            end = min((age + 1) * of_an_age, start + _AT_ONCE - 1)
            for made, place in zip(casts, taken, strict=True):
                rows = made.rows[table]
                if rows and place:
                    yield _insert(table, names, rows, copies(made, at, tickets, start, end, place))


def _insert(table: str, names: Sequence[str], rows: Sequence[dict[str, str]], source: str) -> str:
    if table == "events":
        names = [name for name in names if name not in {"id", "seq"}]
    listed = _listed(names)
    if len(rows) == 1:
        found = f"select {_values(rows[0], names)} from {source}"
    else:
        # not `values`, whose expressions PostgreSQL makes ready anew for every copy
        each = " union all ".join(f"select {_values(row, names)}" for row in rows)
        found = f"select v.* from {source} cross join lateral ({each}) v ({listed})"
    if table == "events":
        numbered = f"select nextval('stock.log') as seq, found.* from ({found}) found ({listed}) offset 0"
        return f"insert into events (id, seq, {listed}) select seq, seq, {listed} from ({numbered}) it"
    return f"insert into {table} ({listed}) {found}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _values(row: dict[str, str], names: Sequence[str]) -> str:
    return ", ".join(row[name] for name in names)
