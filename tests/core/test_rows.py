"""Lists of texts given to a statement: any text is found as it is, and the list is read once and not for each row."""

from sqlalchemy import bindparam, select

from app.core.clock import now
from app.core.db import Tx
from app.core.rows import among, insert_rows, read_rows
from app.tickets.models import Label
from tests.conftest import Statements

_ODD = ["", " ", "NULL", "a,b", "{a}", '"', 'a"b', "\\", 'back\\"slash', "it's", "%s", "größer 😡", "line\nline"]


async def test_any_text_is_found_among_others(tx: Tx, statements: Statements) -> None:
    await insert_rows(tx, Label, [{"name": name, "created_at": now()} for name in [*_ODD, "another"]])
    assert sorted(await tx.scalars(select(Label.name).where(among(Label.name, _ODD)))) == sorted(_ODD)
    named = select(Label.name).where(among(Label.name, "names"))
    assert sorted(await tx.scalars(named, {"names": _ODD})) == sorted(_ODD)
    assert list(await tx.scalars(named, {"names": []})) == []
    # an array that the server makes of a text is made again for each row that is compared
    assert statements[-1].endswith("= ANY (%(names)s::text[])")


async def test_rows_read_past_the_session_are_those_of_the_same_transaction(tx: Tx, statements: Statements) -> None:
    await insert_rows(tx, Label, [{"name": name, "created_at": now()} for name in ("a", "b")])
    query = select(Label.name, Label.created_at).where(Label.name == bindparam("name"))
    statements.clear()
    (row,) = await read_rows(tx, query, {"name": "b"})
    assert (row.name, row.created_at <= now()) == ("b", True)
    assert await read_rows(tx, query, {"name": "c"}) == []
    assert len(statements) == 2
