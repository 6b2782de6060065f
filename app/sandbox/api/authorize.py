"""OAuth for people: the page that asks whether an app may act as one of this network's accounts."""

import secrets
from html import escape
from typing import Final
from urllib.parse import urlencode

from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from app.sandbox.api.door import Call, covers, route
from app.sandbox.api.oauth import OOB, oauth_refusal, split
from app.sandbox.people import brands
from app.sandbox.records import Account, Application, Code

WORDS: Final = {
    "en": {
        "title": "Allow access",
        "ask": "Allow {app} to act as {who}?",
        "account": "Which account",
        "scopes": "It may use: {scopes}.",
        "allow": "Allow",
        "deny": "Deny",
        "nobody": "There is no account here yet. Open the first page and make one.",
        "code": "Copy this code into {app}:",
        "note": "This is the sandbox on your machine: nothing leaves it.",
    },
    "fr": {
        "title": "Autoriser l’accès",
        "ask": "Autoriser {app} à agir au nom de {who} ?",
        "account": "Quel compte",
        "scopes": "Droits demandés : {scopes}.",
        "allow": "Autoriser",
        "deny": "Refuser",
        "nobody": "Il n’y a pas encore de compte ici. Ouvrez la première page pour en créer un.",
        "code": "Copiez ce code dans {app} :",
        "note": "C’est le bac à sable de votre machine : rien n’en sort.",
    },
}
_ASKED: Final = (
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
)


def language(call: Call) -> str:
    """Answer "fr" when the browser (or the app, by `lang`) prefers French, else "en"."""
    asked = call.text("lang") or call.request.headers.get("accept-language", "")
    return "fr" if asked.strip().lower().startswith("fr") else "en"


def _checked(call: Call) -> Application:
    """Answer the app that asks; what cannot be trusted to go back to it is refused here, on our own page."""
    app = call.world.applications.get(call.text("client_id") or "")
    if not app:
        raise oauth_refusal(401, "invalid_client", "Client authentication failed due to unknown client.")
    if call.text("redirect_uri") not in app.redirect_uris:
        raise oauth_refusal(400, "invalid_redirect_uri", "The redirect uri included is not valid.")
    if call.text("response_type") != "code":
        words = "The authorization server does not support this response type."
        raise oauth_refusal(400, "unsupported_response_type", words)
    if not all(covers(app.scopes, scope) for scope in _scopes(call)):
        raise oauth_refusal(400, "invalid_scope", "The requested scope is invalid, unknown, or malformed.")
    if call.text("code_challenge") and call.text("code_challenge_method") != "S256":
        raise oauth_refusal(400, "invalid_code_challenge_method", "The code_challenge_method must be S256.")
    return app


def _scopes(call: Call) -> list[str]:
    return split(call.params.get("scope")) or ["read"]


async def ask(call: Call) -> Response:
    """Show the question, with the accounts to choose from, brands first."""
    app = _checked(call)
    known = brands(call.world)
    others = [one for one in call.world.accounts.values() if not one.brand and not one.domain]
    return _page(call, _question(call, app, [*known, *others]))


def _question(call: Call, app: Application, accounts: list[Account]) -> str:
    words = WORDS[language(call)]
    if not accounts:
        return f"<h1>{words['title']}</h1><p>{words['nobody']}</p>"
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(call.text(name) or "")}">'
        for name in _ASKED
        if call.text(name)
    )
    choices = "".join(
        f'<label class="choice"><input type="radio" name="account" value="{one.id}"{" checked" if not place else ""}>'
        f'<img src="/avatars/{one.id}.svg" alt="" width="32" height="32">'
        f"<span><strong>{escape(one.name)}</strong> @{escape(one.acct)}</span></label>"
        for place, one in enumerate(accounts)
    )
    ask_words = words["ask"].format(app=escape(app.name), who=f"@{escape(accounts[0].acct)}")
    scopes = words["scopes"].format(scopes=escape(", ".join(_scopes(call))))
    return (
        f'<h1>{ask_words}</h1><form method="post" action="/oauth/authorize">{hidden}'
        f"<fieldset><legend>{words['account']}</legend>{choices}</fieldset><p class=quiet>{scopes}</p>"
        f'<p class="row"><button name="decision" value="allow" class="first">{words["allow"]}</button>'
        f'<button name="decision" value="deny">{words["deny"]}</button></p></form><p class=quiet>{words["note"]}</p>'
    )


async def decide(call: Call) -> Response:
    """Send the browser back to the app, with a code or with the refusal."""
    app = _checked(call)
    account = call.world.accounts.get(call.text("account") or "")
    if call.text("decision") == "deny" or not account:
        words = "The resource owner or authorization server denied the request."
        return _return(call, {"error": "access_denied", "error_description": words})
    code = Code(
        value=secrets.token_urlsafe(32),
        application_id=app.client_id,
        account_id=account.id,
        redirect_uri=call.text("redirect_uri") or "",
        scopes=_scopes(call),
        challenge=call.text("code_challenge") or None,
        created_ms=call.world.now_ms(),
    )
    call.world.codes[code.value] = code
    if code.redirect_uri == OOB:
        words = WORDS[language(call)]["code"].format(app=escape(app.name))
        return _page(call, f"<h1>{words}</h1><p><code>{code.value}</code></p>")
    return _return(call, {"code": code.value})


def _return(call: Call, answer: dict[str, str]) -> Response:
    target = call.text("redirect_uri") or ""
    if call.text("state"):
        answer["state"] = str(call.text("state"))
    return RedirectResponse(f"{target}{'&' if '?' in target else '?'}{urlencode(answer)}", 302)


def _page(call: Call, body: str) -> Response:
    words = WORDS[language(call)]
    return HTMLResponse(
        f'<!doctype html><html lang="{language(call)}"><meta charset="utf-8"><title>{words["title"]} · Sandbox</title>'
        '<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/static/page.css">'
        f'<body class="narrow"><main class="card">{body}</main></body></html>',
        headers={"Cache-Control": "no-store", "X-Frame-Options": "DENY"},
    )


ROUTES: list[Route] = [
    route("GET", "/oauth/authorize", ask, who="anyone"),
    route("POST", "/oauth/authorize", decide, who="anyone"),
]
