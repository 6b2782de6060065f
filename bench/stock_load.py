"""Copies of the moulds written in bulk: without indexes, checks and write-ahead log, over two connections at a time."""

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

_AT_ONCE: Final = 50_000
_CORE: Final = ("customers", "identities", "conversations", "tickets", "ticket_conversations")
"""Loaded first: the other tables point to them, so they can only be emptied together."""
_SIDES: Final = (("messages", "replies", "notes", "timers", "search_entries"), ("events", "ticket_clocks"))
"""The rest, in two parts of about the same work."""
_EMPTIED_TOO: Final = {"messages": ("pictures", "replies"), "replies": ("pictures",)}

_ASLEEP: Final = "update pg_index set indisready = false where indrelid = %s::regclass"
"""What a failed `create index concurrently` leaves: inserts pass the index by, and `reindex` brings it back."""
_INDEXES: Final = "select indexrelid::regclass::text from pg_index where not indisready"


def load(url: str, desk: Desk, moulds: Sequence[Mould], tickets: int) -> None:
    """Replace the moulds in the database at `url` by so many copies, with everything that belongs to them."""
    began = time.monotonic()
    at = now().replace(microsecond=0).isoformat()
    with _connect(url) as connection:
        lay_out(connection, desk)
        casts = [cast(connection, mould) for mould in moulds]
        _fill(connection, _CORE, casts, at, tickets)
        _say(began, f"{tickets:,} tickets")
    with ThreadPoolExecutor(2) as both:
        for done in [both.submit(_side, url, side, casts, at, tickets, began) for side in _SIDES]:
            done.result()
    with _connect(url) as connection:
        indexes = [row[0] for row in connection.execute(_INDEXES)]
    with ThreadPoolExecutor(2) as both:
        for done in [both.submit(_index, url, name) for name in sorted(indexes, key=_weight)]:
            done.result()
        _say(began, f"{len(indexes)} indexes")
        for done in [both.submit(_vacuum, url, table) for side in (*_SIDES, _CORE) for table in side]:
            done.result()
    with _connect(url) as connection:
        last = connection.execute("select nextval('stock.log') - 1").fetchone()
        connection.execute("update event_head set seq = %s, pruned = %s", [last[0], last[0]] if last else None)
        connection.execute("select setval(pg_get_serial_sequence('events', 'id'), %s)", list(last or ()))
        connection.execute("select setval(pg_get_serial_sequence('tickets', 'number'), %s)", [tickets])
        connection.execute("drop schema stock cascade")
        connection.execute("analyze agents, brands, brand_accounts, teams, team_members, labels, event_head")
    _say(began, "vacuumed")


def _weight(index: str) -> tuple[int, str]:
    """The slowest first, so that both connections end together."""
    return (0 if "words" in index else 1 if "messages" in index else 2 if "events" in index else 3, index)


def _connect(url: str) -> psycopg.Connection:
    connection = psycopg.connect(url, autocommit=True)
    connection.execute("set session_replication_role = replica")
    connection.execute("set maintenance_work_mem = '384MB'")
    connection.execute("set max_parallel_maintenance_workers = 0")
    connection.execute("set max_parallel_workers_per_gather = 0")
    connection.execute("set jit = off")
    return connection


def _side(url: str, side: Sequence[str], casts: Sequence[Cast], at: str, tickets: int, began: float) -> None:
    with _connect(url) as connection:
        for table in side:
            if table in _EMPTIED_TOO.get(side[0], ()):
                continue  # emptied and filled together with the table it points to
            together = [table, *(one for one in _EMPTIED_TOO.get(table, ()) if one in side)]
            _fill(connection, together, casts, at, tickets)
            _say(began, ", ".join(together))


def _fill(connection: psycopg.Connection, tables: Sequence[str], casts: Sequence[Cast], at: str, tickets: int) -> None:
    """Empty the tables and write all copies, in one transaction, of which PostgreSQL then logs nothing."""
    emptied = dict.fromkeys(one for table in tables for one in (table, *_EMPTIED_TOO.get(table, ())))
    with connection.transaction():
        connection.execute(f"truncate {', '.join(emptied)} cascade".encode())
        for table in tables:
            connection.execute(_ASLEEP, [table])
        for table in tables:
            for statement in _statements(connection, table, casts, at, tickets):
                connection.execute(statement.encode())


def _statements(
    connection: psycopg.Connection, table: str, casts: Sequence[Cast], at: str, tickets: int
) -> Iterator[str]:
    names = [one.name for one in columns(connection, table)]
    if table in {"customers", "identities"}:
        row = casts[0].rows[table][0]
        count = how_many_customers(tickets)
        yield f"insert into {table} ({_listed(names)}) select {_values(row, names)} from {customers(at, 1, count)}"
        return
    shares = places([one.mould for one in casts])
    for start in range(1, tickets + 1, _AT_ONCE):
        end = min(tickets, start + _AT_ONCE - 1)
        for made, share in zip(casts, shares, strict=True):
            rows = made.rows[table]
            if rows:
                source = copies(made, at, tickets, start, end, share)
                yield _insert(table, names, rows, source)


def _insert(table: str, names: Sequence[str], rows: Sequence[dict[str, str]], source: str) -> str:
    if table == "events":
        names = [name for name in names if name not in {"id", "seq"}]
    listed = _listed(names)
    if len(rows) == 1:
        found = f"select {_values(rows[0], names)} from {source}"
    else:
        values = ", ".join(f"({_values(row, names)})" for row in rows)
        found = f"select v.* from {source} cross join lateral (values {values}) v ({listed})"
    if table == "events":
        numbered = f"select nextval('stock.log') as seq, found.* from ({found}) found ({listed}) offset 0"
        return f"insert into events (id, seq, {listed}) select seq, seq, {listed} from ({numbered}) it"
    return f"insert into {table} ({listed}) {found}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _values(row: dict[str, str], names: Sequence[str]) -> str:
    return ", ".join(row[name] for name in names)


def _index(url: str, name: str) -> None:
    with _connect(url) as connection:
        connection.execute(sql.SQL("reindex index {}").format(sql.SQL(name)))


def _vacuum(url: str, table: str) -> None:
    with _connect(url) as connection:
        connection.execute(sql.SQL("vacuum (analyze) {}").format(sql.Identifier(table)))


def _say(began: float, what: str) -> None:
    print(f"    {what}, {time.monotonic() - began:.0f} s", flush=True)
