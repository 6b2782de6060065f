"""A test that fails and leaves its transaction open costs itself alone: the wipe ends what stands in its way."""

import psycopg
import pytest

from tests import postgres


async def test_a_transaction_left_open_does_not_outlive_the_wipe(
    database: str, wiping: tuple[psycopg.Connection, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "_LOCK_SECONDS", 0.1)
    with psycopg.connect(database) as left:
        left.execute("create table left_open ()")
        left.execute("lock table labels in access exclusive mode")
        postgres.wipe(*wiping)
        with pytest.raises(psycopg.OperationalError):
            left.execute("select 1")
    with psycopg.connect(database) as after:
        assert after.execute("select count(*) from labels").fetchone() == (0,)
