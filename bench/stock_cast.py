"""A mould turned into SQL: every value of its rows as an expression that gives each copy names, times and words of its own."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from bench.stock_desk import BRANDS, START
from bench.stock_moulds import Mould

_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?=Z|\+00:00)")
_OWNED: Final = {
    "customers": "select * from customers where id = (select customer_id from tickets where id = %(t)s)",
    "identities": "select * from identities where customer_id = (select customer_id from tickets where id = %(t)s)",
    "conversations": "select * from conversations where id in (select conversation_id from ticket_conversations where ticket_id = %(t)s)",
    "tickets": "select * from tickets where id = %(t)s",
    "ticket_conversations": "select * from ticket_conversations where ticket_id = %(t)s",
    "messages": "select * from messages where ticket_id = %(t)s order by posted_at",
    "replies": "select * from replies where ticket_id = %(t)s",
    "notes": "select * from notes where ticket_id = %(t)s",
    "search_entries": "select * from search_entries where ticket_id = %(t)s order by source_id",
    "events": "select * from events where ticket_id = %(t)s order by seq",
    "ticket_clocks": "select * from ticket_clocks where ticket_id = %(t)s",
    "timers": "select * from timers where ticket_id = %(t)s order by metric, cycle",
}
"""What a ticket consists of, table by table."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table, and the type that PostgreSQL calls it by."""

    name: str
    type: str


@dataclass(slots=True)
class Cast:
    """What copies of one mould are written with: for each table, its columns and an expression per row and column."""

    mould: Mould
    rows: dict[str, list[dict[str, str]]]
    instants: dict[int, str]
    """Seconds after the beginning, and the name of the column that says that instant as JSON does."""


def columns(connection: psycopg.Connection, table: str) -> list[Column]:
    """The columns of a table."""
    found = connection.execute(
        "select attname, format_type(atttypid, null) from pg_attribute"
        " where attrelid = %s::regclass and attnum > 0 and not attisdropped order by attnum",
        [table],
    )
    return [Column(*row) for row in found]


def cast(connection: psycopg.Connection, mould: Mould) -> Cast:
    """Read a mould's rows and turn them into expressions over the columns that copies have (stock_copies.py)."""
    made = Cast(mould, {}, {})
    rows = {table: _read(connection, table, query, mould.ticket_id) for table, query in _OWNED.items()}
    names = _names(mould, rows)
    pattern = re.compile(
        "|".join(re.escape(one) for one in sorted(names, key=len, reverse=True)) + "|" + _INSTANT.pattern
    )
    for table, found in rows.items():
        types = {one.name: one.type for one in columns(connection, table)}
        made.rows[table] = [
            {name: _expression(value, types[name], pattern, names, made) for name, value in row.items()}
            for row in found
        ]
    _words(made, rows)
    active = rows["tickets"][0]["state"] not in {"resolved", "closed"}
    for row in made.rows["conversations"]:  # those of open tickets are read again within the hour
        row["reread_at"] = "x.made + x.n % 3600 * interval '1 second'" if active else "null::timestamptz"
    if not active:  # done before there were promises; half of the work of making a stock would go into what is over
        made.rows["ticket_clocks"], made.rows["timers"] = [], []
        told = zip(rows["events"], made.rows["events"], strict=True)
        made.rows["events"] = [row for fact, row in told if not fact["type"].startswith("timer.")]
    for row in made.rows["events"]:
        row["card"] = "null::jsonb"  # as after a week (stream/prune.py)
    return made


def _read(connection: psycopg.Connection, table: str, query: str, ticket_id: str) -> list[dict[str, Any]]:
    """Rows with their instants as instants and everything else as PostgreSQL writes it."""
    chosen = ", ".join(
        f'"{one.name}"' if one.type.startswith("timestamp") else f'"{one.name}"::text'
        for one in columns(connection, table)
    )
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(f"select {chosen} from ({query}) it", {"t": ticket_id}).fetchall()


def _names(mould: Mould, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, str]:
    """What stands in a mould's rows and must be another in each copy: the column of the copy that has it."""
    ticket, customer = rows["tickets"][0], rows["customers"][0]
    names = {
        ticket["id"]: "x.ticket_id",
        ticket["number"]: "x.number",
        ticket["brand_id"]: "x.brand_id",
        ticket["account_id"]: "x.account_id",
        customer["id"]: "x.customer_id",
        rows["identities"][0]["id"]: "x.identity_id",
        mould.who.agent_id: "x.agent_id",
        "voice0": "x.voice",
        next(iter(BRANDS)): "x.brand_name",
    }
    names |= {row["id"]: f"x.conversation{n}" for n, row in enumerate(rows["conversations"], 1)}
    names |= {row["id"]: f"x.message{n}" for n, row in enumerate(rows["messages"], 1)}
    names |= {row["id"]: f"x.reply{n}" for n, row in enumerate(rows["replies"], 1)}
    names |= {row["id"]: f"x.note{n}" for n, row in enumerate(rows["notes"], 1)}
    for row in rows["replies"]:
        names[row["fingerprint"]] = "x.fingerprint"
        names[re.findall(r'"key": "([0-9a-f]{40})"', row["outgoing"])[0]] = "x.sending_key"
    words = (
        "author",
        "handle",
        "name",
        "language",
        "label",
        "key",
        "note",
        *(f"{w}{n}" for w in ("text", "post") for n in (1, 2, 3)),
    )
    names |= {mould.key(word): f"x.{word}" for word in words}
    return names


def _expression(value: Any, kind: str, pattern: re.Pattern[str], names: Mapping[str, str], made: Cast) -> str:
    if value is None:
        return f"null::{kind}"
    if isinstance(value, datetime):
        return f"x.t0 + interval '{_seconds(value)} seconds'"
    parts, end = [], 0
    for found in pattern.finditer(value):
        if found.start() > end:
            parts.append(_literal(value[end : found.start()]))
        parts.append(names.get(found.group()) or _instant(found.group(), made))
        end = found.end()
    if end < len(value) or not parts:
        parts.append(_literal(value[end:]))
    whole = _joined(parts)
    return whole if kind == "text" and len(parts) > 1 else f"({whole})::{kind}"


def _joined(parts: Sequence[str]) -> str:
    """All of it one after the other, by halves: from left to right, each piece would be copied once for each after it."""
    if len(parts) == 1:
        return parts[0]
    half = len(parts) // 2
    return f"({_joined(parts[:half])} || {_joined(parts[half:])})"


def _seconds(at: datetime) -> int:
    after = (at - START).total_seconds()
    if after != int(after):
        raise RuntimeError(f"A mould has an instant that is not of its history: {at}.")
    return int(after)


def _instant(said: str, made: Cast) -> str:
    after = _seconds(datetime.fromisoformat(said + "+00:00"))
    return "x." + made.instants.setdefault(after, f"at_{after}".replace("-", "before_"))


def _literal(text: str) -> str:
    return sql.Literal(text).as_string(None)


def _words(made: Cast, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """The words of a copy are those of its own text; what was said in a note is the same everywhere."""
    by_id = {row["id"]: (n, row["kind"]) for n, row in enumerate(rows["messages"], 1)}
    for row, entry in zip(rows["search_entries"], made.rows["search_entries"], strict=True):
        if row["source_id"] in by_id:
            n, kind = by_id[row["source_id"]]
            entry["words"] = f"x.words{n} || x.{'names' if kind == 'customer' else 'voices'}"
