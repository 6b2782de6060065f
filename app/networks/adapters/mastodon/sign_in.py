"""OAuth with a server of this family: our app registered there once, PKCE, and the browser's return read."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from app.core.settings import settings
from app.networks.adapters.mastodon.client import Api, Unreadable
from app.networks.adapters.mastodon.server import family
from app.networks.errors import NetworkError, Rejected, Transient, Unauthorized
from app.networks.foreign import identifier, member, words
from app.networks.port import Authorization
from app.networks.together import together

APPLICATION: Final = "Mentiondesk"
_READS: Final = ("read:accounts", "read:statuses", "read:notifications", "read:search")
_WRITES: Final = (
    *("write:statuses", "write:media", "write:conversations"),
    *("write:notifications", "write:favourites", "write:follows"),
)
_MOST_APPS: Final = 500

_apps: dict[tuple[str, str, str], dict[str, str]] = {}
"""The apps this process registered, by server, return address and scopes: servers allow few registrations."""


class ServerAddressWrong(Rejected):
    """This is not the address of a server. Write it like social.example."""

    field = "server"


class NotThisNetwork(Transient):
    """What answers at this address does not speak like Mastodon, GoToSocial or Akkoma."""

    field = "server"


class ReturnNotOurs(Rejected):
    """This sign-in was not begun here, or it was finished already. Begin again."""


def server_address(said: str) -> str:
    """Make a base URL of what people type: a domain, an address, or a handle with its domain.

    Plain http only where the operator allows private networks: credentials travel on it. Raises ServerAddressWrong.
    """
    text = said.strip().rstrip("/")
    scheme, _, rest = text.rpartition("://")
    rest = rest.rpartition("@")[2] if "/" not in rest else rest
    scheme = scheme.lower() or "https"
    try:
        parts = urlsplit(f"{scheme}://{rest}")
        host, port = parts.hostname, parts.port
    except ValueError as wrong:
        raise ServerAddressWrong from wrong
    allowed = {"https", "http"} if settings().allow_private_networks else {"https"}
    readable = host and host.isprintable() and not any(c.isspace() or c in "<>\"'\\^`{|}%" for c in host)
    if scheme not in allowed or not host or not readable or ("." not in host and ":" not in host and port is None):
        raise ServerAddressWrong
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}" + (f":{port}" if port is not None else "")


async def begin(fields: dict[str, str], return_url: str) -> Authorization:
    """Register our app on the server unless it is known, and say where to send the browser (RFC 6749, RFC 7636).

    `fields` may carry `client_id` and `client_secret` of an app registered there before.
    """
    server = server_address(fields.get("server", ""))
    api = Api(server)
    scopes = await _scopes(api)
    app = {name: fields[name] for name in ("client_id", "client_secret") if fields.get(name)}
    if len(app) < 2:
        app = await _app(api, return_url, scopes)
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(64)
    question = {
        "response_type": "code",
        "client_id": app["client_id"],
        "redirect_uri": return_url,
        "scope": scopes,
        "state": state,
        "code_challenge": urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
        "force_login": "true",  # the browser may be signed in there as somebody else than the brand
    }
    keep = {"server": server, "state": state, "verifier": verifier, "scopes": scopes, **app}
    return Authorization(f"{server}/oauth/authorize?{urlencode(question)}", state, keep)


async def finish(keep: dict[str, str], answer: dict[str, str], return_url: str) -> dict[str, str]:
    """Trade the code the browser brought back for credentials. Raises Rejected in the server's words."""
    if not keep.get("state") or not hmac.compare_digest(keep["state"].encode(), answer.get("state", "").encode()):
        raise ReturnNotOurs
    if not answer.get("code"):
        said = answer.get("error_description") or answer.get("error") or "The server sent no code back."
        raise Rejected(words(said, 300) or "")
    wish = {
        "grant_type": "authorization_code",
        "code": answer["code"],
        "client_id": keep["client_id"],
        "client_secret": keep["client_secret"],
        "redirect_uri": return_url,
        "code_verifier": keep["verifier"],
        "scope": keep["scopes"],
    }
    try:
        given = await Api(keep["server"]).form("/oauth/token", wish)
    except (Rejected, Unauthorized):
        _apps.pop((keep["server"], return_url, keep["scopes"]), None)  # the server may have forgotten our app
        raise
    token = identifier(member(given, "access_token"))
    if token is None:
        raise Rejected("The server gave no token.")
    return {
        "token": token,
        "client_id": keep["client_id"],
        "client_secret": keep["client_secret"],
        "scopes": words(member(given, "scope")) or keep["scopes"],
        "asked": keep["scopes"],
    }


def lacks_scopes(credentials: dict[str, str]) -> bool:
    """Say whether fewer rights were given than asked for; false for a pasted token, of which nothing is known."""
    given = set(credentials.get("scopes", "").split())
    asked = set(credentials.get("asked", "").split())
    return any(scope not in given and scope.partition(":")[0] not in given for scope in asked)


async def _scopes(api: Api) -> str:
    metadata, instance = await together(
        api.get_if_there("/.well-known/oauth-authorization-server"), api.get_if_there("/api/v2/instance")
    )
    # GoToSocial opens its stream only to the whole of `read`.
    reads = ("read",) if family(instance, None) == "gotosocial" else _READS
    listed = member(metadata, "scopes_supported")
    profile = ("profile",) if isinstance(listed, list) and "profile" in listed else ()
    return " ".join((*reads, *_WRITES, *profile))


async def _app(api: Api, return_url: str, scopes: str) -> dict[str, str]:
    key = (api.server, return_url, scopes)
    if key in _apps and await _is_known(api, _apps[key]):
        return _apps[key]
    wish = {"client_name": APPLICATION, "redirect_uris": return_url, "scopes": scopes}
    answer = await api.ask("POST", "/api/v1/apps", content=wish)
    if answer.status in {404, 405}:
        raise NotThisNetwork
    try:
        made = api.read(answer)
    except Unreadable as strange:
        raise NotThisNetwork from strange
    app = {name: _given(made, name) for name in ("client_id", "client_secret")}
    await _is_known(api, app)
    if len(_apps) >= _MOST_APPS:
        _apps.clear()
    _apps[key] = app
    return app


async def _is_known(api: Api, app: dict[str, str]) -> bool:
    """Take a token for the app itself: false when the server knows no such app.

    It also keeps the app alive: servers before 4.3 sweep away those that never had a token.
    """
    try:
        await api.form("/oauth/token", {"grant_type": "client_credentials", "scope": "read:accounts", **app})
    except (Rejected, Unauthorized):
        return False
    except NetworkError:
        return True  # trouble on the way says nothing about the app; the sign-in itself will tell
    return True


def _given(made: Any, name: str) -> str:
    value = identifier(member(made, name))
    if value is None:
        raise Rejected("The server did not register Mentiondesk as an application.")
    return value
