"""OAuth for programs: registering an app, trading a code for a token with PKCE, revoking, and the metadata (RFC 8414)."""

import base64
import binascii
import hashlib
import secrets
from typing import Any, Final

from starlette.responses import Response
from starlette.routing import Route

from app.sandbox.api.door import Call, answer, route
from app.sandbox.failures import Refusal, not_found, unauthorized
from app.sandbox.records import Application, Json, Token

OOB: Final = "urn:ietf:wg:oauth:2.0:oob"
CODE_LIFE_MS: Final = 600_000
SCOPES: Final = (
    "read",
    "write",
    "follow",
    "push",
    "profile",
    "read:accounts",
    "read:blocks",
    "read:bookmarks",
    "read:favourites",
    "read:filters",
    "read:follows",
    "read:lists",
    "read:mutes",
    "read:notifications",
    "read:search",
    "read:statuses",
    "write:accounts",
    "write:blocks",
    "write:bookmarks",
    "write:conversations",
    "write:favourites",
    "write:filters",
    "write:follows",
    "write:lists",
    "write:media",
    "write:mutes",
    "write:notifications",
    "write:reports",
    "write:statuses",
)
_GRANT: Final = (
    "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the "
    "authorization request, or was issued to another client."
)
_CLIENT: Final = (
    "Client authentication failed due to unknown client, no client authentication included, or unsupported "
    "authentication method."
)


def oauth_refusal(code: int, error: str, description: str) -> Refusal:
    """Make a refusal in the words of RFC 6749."""
    return Refusal(code, {"error": error, "error_description": description})


def split(value: Any) -> list[str]:
    """Read a list that a client may send as a list, or as text with spaces or line breaks between."""
    return [str(one) for one in value] if isinstance(value, list) else str(value or "").split()


async def register(call: Call) -> Response:
    """Register an app."""
    name, uris = (call.text("client_name") or "").strip(), split(call.params.get("redirect_uris"))
    scopes = split(call.params.get("scopes")) or ["read"]
    if not name:
        raise Refusal(422, {"error": "Validation failed: Application name can't be blank"})
    if not uris or any(uri != OOB and "://" not in uri for uri in uris):
        raise Refusal(422, {"error": "Validation failed: Redirect URI must be an absolute URI."})
    if any(scope not in SCOPES for scope in scopes):
        raise Refusal(422, {"error": "Validation failed: Scopes doesn't match configured on the server."})
    made = Application(
        id=call.world.new_id(),
        name=name,
        website=call.text("website"),
        redirect_uris=uris,
        scopes=scopes,
        client_id=secrets.token_urlsafe(32),
        client_secret=secrets.token_urlsafe(32),
    )
    call.world.applications[made.client_id] = made
    call.world.touch()
    body = _application(made) | {
        "client_id": made.client_id,
        "client_secret": made.client_secret,
        "client_secret_expires_at": 0,
        "vapid_key": "",
    }
    return answer(body)


def _application(app: Application) -> Json:
    return {
        "id": app.id,
        "name": app.name,
        "website": app.website,
        "scopes": app.scopes,
        "redirect_uri": "\n".join(app.redirect_uris),
        "redirect_uris": app.redirect_uris,
    }


async def verify_app(call: Call) -> Response:
    """Answer the app a token belongs to."""
    app = call.world.applications.get(call.token.application_id) if call.token else None
    if not app:
        raise unauthorized(call.world.flavour)
    return answer(_application(app))


def _client(call: Call) -> Application:
    """Answer the app that authenticates itself, by Basic or by parameters."""
    client_id, secret = call.text("client_id") or "", call.text("client_secret") or ""
    scheme, _, encoded = call.request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            client_id = ""
    app = call.world.applications.get(client_id)
    if not app or not app.client_secret or not secrets.compare_digest(app.client_secret.encode(), secret.encode()):
        raise oauth_refusal(401, "invalid_client", _CLIENT)
    return app


async def token(call: Call) -> Response:
    """Trade a code for a token, or give an app a token of its own."""
    app = _client(call)
    grant = call.text("grant_type")
    if grant == "client_credentials":
        asked = split(call.params.get("scope")) or ["read"]
        if any(scope not in app.scopes and scope.partition(":")[0] not in app.scopes for scope in asked):
            raise oauth_refusal(400, "invalid_scope", "The requested scope is invalid, unknown, or malformed.")
        return _grant(call, app, None, asked)
    if grant != "authorization_code":
        words = "The authorization grant type is not supported by the authorization server."
        raise oauth_refusal(400, "unsupported_grant_type", words)
    code = call.world.codes.pop(call.text("code") or "", None)
    if (
        not code
        or code.application_id != app.client_id
        or code.redirect_uri != call.text("redirect_uri")
        or call.world.now_ms() - code.created_ms > CODE_LIFE_MS
        or not _proves(code.challenge, call.text("code_verifier"))
    ):
        raise oauth_refusal(400, "invalid_grant", _GRANT)
    return _grant(call, app, code.account_id, code.scopes)


def _proves(challenge: str | None, verifier: str | None) -> bool:
    """Say whether a verifier belongs to a challenge (RFC 7636, S256); without a challenge there is nothing to prove."""
    if challenge is None:
        return True
    digest = hashlib.sha256((verifier or "").encode()).digest()
    return secrets.compare_digest(base64.urlsafe_b64encode(digest).rstrip(b"=").decode(), challenge)


def _grant(call: Call, app: Application, account_id: str | None, scopes: list[str]) -> Response:
    made = Token(secrets.token_urlsafe(32), app.client_id, account_id, scopes, call.world.now_ms())
    call.world.tokens[made.value] = made
    call.world.touch()
    body = {
        "access_token": made.value,
        "token_type": "Bearer",
        "scope": " ".join(made.scopes),
        "created_at": made.created_ms // 1000,
    }
    return answer(body, headers={"Cache-Control": "no-store"})


async def revoke(call: Call) -> Response:
    """Revoke a token of the app that asks; its streams end. An unknown token is no error (RFC 7009)."""
    app = _client(call)
    known = call.world.tokens.get(call.text("token") or "")
    if known and known.application_id != app.client_id:
        raise oauth_refusal(403, "unauthorized_client", "You are not authorized to revoke this token")
    if known:
        del call.world.tokens[known.value]
        call.world.hub.cut(known.value)
        call.world.touch()
    return answer({})


async def metadata(call: Call) -> Response:
    """Describe the server to clients; GoToSocial has no such page."""
    if not call.world.flavour.policies:
        raise not_found(call.world.flavour)
    here = call.world.address
    return answer(
        {
            "issuer": f"{here}/",
            "authorization_endpoint": f"{here}/oauth/authorize",
            "token_endpoint": f"{here}/oauth/token",
            "app_registration_endpoint": f"{here}/api/v1/apps",
            "revocation_endpoint": f"{here}/oauth/revoke",
            "userinfo_endpoint": f"{here}/oauth/userinfo",
            "scopes_supported": list(SCOPES),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query", "fragment", "form_post"],
            "code_challenge_methods_supported": ["S256"],
            "grant_types_supported": ["authorization_code", "client_credentials"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        }
    )


ROUTES: list[Route] = [
    route("POST", "/api/v1/apps", register, who="anyone"),
    route("GET", "/api/v1/apps/verify_credentials", verify_app, who="app"),
    route("POST", "/oauth/token", token, who="anyone"),
    route("POST", "/oauth/revoke", revoke, who="anyone"),
    route("GET", "/.well-known/oauth-authorization-server", metadata, who="anyone"),
]
