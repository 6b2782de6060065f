"""OAuth with PKCE for the brand's own developer app, and the browser's return read."""

import hmac
from typing import Final
from urllib.parse import urlencode, urlsplit

from authlib.common.security import generate_token
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from app.core.settings import settings
from app.networks.adapters.x.session import SECRETS, app_authorization, given
from app.networks.adapters.x.wire import OFFICIAL, Wire, read
from app.networks.errors import Rejected, Unauthorized
from app.networks.foreign import words
from app.networks.port import Authorization, Credentials

SCOPES: Final = (
    "tweet.read",
    "tweet.write",
    "users.read",
    "media.write",
    "dm.read",
    "dm.write",
    "offline.access",  # without it there is no renewing, and the sign-in ends after two hours
)
_KEPT: Final = ("client_id", "client_secret", "consumer_secret", "bearer", "query", "exempt")
_STATE: Final = 40
_VERIFIER: Final = 86


class AddressWrong(Rejected):
    """This is not the address of an API. Leave it empty for X itself."""

    field = "server"


class AppMissing(Rejected):
    """X needs the client ID of the brand's developer app."""


class AppRefused(Rejected):
    """X does not know this developer app: check its client ID and secret."""


class ReturnNotOurs(Rejected):
    """This sign-in was not begun here, or it was finished already. Begin again."""


def server_address(said: str) -> str:
    """Where the API is: X itself, unless an address was typed. Plain http only where private networks are allowed."""
    text = said.strip().rstrip("/")
    if not text:
        return OFFICIAL
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host, port = parts.hostname or "", parts.port
    except ValueError as wrong:
        raise AddressWrong from wrong
    allowed = {"https", "http"} if settings().allow_private_networks else {"https"}
    readable = host.isascii() and host.isprintable() and not any(c in " <>\"'\\^`{|}%" for c in host)
    if parts.scheme not in allowed or not readable or parts.path or ("." not in host and ":" not in host and not port):
        raise AddressWrong
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port is not None else "")


def begin(fields: dict[str, str], return_url: str) -> Authorization:
    """Say where to send the browser (RFC 6749, RFC 7636); nobody is asked. Raises AppMissing, AddressWrong."""
    server = server_address(fields.get("server", ""))
    if not fields.get("client_id"):
        raise AppMissing
    state, verifier = generate_token(_STATE), generate_token(_VERIFIER)
    question = {
        "response_type": "code",
        "client_id": fields["client_id"],
        "redirect_uri": return_url,
        "scope": " ".join(SCOPES),
        "state": state,
        "code_challenge": create_s256_code_challenge(verifier),
        "code_challenge_method": "S256",
    }
    site = "https://x.com" if server == OFFICIAL else server
    known = {name: fields[name] for name in _KEPT if fields.get(name)}
    keep = {"server": server, "state": state, "verifier": verifier, **known}
    return Authorization(f"{site}/i/oauth2/authorize?{urlencode(question)}", state, keep)


async def finish(keep: dict[str, str], answer: dict[str, str], return_url: str) -> Credentials:
    """Trade the code, which lasts 30 seconds, for credentials. Raises Rejected in X's words."""
    if not keep.get("state") or not hmac.compare_digest(keep["state"].encode(), answer.get("state", "").encode()):
        raise ReturnNotOurs
    if not answer.get("code"):
        said = answer.get("error_description") or answer.get("error") or "X sent no code back."
        raise Rejected(words(said, 300) or "")
    wish = {
        "grant_type": "authorization_code",
        "code": answer["code"],
        "client_id": keep["client_id"],
        "redirect_uri": return_url,
        "code_verifier": keep["verifier"],
    }
    held = typed_credentials(keep)
    try:
        traded = await Wire(keep["server"]).ask(
            "POST", "/2/oauth2/token", form=wish, authorization=app_authorization(held)
        )
        return given(read(traded, secrets=[held.get(name, "") for name in SECRETS]), held)
    except Unauthorized as refused:
        raise AppRefused from refused


def typed_credentials(fields: dict[str, str]) -> Credentials:
    """What of the form is kept sealed with the account."""
    wanted = ("client_id", "client_secret", "consumer_secret", "bearer")
    return {name: fields[name] for name in wanted if fields.get(name)}


def lacks_scopes(credentials: Credentials) -> bool:
    """Say whether fewer rights were given than asked for; false for a pasted token, of which nothing is known."""
    given_scopes = set(credentials.get("scopes", "").split())
    return bool(given_scopes) and not set(SCOPES) <= given_scopes
