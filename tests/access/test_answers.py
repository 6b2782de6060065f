"""How the interface answers: refusals as problems, revisions in headers, a page to read, and a reply that leaves at once."""

import hashlib
import inspect
import re
from base64 import b64encode
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, get_args

from fastapi.routing import APIRoute

from app.main import create_app
from tests.access.given import a_key, ask, bears
from tests.described import description
from tests.security.conftest import Open
from tests.security.stage import Brands, cookie


async def test_every_refusal_is_a_problem_with_a_stable_type(brands: Brands, served: Open) -> None:
    _, client = served
    who = await cookie(brands.desk.lead)
    large = b'{"text": "' + b"x" * 2_000_001 + b'"}'
    asked = [
        ("GET", "nothing/here", 404, "no_such_page", {}),
        ("PATCH", "tickets", 405, "method_not_taken", {}),
        ("POST", "holidays/ical", 413, "body_too_large", {"content": large}),
        ("POST", "brands", 422, "not_acceptable", {"json": {"name": 1}}),
        ("POST", "brands", 422, "not_acceptable", {"content": b"{", "headers": {"content-type": "application/json"}}),
        ("GET", "tickets/tk_none", 404, "ticket_not_found", {}),
        ("GET", "tickets?limit=0", 422, "not_acceptable", {}),
    ]
    for method, path, status, code, more in asked:
        answer = await ask(client, method, path, who, **more)
        said = answer.json()
        assert (answer.status_code, said["status"], said["type"]) == (status, status, f"/problems/{code}"), path
        assert answer.headers["content-type"] == "application/problem+json"
        assert said["request_id"] == answer.headers["x-request-id"]
        assert said["title"]
        assert said["detail"]
        if path == "tickets?limit=0":  # what can be said in any language: a name that stays, and the limit
            why = {"why": "reason.number_too_small", "values": {"limit": "1"}}
            assert said["errors"] == [{"field": "limit", "sentence": said["errors"][0]["sentence"], **why}]
            assert {name: said[name] for name in why} == why
    traced = await ask(client, "GET", "nothing", who, headers={"x-request-id": "mine-12345678"})
    assert traced.headers["x-request-id"] == traced.json()["request_id"] == "mine-12345678"
    wrong = {"email": "lea@acme.example", "password": "wrong"}
    tries = [await ask(client, "POST", "session", {}, json=wrong) for _ in range(7)]
    assert (tries[-1].status_code, tries[-1].json()["code"]) == (429, "too_many_guesses")
    assert 1 <= int(tries[-1].headers["retry-after"]) <= 60


async def test_what_one_saw_may_stand_in_if_match(brands: Brands, served: Open) -> None:
    _, client = served
    who, ticket = bears(await a_key(brands.desk.lead)), brands.acme.ticket_id
    card = (await ask(client, "GET", f"tickets/{ticket}/card", who)).json()
    path, body, seen = f"tickets/{ticket}/priority", {"priority": "high"}, f'"{card["revision"]}"'
    stale = await ask(client, "POST", path, who, json=body, headers={"if-match": f'"{card["revision"] - 1}"'})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_ticket")
    assert stale.json()["card"]["revision"] == card["revision"]
    for unreadable, more in (("7", {}), ('"x"', {}), (seen, {"revision": card["revision"] - 1})):
        refused = await ask(client, "POST", path, who, json=body | more, headers={"if-match": unreadable})
        assert (refused.status_code, refused.json()["code"]) == (422, "match_unreadable")
    assert (await ask(client, "POST", path, who, json=body, headers={"if-match": seen})).status_code == 200
    again = await ask(client, "POST", path, who, json={"priority": "low"}, headers={"if-match": "*"})
    assert again.status_code == 200


async def test_a_reply_may_leave_at_once_and_shows_who_sent_it(brands: Brands, served: Open) -> None:
    _, client = served
    key = await a_key(brands.desk.lead, "reply")
    wish = {"text": "Now", "lane": "private", "seen": None, "confirmed": True, "undo_seconds": 0}
    path, once = f"tickets/{brands.acme.ticket_id}/replies", {"idempotency-key": "now"}
    sent = await ask(client, "POST", path, bears(key), json=wish, headers=once)
    assert sent.status_code == 201, sent.text
    assert sent.json()["due_at"] == sent.json()["created_at"]
    assert sent.json()["agent_id"] == key.key.id
    again = await ask(client, "POST", path, bears(key), json=wish, headers=once)
    assert again.json()["id"] == sent.json()["id"]
    other = await ask(client, "POST", path, bears(key), json=wish | {"undo_seconds": 5}, headers=once)
    assert (other.status_code, other.json()["code"]) == (409, "key_reused")


async def test_page_after_page_by_the_link_every_ticket_comes_once(brands: Brands, served: Open) -> None:
    _, client = served
    who, seen, path = await cookie(brands.desk.lead), [], "tickets?view=all_open&order=newest&limit=1"
    while path:
        answer = await ask(client, "GET", path, who)
        seen += [card["id"] for card in answer.json()["items"]]
        path = answer.headers.get("link", "").partition(">")[0].removeprefix("</api/v1/")
    assert sorted(seen) == sorted([brands.acme.ticket_id, brands.zeta.ticket_id])


async def test_an_address_says_which_methods_it_takes_and_nothing_is_there_for_none(
    database: str, served: Open
) -> None:
    _, client = served
    known = {path: {method.upper() for method in kinds} for path, kinds in description()["paths"].items()}
    for path in known:
        alike = [other for other in known if re.fullmatch(re.sub(r"{\w+}", "[^/]+", other), path)]
        taken = set().union(*(known[other] for other in alike))
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} - taken:
            answer = await client.request(method, path)
            assert (answer.status_code, answer.json()["code"]) == (405, "method_not_taken"), (method, path)
            assert set(answer.headers["allow"].split(", ")) == taken, (method, path)
    for method in ("GET", "POST", "OPTIONS"):
        answer = await client.request(method, "/api/v1/nothing")
        assert (answer.status_code, answer.json()["code"], "allow" in answer.headers) == (404, "no_such_page", False)


class Page(HTMLParser):
    """What a browser would fetch, run and jump to."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.ids: set[str] = set()
        self.addresses: set[str] = set()
        self.style = ""
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._inside = tag
        found = dict(attrs)
        assert "style" not in found
        self.ids.add(found.get("id") or "")
        self.addresses |= {found.get("href") or "", found.get("src") or ""}

    def handle_data(self, data: str) -> None:
        if self._inside == "style":
            self.style += data
            self._inside = ""


async def test_the_reference_has_every_operation_and_asks_nobody_else(database: str, served: Open) -> None:
    _, client = served
    answer = await client.get("/api/v1/reference")
    assert answer.headers["content-type"].startswith("text/html")
    page = Page()
    page.feed(answer.text)
    document = description()
    names = {kind["operationId"] for kinds in document["paths"].values() for kind in kinds.values()}
    shapes = {f"shape-{name}" for name in document["components"]["schemas"]}
    assert names | shapes <= page.ids
    jumps = {address[1:] for address in page.addresses if address.startswith("#")}
    assert jumps <= page.ids
    assert page.addresses - {f"#{jump}" for jump in jumps} == {"", "/api/v1/openapi.json"}
    assert page.tags & {"script", "img", "link", "iframe", "object", "form"} == set()
    digest = b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in answer.headers["content-security-policy"]
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def routes_of(router: Any) -> Iterator[APIRoute]:
    """Its own routes, and those of the routers it includes."""
    for one in router.routes:
        if isinstance(one, APIRoute):
            yield one
        elif hasattr(one, "original_router"):
            yield from routes_of(one.original_router)


def test_every_page_says_in_its_header_where_the_next_one_is() -> None:
    pages = []
    for route in routes_of(create_app()):
        answer = route.response_model
        if any("next" in getattr(one, "model_fields", {}) for one in (answer, *get_args(answer))):
            pages.append(route.path)
            assert "say_next(" in inspect.getsource(route.endpoint), route.path
    assert len(pages) > 6
