"""insert_rows() and read_rows(): any number of rows in one statement whose text never changes, so that it is planned once."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from typing import Any

import orjson
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Dialect,
    Executable,
    TextClause,
    any_,
    bindparam,
    text,
)
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import UserDefinedType

from app.core.db import Json, Tx
from app.core.table import Table


@cache
def _statement(table: type[Table], columns: tuple[str, ...], on_conflict: str, returning: str) -> TextClause:
    name = table.__tablename__
    listed = ", ".join(columns)
    tail = f" {on_conflict}" if on_conflict else ""
    tail += f" returning {returning}" if returning else ""
    # every piece is a name from our own metadata or a literal of our own source
    source = f"jsonb_populate_recordset(null::{name}, cast(:rows as jsonb))"
    return text(f"insert into {name} ({listed}) select {listed} from {source}{tail}")  # noqa: S608


async def insert_rows(
    tx: Tx, table: type[Table], rows: Sequence[Mapping[str, Any]], *, on_conflict: str = "", returning: str = ""
) -> list[Any]:
    """Insert rows given as plain values (text, numbers, instants, lists, JSON); all have the same columns.

    `on_conflict` and `returning` are SQL of our own. Answers what `returning` names, a tuple a row.
    """
    if not rows:
        return []
    statement = _statement(table, tuple(rows[0]), on_conflict, returning)
    result = await tx.execute(statement, {"rows": as_json(rows)})
    return [tuple(row) for row in result] if returning else []


async def read_rows(tx: Tx, query: Executable, given: Mapping[str, Any]) -> Sequence[Any]:
    """Rows of columns as the driver read them, past the session: the mapper would make each of them once more.

    For statements that are put together once, with their values in `given`; what stands in the session is not asked.
    """
    connection = await tx.connection()
    return (await connection.execute(query, given)).all()


def as_json(rows: Sequence[Mapping[str, Any]]) -> Json:
    """Rows as the one parameter of a statement that takes them as JSON."""
    return Json(orjson.dumps(list(rows)))


class _Texts(UserDefinedType[Collection[str]]):
    """Texts as PostgreSQL writes an array: the driver asks of each of them anew what it is, which takes four times as long.

    The parameter itself is the array. A text that the statement turns into one is read again for each row it is asked of.
    """

    cache_ok = True
    render_bind_cast = True

    def get_col_spec(self, **_given: Any) -> str:
        """What the parameter is called in a statement."""
        return "text[]"

    def bind_processor(self, dialect: Dialect) -> Callable[[Collection[str] | None], str | None]:  # noqa: ARG002
        """Quote them all."""
        return _as_array


def _as_array(values: Collection[str] | None) -> str | None:
    return None if values is None else f"{{{','.join([_in_array(one) for one in values])}}}"


def _in_array(value: str) -> str:
    if "\\" in value or '"' in value:
        value = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{value}"'


def among(column: InstrumentedAttribute[Any], values: Collection[str] | str) -> ColumnElement[bool]:
    """Whether a column is one of these texts, however many, in words that never change; a text names a parameter."""
    given: BindParameter[Any] = (
        bindparam(values, type_=_Texts())
        if isinstance(values, str)
        else bindparam(None, sorted(values), type_=_Texts())
    )
    return column == any_(given)


def clean_json(value: Any) -> Any:
    """JSON that PostgreSQL can hold: every text in it cleaned, tuples as lists."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(str(name)): clean_json(one) for name, one in value.items()}
    return [clean_json(one) for one in value] if isinstance(value, list | tuple) else value


def clean(value: str) -> str:
    """Text that PostgreSQL and JSON can hold: no NUL, no lone surrogate."""
    return value if value.isprintable() else value.replace("\0", "").encode("utf-8", "replace").decode()
