"""Signing in: an app is registered, a browser allows it, a code becomes a token, and every shortcut is refused."""

import base64
import hashlib
import re
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from tests.sandbox.conftest import Opener
from tests.sandbox.live import LiveBrand, Sandbox

RETURN = "http://127.0.0.1:9/return"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@pytest.fixture
def browser(sandbox: Sandbox, open_client: Opener) -> httpx2.Client:
    return open_client(sandbox)


@pytest.fixture
def app(browser: httpx2.Client) -> dict:
    body = {"client_name": "Mentiondesk", "redirect_uris": [RETURN], "scopes": "read write profile"}
    made = browser.post("/api/v1/apps", json=body).json()
    assert {"id", "name", "client_id", "client_secret", "redirect_uris", "scopes"} <= made.keys()
    return made


def asked(app: dict, **more: str) -> dict[str, str]:
    return {
        "client_id": app["client_id"], "redirect_uri": RETURN, "response_type": "code", "scope": "read write",
        "state": "s-1", "code_challenge": CHALLENGE, "code_challenge_method": "S256", **more,
    }  # fmt: skip


def traded(app: dict, code: str, **more: str) -> dict[str, str]:
    return {
        "grant_type": "authorization_code", "code": code, "client_id": app["client_id"],
        "client_secret": app["client_secret"], "redirect_uri": RETURN, "code_verifier": VERIFIER, **more,
    }  # fmt: skip


def allow(browser: httpx2.Client, app: dict, account: str, **more: str) -> str:
    back = browser.post("/oauth/authorize", data=asked(app, **more) | {"account": account, "decision": "allow"})
    assert back.status_code == 302, back.text
    answer = parse_qs(urlsplit(back.headers["location"]).query)
    assert answer["state"] == ["s-1"]
    return answer["code"][0]


def test_the_whole_way(sandbox: Sandbox, browser: httpx2.Client, app: dict, brand: LiveBrand) -> None:
    page = browser.get("/oauth/authorize", params=asked(app))
    assert "Allow Mentiondesk to act as @acme?" in page.text
    fields = dict(re.findall(r'name="([a-z_]+)" value="([^"]*)"', page.text))
    assert fields["account"] == brand.id
    token = browser.post("/oauth/token", data=traded(app, allow(browser, app, brand.id))).json()
    assert (token["token_type"], token["scope"]) == ("Bearer", "read write")
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    assert browser.get("/api/v1/accounts/verify_credentials", headers=headers).json()["acct"] == "acme"
    made = browser.post("/api/v1/statuses", json={"status": "hello"}, headers=headers).json()
    assert made["application"]["name"] == "Mentiondesk"


def test_the_page_speaks_french(browser: httpx2.Client, app: dict, brand: LiveBrand) -> None:
    page = browser.get("/oauth/authorize", params=asked(app), headers={"Accept-Language": "fr-FR,fr;q=0.9"})
    assert "Autoriser Mentiondesk à agir au nom de @acme ?" in page.text


def test_a_name_cannot_become_markup(browser: httpx2.Client, brand: LiveBrand) -> None:
    body = {"client_name": "<script>x</script>", "redirect_uris": RETURN, "scopes": "read"}
    app = browser.post("/api/v1/apps", json=body).json()
    assert "<script>" not in browser.get("/oauth/authorize", params=asked(app, scope="read")).text


def test_denying_goes_back_with_the_reason(browser: httpx2.Client, app: dict, brand: LiveBrand) -> None:
    data = asked(app) | {"account": brand.id, "decision": "deny"}
    back = urlsplit(browser.post("/oauth/authorize", data=data).headers["location"])
    assert parse_qs(back.query)["error"] == ["access_denied"]


@pytest.mark.parametrize(
    "change",
    [
        {"client_id": "unknown"},
        {"redirect_uri": "http://evil.example/"},
        {"response_type": "token"},
        {"scope": "read follow"},
        {"code_challenge_method": "plain"},
    ],
)
def test_a_wrong_question_is_answered_here(
    browser: httpx2.Client, app: dict, brand: LiveBrand, change: dict[str, str]
) -> None:
    answer = browser.get("/oauth/authorize", params=asked(app, **change))
    assert answer.status_code in {400, 401}
    assert "error" in answer.json()


@pytest.mark.parametrize(
    "change",
    [
        {"code_verifier": "w" * 64},
        {"code_verifier": ""},
        {"redirect_uri": "http://127.0.0.1:9/other"},
        {"code": "unknown"},
    ],
)
def test_a_wrong_proof_gives_no_token(
    browser: httpx2.Client, app: dict, brand: LiveBrand, change: dict[str, str]
) -> None:
    data = traded(app, allow(browser, app, brand.id)) | change
    answer = browser.post("/oauth/token", data=data)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_a_code_is_good_once_and_for_ten_minutes(
    sandbox: Sandbox, browser: httpx2.Client, app: dict, brand: LiveBrand
) -> None:
    code = allow(browser, app, brand.id)
    assert browser.post("/oauth/token", data=traded(app, code)).status_code == 200
    assert browser.post("/oauth/token", data=traded(app, code)).json()["error"] == "invalid_grant"
    late = allow(browser, app, brand.id)
    sandbox.options(clock_shift=601)
    assert browser.post("/oauth/token", data=traded(app, late)).json()["error"] == "invalid_grant"


def test_a_code_is_for_the_app_that_asked(browser: httpx2.Client, app: dict, brand: LiveBrand) -> None:
    body = {"client_name": "Other", "redirect_uris": [RETURN], "scopes": "read write"}
    other = browser.post("/api/v1/apps", json=body).json()
    assert browser.post("/oauth/token", data=traded(other, allow(browser, app, brand.id))).status_code == 400


def test_the_app_proves_itself(browser: httpx2.Client, app: dict, brand: LiveBrand) -> None:
    data = traded(app, allow(browser, app, brand.id)) | {"client_secret": "wrong"}
    assert browser.post("/oauth/token", data=data).json()["error"] == "invalid_client"


def test_basic_works_too_and_an_app_alone_is_nobody(browser: httpx2.Client, app: dict) -> None:
    auth = (app["client_id"], app["client_secret"])
    grant = browser.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=auth).json()
    headers = {"Authorization": f"Bearer {grant['access_token']}"}
    assert browser.get("/api/v1/apps/verify_credentials", headers=headers).json()["name"] == "Mentiondesk"
    assert browser.get("/api/v1/notifications", headers=headers).status_code == 422


def test_a_revoked_token_is_401(browser: httpx2.Client, app: dict, brand: LiveBrand) -> None:
    token = browser.post("/oauth/token", data=traded(app, allow(browser, app, brand.id))).json()["access_token"]
    data = {"client_id": app["client_id"], "client_secret": app["client_secret"], "token": token}
    assert browser.post("/oauth/revoke", data=data).status_code == 200
    headers = {"Authorization": f"Bearer {token}"}
    assert browser.get("/api/v1/accounts/verify_credentials", headers=headers).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        {"client_name": "", "redirect_uris": [RETURN]},
        {"client_name": "x", "redirect_uris": []},
        {"client_name": "x", "redirect_uris": ["no address"]},
        {"client_name": "x", "redirect_uris": [RETURN], "scopes": "everything"},
    ],
)
def test_a_bad_app_is_422(browser: httpx2.Client, body: dict) -> None:
    assert browser.post("/api/v1/apps", json=body).status_code == 422


def test_profile_alone_opens_only_the_profile(sandbox: Sandbox, open_client: Opener, brand: LiveBrand) -> None:
    client = open_client(sandbox, sandbox.token("acme", ["profile"]))
    assert client.get("/api/v1/accounts/verify_credentials").status_code == 200
    assert client.get("/api/v1/notifications").status_code == 403
