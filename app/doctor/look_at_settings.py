"""Settings that contradict each other, mean nothing, or leave a door open."""

from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import urlsplit

from app.core.settings import Settings
from app.doctor.finding import Finding, look, ok, wrong

_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_SHORTEST: Final = 32


def look_at_settings(settings: Settings, unknown: Sequence[str]) -> Iterator[Finding]:
    """What the variables of the environment say."""
    if unknown:
        yield look(
            "settings",
            f"These variables mean nothing to this version: {', '.join(unknown)}.",
            "Compare their spelling with the table in README, Configuration.",
        )
    else:
        yield ok("settings", "Every MENTIONDESK_ variable is one we know.")
    yield _key(settings)
    yield _address(settings)
    if settings.listen_url is not None and settings.database_url is None:
        yield wrong(
            "listen url",
            "MENTIONDESK_LISTEN_URL is set, but MENTIONDESK_DATABASE_URL is not.",
            "Set both, or none to use the embedded database.",
        )


def _key(settings: Settings) -> Finding:
    if settings.secret_key is None:
        path = settings.data_dir / "secret.key"
        if not path.exists():
            return look(
                "secret key",
                f"No secret key is set and there is none in {path}.",
                "The first start makes one. If this installation is older, bring the old key back: see Backup in README.",
            )
        if path.stat().st_mode & 0o077:
            return look("secret key", f"{path} can be read by others.", f"chmod 600 {path}")
        return ok("secret key", f"The key is in {path}; keep a copy of it.")
    if len(settings.secret_key.get_secret_value().strip()) < _SHORTEST:
        return wrong(
            "secret key",
            f"MENTIONDESK_SECRET_KEY has fewer than {_SHORTEST} characters; nothing starts with it.",
            "openssl rand -base64 32 makes a good one. Accounts sealed with another key must be connected again.",
        )
    return ok("secret key", "The key is set; keep a copy of it.")


def _address(settings: Settings) -> Finding:
    given = settings.public_url
    if given is None:
        if settings.host in _HERE:
            return ok("public url", "The console is for this machine alone.")
        return look(
            "public url",
            f"The console listens on {settings.host}, but MENTIONDESK_PUBLIC_URL is not set.",
            "Set it to the address browsers use, with https: it decides about secure cookies and where networks return to.",
        )
    parts = urlsplit(given)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return wrong("public url", f"{given} is no address of a web page.", "Write it as https://desk.example")
    if parts.scheme == "http" and settings.secure_cookies:
        return wrong(
            "public url",
            "Cookies are marked Secure, but the console's address begins with http: nobody can sign in.",
            "Put TLS in front and write https, or take MENTIONDESK_SECURE_COOKIES away.",
        )
    if parts.scheme == "http" and parts.hostname not in _HERE:
        return look(
            "public url",
            f"{given} has no TLS: sign-ins can be read on the way.",
            "Let a proxy end TLS and write https: see Behind a proxy in README.",
        )
    if parts.scheme == "https" and settings.secure_cookies is False:
        return look(
            "public url",
            "The console has TLS, but MENTIONDESK_SECURE_COOKIES is off: a browser may send the sign-in without it.",
            "Take MENTIONDESK_SECURE_COOKIES away; it follows the public URL.",
        )
    return ok("public url", f"Browsers find the console at {given}.")
