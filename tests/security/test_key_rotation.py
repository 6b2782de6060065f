"""The secret key is changed while nothing is lost: every sealed value opens before, meanwhile and after, then without the old key."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from cryptography.fernet import Fernet, InvalidToken

from app.brands.models import Connecting, NetworkApp
from app.core import reseal as resealing
from app.core import secrets
from app.core.clock import now
from app.core.reseal import reseal_all, sealed_columns
from app.core.secrets import (
    CredentialsUnreadable,
    KeyIsGiven,
    OldSecretKeyTooShort,
    change_key_in,
    check_key,
    key_in,
    seal,
    unseal,
)
from app.core.settings import settings
from app.core.transaction import transaction
from tests.given import a_desk, a_lean_account
from tests.lean import Lean

ROOT = Path(__file__).parent.parent.parent
OLD, NEW = "the first long secret of this desk; x", "the second long secret of this desk; x"


def use(**given: str) -> None:
    for name in ("SECRET_KEY", "OLD_SECRET_KEYS", "DATA_DIR"):
        if name.lower() in given:
            os.environ[f"MENTIONDESK_{name}"] = given[name.lower()]
        elif name != "DATA_DIR":
            os.environ.pop(f"MENTIONDESK_{name}", None)
    settings.cache_clear()


@pytest.fixture(autouse=True)
def settings_as_before() -> Iterator[None]:
    before = os.environ["MENTIONDESK_DATA_DIR"]
    yield
    use(data_dir=before)


async def sealed_things(how_many: int = 3) -> None:
    """An account, our registrations at servers, and a connection begun in a browser: all that is sealed."""
    desk = await a_desk()
    await a_lean_account(desk)
    async with transaction() as tx:
        tx.add_all(
            NetworkApp(network="mastodon", server=f"s{n}.example", return_url="x", sealed=seal({"client_secret": "c"}))
            for n in range(how_many)
        )
        tx.add(
            Connecting(
                state="st",
                brand_id=desk.brand_id,
                agent_id=desk.lead.agent_id,
                network="mastodon",
                fields=seal({"typed": "{}"}),
                created_at=now(),
            )
        )


def tokens_in(url: str) -> list[str]:
    """Every text in the database that is a sealed value, wherever it is."""
    found = []
    with psycopg.connect(url) as connection:
        places = connection.execute(
            "select table_name, column_name from information_schema.columns"
            " where table_schema = 'public' and data_type in ('text', 'jsonb', 'ARRAY', 'character varying')"
        ).fetchall()
        for table, column in places:
            rows = connection.execute(f'select "{column}"::text from "{table}"').fetchall()
            found += [value for (value,) in rows if value and value.startswith("gAAAA")]
    return found


def opens(token: str, key: bytes) -> bool:
    try:
        Fernet(key).decrypt(token.encode())
    except InvalidToken:
        return False
    return True


async def test_after_the_rotation_the_old_key_is_not_needed(database: str, lean: Lean) -> None:
    use(secret_key=OLD)
    await sealed_things()
    old = secrets._keys()[0]
    use(secret_key=NEW, old_secret_keys=f" {Fernet.generate_key().decode()}, {OLD} ")
    new = secrets._keys()[0]
    assert [opens(one, old) for one in tokens_in(database)] == [True] * 5
    first = await reseal_all()
    assert (first.seen, first.anew, first.unreadable) == (5, 5, ())
    assert [opens(one, new) for one in tokens_in(database)] == [True] * 5
    again = await reseal_all()
    assert (again.seen, again.anew) == (5, 0)
    use(secret_key=NEW)
    assert [unseal(one) for one in tokens_in(database)]


async def test_what_no_key_opens_is_named_and_the_rest_is_done(database: str, lean: Lean) -> None:
    use(secret_key=OLD)
    await sealed_things(1)
    use(secret_key="a secret that somebody lost together with its paper")
    async with transaction() as tx:
        tx.add(NetworkApp(network="mastodon", server="lost.example", return_url="x", sealed=seal({"a": "b"})))
    use(secret_key=NEW, old_secret_keys=OLD)
    done = await reseal_all()
    assert (done.seen, done.anew) == (4, 3)
    assert done.unreadable == ("network_apps.sealed of mastodon/lost.example/x",)


async def test_it_goes_on_where_it_was_cut_short(database: str, lean: Lean, monkeypatch: pytest.MonkeyPatch) -> None:
    use(secret_key=OLD)
    await sealed_things(7)
    use(secret_key=NEW, old_secret_keys=OLD)
    monkeypatch.setattr(resealing, "_PAGE", 2)
    left = [3]

    def cut(token: str) -> str | None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return secrets.reseal(token)

    monkeypatch.setattr(resealing, "reseal", cut)
    with pytest.raises(KeyboardInterrupt):
        await reseal_all()
    assert all(unseal(one) for one in tokens_in(database))
    left[0] = 1000
    done = await reseal_all()
    assert 0 < done.anew < done.seen == 9
    use(secret_key=NEW)
    assert all(unseal(one) for one in tokens_in(database))


def test_every_column_that_is_sealed_says_so() -> None:
    assert {f"{one.table.name}.{one.name}" for one in sealed_columns()} == {
        "brand_accounts.credentials",
        "connecting.fields",
        "network_apps.sealed",
        "webhooks.sealed",
    }


def test_a_folder_gets_a_new_key_and_keeps_the_old_ones(tmp_path: Path) -> None:
    use(data_dir=str(tmp_path))
    first, sealed = key_in(tmp_path), seal({"token": "x"})
    kept = change_key_in(tmp_path)
    second = change_key_in(tmp_path)
    assert (kept.name, second.name) == ("secret.key.old.1", "secret.key.old.2")
    assert kept.read_bytes() == first != key_in(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"secret.key", kept.name, second.name}
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    assert unseal(sealed) == {"token": "x"}
    kept.unlink()
    with pytest.raises(CredentialsUnreadable):
        unseal(sealed)


@pytest.mark.parametrize("name", ["rename", "_settle", "_written"])
@pytest.mark.parametrize("nth", [1, 2])
def test_a_change_cut_short_leaves_everything_readable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, nth: int
) -> None:
    """The power fails at every step of it in turn."""
    use(data_dir=str(tmp_path))
    sealed, calls = seal({"token": "x"}), 0
    where = Path if name == "rename" else secrets
    real = getattr(where, name)

    def failing(*given: object) -> object:
        nonlocal calls
        calls += 1
        if calls == nth:
            raise KeyboardInterrupt
        return real(*given)

    monkeypatch.setattr(where, name, failing)
    with pytest.raises(KeyboardInterrupt):
        change_key_in(tmp_path)
    monkeypatch.undo()
    assert unseal(sealed) == {"token": "x"}
    meanwhile = seal({"token": "y"})
    change_key_in(tmp_path)
    assert (unseal(sealed), unseal(meanwhile)) == ({"token": "x"}, {"token": "y"})


def test_a_given_key_is_not_changed_and_a_short_old_one_is_refused(tmp_path: Path) -> None:
    use(secret_key=NEW, data_dir=str(tmp_path))
    with pytest.raises(KeyIsGiven):
        change_key_in(tmp_path)
    assert list(tmp_path.iterdir()) == []
    use(secret_key=NEW, old_secret_keys="short")
    with pytest.raises(OldSecretKeyTooShort):
        check_key()


def command(data: Path, url: str, *arguments: str, **given: str) -> "subprocess.Popen[str]":
    env = {k: v for k, v in os.environ.items() if not k.startswith("MENTIONDESK_")}
    env |= {f"MENTIONDESK_{name.upper()}": value for name, value in given.items()}
    env |= {"MENTIONDESK_DATA_DIR": str(data), "MENTIONDESK_DATABASE_URL": url}
    return subprocess.Popen(
        [sys.executable, "-m", "app.cli", *arguments],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(data: Path, url: str, *arguments: str, **given: str) -> tuple[int, str]:
    process = command(data, url, *arguments, **given)
    out, err = process.communicate(timeout=60)
    return process.returncode, out + err


async def test_the_command_rotates_keys_of_a_folder_and_of_the_environment(
    database: str, lean: Lean, tmp_path: Path
) -> None:
    use(data_dir=str(tmp_path))
    await sealed_things()
    before = key_in(tmp_path)
    code, said = run(tmp_path, database, "rotate-key", "--new")
    assert code == 0, said
    assert "5 sealed values, 5 of them sealed anew" in said
    assert str(tmp_path / "secret.key.old.1") in said
    assert before.decode() not in said
    assert key_in(tmp_path).decode() not in said
    (tmp_path / "secret.key.old.1").unlink()
    assert all(unseal(one) for one in tokens_in(database))
    given = {"secret_key": NEW, "old_secret_keys": key_in(tmp_path).decode()}
    code, said = run(tmp_path, database, "rotate-key", **given)
    assert (code, "5 of them sealed anew" in said) == (0, True), said
    use(secret_key=NEW)
    assert all(unseal(one) for one in tokens_in(database))
    code, said = run(tmp_path, database, "rotate-key", secret_key=OLD)
    assert (code, said.count("No key opens")) == (1, 5)


def killed_after_the_change(data: Path, url: str) -> None:
    before = key_in(data)
    process = command(data, url, "rotate-key", "--new")
    while process.poll() is None and key_in(data) == before:
        time.sleep(0.002)
    process.kill()
    process.communicate()
    assert key_in(data) != before


async def test_a_killed_command_leaves_everything_readable(database: str, lean: Lean, tmp_path: Path) -> None:
    use(data_dir=str(tmp_path))
    await sealed_things(300)
    await asyncio.to_thread(killed_after_the_change, tmp_path, database)
    assert all(unseal(one) for one in tokens_in(database))
    assert run(tmp_path, database, "rotate-key")[0] == 0
    newest = key_in(tmp_path)
    assert all(opens(one, newest) for one in tokens_in(database))
