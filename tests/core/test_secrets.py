"""Credentials are sealed: whoever has the database alone has none of them."""

import os

import pytest
from cryptography.fernet import Fernet

from app.core.secrets import (
    CredentialsUnreadable,
    SecretKeyTooShort,
    _read,
    change_key_in,
    check_key,
    key_in,
    seal,
    unseal,
)
from app.core.settings import settings


@pytest.fixture
def with_key():
    def use(key: str) -> None:
        os.environ["MENTIONDESK_SECRET_KEY"] = key
        settings.cache_clear()

    yield use
    os.environ.pop("MENTIONDESK_SECRET_KEY", None)
    settings.cache_clear()


def test_what_is_sealed_opens_and_shows_nothing():
    sealed = seal({"token": "s3cret-token"})
    assert "s3cret" not in sealed
    assert unseal(sealed) == {"token": "s3cret-token"}


@pytest.mark.parametrize("kind", ["made", "chosen"])
def test_a_key_that_is_given_is_used(with_key, kind):
    with_key(Fernet.generate_key().decode() if kind == "made" else "any long secret of an operator's own choosing")
    sealed = seal({"token": "x"})
    assert unseal(sealed) == {"token": "x"}
    with_key("another long secret, the wrong one for this desk")
    with pytest.raises(CredentialsUnreadable):
        unseal(sealed)


def test_a_short_key_is_refused_at_the_start(with_key):
    with_key("short")
    with pytest.raises(SecretKeyTooShort):
        check_key()


def test_a_key_of_our_own_is_made_once_and_for_us_alone(tmp_path):
    key = key_in(tmp_path)
    assert key_in(tmp_path) == key
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["secret.key"]


def test_a_key_is_read_once_and_a_changed_one_counts_at_once(tmp_path, monkeypatch):
    monkeypatch.setenv("MENTIONDESK_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    try:
        sealed = [seal({"token": "first"})]
        for n in range(5):  # quicker than a file system's clock may tick
            change_key_in(tmp_path)
            sealed.append(seal({"token": f"{n}"}))
            assert Fernet(key_in(tmp_path)).decrypt(sealed[-1].encode())
            assert len({unseal(one)["token"] for one in sealed}) == n + 2
        before = _read.cache_info().misses
        assert all(unseal(one) for one in sealed)
        assert _read.cache_info().misses == before
        for path in tmp_path.glob("secret.key.old.*"):
            path.unlink()
        with pytest.raises(CredentialsUnreadable):
            unseal(sealed[0])
    finally:
        monkeypatch.undo()
        settings.cache_clear()
