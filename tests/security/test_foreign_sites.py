"""Another site's page can do nothing with somebody's cookie, hear nothing, and read nothing; every answer says so to browsers."""

import re
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from structlog.testing import capture_logs

from app.core import site
from app.core.transaction import transaction
from app.stream.socket import SIGNED_OUT
from tests.described import description, routes
from tests.given import a_desk
from tests.security.conftest import Open
from tests.security.stage import PNG, Brands, cookie
from tests.stream.conftest import signed_in

FOREIGN = [
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": ""},
    {"origin": "file://"},
    {"origin": "http://127.0.0.1.evil.example:{port}"},
    {"origin": "http://evil.example/127.0.0.1:{port}"},
    {"origin": "http://127.0.0.1:{port}@evil.example"},
    {"origin": "http://127.0.0.1"},
    {"origin": "http://localhost:{port}"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "cross-site", "origin": "http://127.0.0.1:{port}"},
]


async def test_every_unsafe_request_of_another_site_is_refused(database: str, served: Open) -> None:
    """Each operation by the first of them, and one operation by all."""
    app, client = served
    desk = await a_desk()
    lead = await cookie(desk.lead)
    unsafe = [(method, path) for method, path in routes() if method not in {"GET", "HEAD", "OPTIONS"}]
    assert len(unsafe) > 40
    asked = [(*operation, FOREIGN[0]) for operation in unsafe]
    asked += [("POST", "/api/v1/tickets/take-next", headers) for headers in FOREIGN]
    for method, path, headers in asked:
        sent = {name: value.format(port=app.port) for name, value in headers.items()} | lead
        answer = await client.request(method, path.replace("{", "").replace("}", ""), headers=sent)
        assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin"), (method, path, headers)


@pytest.mark.parametrize("headers", FOREIGN, ids=lambda headers: "+".join(headers.values()) or "empty")
async def test_another_site_cannot_listen(database: str, served: Open, headers: dict[str, str]) -> None:
    app, _ = served
    desk = await a_desk()
    sent = {name.title(): value.format(port=app.port) for name, value in headers.items()}
    async with app.console(await signed_in(desk.lead), headers=sent) as console:
        assert await console.closed() == SIGNED_OUT


async def test_our_own_page_and_a_program_without_origin_may(database: str, served: Open) -> None:
    app, client = served
    desk = await a_desk()
    who = await cookie(desk.lead)
    own = f"http://127.0.0.1:{app.port}"
    for headers in ({"origin": own, "sec-fetch-site": "same-origin"}, {"origin": own}, {}):
        answer = await client.post("/api/v1/teams", json={"name": f"Team {len(headers)}"}, headers=who | headers)
        assert answer.status_code == 201, answer.text
    async with app.console(await signed_in(desk.lead), headers={"Origin": own}) as console:
        assert (await console.frame())["kind"] in {"events", "heartbeat"}


async def test_no_answer_lets_another_site_read_it(database: str, served: Open) -> None:
    _, client = served
    desk = await a_desk()
    who = await cookie(desk.lead) | {"origin": "https://evil.example"}
    for method in ("GET", "OPTIONS", "HEAD"):
        for path in ("/api/v1/session", "/api/v1/tickets", "/", "/api/v1/openapi.json"):
            asked = who | {"access-control-request-method": "POST", "access-control-request-headers": "x"}
            answer = await client.request(method, path, headers=asked)
            assert not [name for name in answer.headers if name.startswith("access-control-")]


async def kinds_of_answers(client: httpx2.AsyncClient, brands: Brands) -> dict[str, httpx2.Response]:
    who = await cookie(brands.ana)
    url = "/api/v1/"
    picture = await client.post(
        f"{url}tickets/{brands.acme.ticket_id}/pictures", files={"file": ("x.png", PNG)}, headers=who
    )
    get = [
        ("good", "session"),
        ("not there", "tickets/tk_none"),
        ("no page", "nothing"),
        ("invalid", "tickets?limit=x"),
        ("alive", "alive"),
        ("described", "openapi.json"),
        ("a picture", f"pictures/{picture.json()['id']}/file"),
        ("a redirect", "accounts/return?state=x&code=y"),
    ]
    found = {name: await client.get(url + path, headers=who) for name, path in get}
    found["signed out"] = await client.get(f"{url}session")
    found["foreign"] = await client.post(f"{url}teams", headers=who | {"origin": "https://evil.example"})
    found["nothing to say"] = await client.delete(f"{url}tickets/{brands.acme.ticket_id}/draft", headers=who)
    found["wrong method"] = await client.put(f"{url}session", headers=who)
    found["too large"] = await client.post(f"{url}session", content=b" " * 2_100_000, headers=who)
    return found


async def test_every_kind_of_answer_is_guarded(brands: Brands, served: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    _, client = served
    found = await kinds_of_answers(client, brands)
    assert {answer.status_code for answer in found.values()} >= {200, 204, 303, 401, 403, 404, 405, 413, 422}
    async with transaction() as tx:
        await tx.execute(text("alter table teams rename to teams_away"))
    try:
        with capture_logs():
            found["crashed"] = await client.get("/api/v1/teams", headers=await cookie(brands.ana))
    finally:
        async with transaction() as tx:
            await tx.execute(text("alter table teams_away rename to teams"))
    assert found["crashed"].status_code == 500
    for name, answer in found.items():
        heads = answer.headers
        assert heads["x-content-type-options"] == "nosniff", name
        assert heads["referrer-policy"] == "no-referrer", name
        assert heads["cache-control"] == "no-store", name
        assert "default-src 'none'" in heads["content-security-policy"], name
        assert "frame-ancestors 'none'" in heads["content-security-policy"], name
        assert re.fullmatch("[0-9a-f]{32}", heads["x-request-id"]), name
        assert "html" not in heads.get("content-type", ""), name
        assert "server" not in heads or heads["server"] == "uvicorn", name


async def test_the_page_and_its_files_are_guarded(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    for name in ("index.html", "assets/a.js", "icon.svg"):
        (tmp_path / name).write_text("<svg/>")
    app = FastAPI()
    site.install_site(app, tmp_path)
    bare = FastAPI()
    site.install_site(bare, tmp_path / "assets")
    answers = []
    for one, paths in ((app, ("/", "/inbox/x", "/icon.svg", "/assets/a.js")), (bare, ("/",))):
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(one), base_url="http://desk") as client:
            answers += [await client.get(path) for path in paths]
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        if "/assets/" not in str(answer.url):
            assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
            assert "script-src 'self';" in answer.headers["content-security-policy"]


def test_plain_http_pictures_are_asked_for_only_where_accounts_may_live_on_it() -> None:
    for plain in (True, False):
        rules = dict(rule.split(" ", 1) for rule in site.policy(plain_http=plain).split("; "))
        assert ("http:" in rules["img-src"].split()) is plain
        assert ("http:" in rules["media-src"].split()) is plain
        assert not {"'unsafe-inline'", "'unsafe-eval'", "*"} & set(" ".join(rules.values()).split())


def test_the_description_is_for_anybody_and_holds_no_example_of_a_secret() -> None:
    told = str(description()).lower()
    assert "'example'" not in told
    assert "mentiondesk_" not in told
