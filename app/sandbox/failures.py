"""How the sandbox says no: each refusal with the code and the words of the server family it plays."""

from typing import Any

from app.sandbox.flavour import Flavour


class Refusal(Exception):
    """An answer that is not a success: its code, its body and its headers."""

    def __init__(self, code: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        """Keep what will be answered."""
        super().__init__(str(body.get("error")))
        self.code = code
        self.body = body
        self.headers = headers or {}


def _plain(flavour: Flavour, mastodon: str, gotosocial: str) -> dict[str, Any]:
    return {"error": mastodon if flavour.honours_keys else gotosocial}


def not_found(flavour: Flavour, words: str = "Record not found") -> Refusal:
    """Make the 404 for what is not there, not for this viewer, or hidden by a block: servers tell none apart."""
    return Refusal(404, _plain(flavour, words, "Not Found: target status not found"))


def unauthorized(flavour: Flavour) -> Refusal:
    """Make the 401 for a missing or unknown token."""
    return Refusal(401, _plain(flavour, "The access token is invalid", "Unauthorized: token not supplied"))


def needs_person(flavour: Flavour) -> Refusal:
    """Make the refusal for a token of an app where a person is needed."""
    code = 422 if flavour.honours_keys else 401
    return Refusal(
        code, _plain(flavour, "This method requires an authenticated user", "Unauthorized: token not supplied")
    )


def out_of_scope(flavour: Flavour) -> Refusal:
    """Make the 403 for a token without the scope."""
    words = "Forbidden: token has insufficient scope permission"
    return Refusal(403, _plain(flavour, "This action is outside the authorized scopes", words))


def invalid(flavour: Flavour, mastodon: str, gotosocial: str | None = None) -> Refusal:
    """Make the refusal of a request that is not right: 422 on Mastodon, 400 on GoToSocial."""
    return Refusal(flavour.invalid, _plain(flavour, mastodon, f"Bad Request: {gotosocial or mastodon}"))
