"""At the door: the answer comes after the commit, errors are sentences, and foreign pages are refused."""

from collections.abc import AsyncIterator
from typing import Annotated

import httpx2
import pytest
from fastapi import APIRouter, Depends, FastAPI, Query
from pydantic import Field
from sqlalchemy import select

from app.core import errors
from app.core.event import Ask
from app.core.http import IdempotencyKey, Tx, install
from app.core.transaction import transaction
from app.tickets.models import Label

router = APIRouter(prefix="/api/v1")


class Tricky(errors.Conflict):
    """This was tricky."""


KINDS = {
    "not_found": (errors.NotFound, 404),
    "refused": (errors.Refused, 403),
    "unauthenticated": (errors.Unauthenticated, 401),
    "conflict": (errors.Conflict, 409),
    "invalid": (errors.Invalid, 422),
    "too_many": (errors.TooMany, 429),
    "unavailable": (errors.Unavailable, 503),
    "tricky": (Tricky, 409),
    "desk_error": (errors.DeskError, 500),
}


class WriteAsk(Ask):
    name: Annotated[str, Field(max_length=20)]


@router.post("/labels")
async def write(tx: Tx, ask: WriteAsk) -> dict[str, str]:
    tx.add(Label(name=ask.name))
    return {"name": ask.name}


@router.get("/raise/{kind}")
async def fail(kind: str) -> None:
    if kind == "crash":
        raise RuntimeError("password=hunter2")
    raise KINDS[kind][0](field="here", more=[1])


@router.post("/keyed")
async def keyed(key: IdempotencyKey) -> dict[str, str]:
    return {"key": key}


@router.get("/number")
async def number(n: Annotated[int, Query(ge=1)]) -> dict[str, int]:
    return {"n": n}


@pytest.fixture
async def browser(database: str) -> AsyncIterator[httpx2.AsyncClient]:
    app = FastAPI()
    app.include_router(router)
    install(app)
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://desk.example") as client:
        yield client


async def written() -> list[str]:
    async with transaction() as tx:
        return list(await tx.scalars(select(Label.name)))


async def test_the_answer_comes_after_the_commit(browser: httpx2.AsyncClient) -> None:
    assert (await browser.post("/api/v1/labels", json={"name": "kept"})).status_code == 200
    assert await written() == ["kept"]


@pytest.mark.usefixtures("failing_commit")
async def test_a_commit_that_fails_is_a_500_and_not_a_200(browser: httpx2.AsyncClient) -> None:
    answer = await browser.post("/api/v1/labels", json={"name": "gone"})
    assert answer.status_code == 500
    assert answer.json()["code"] == "crashed"
    assert await written() == []


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_of_error_is_one_sentence_with_its_code(browser: httpx2.AsyncClient, kind: str) -> None:
    error, status = KINDS[kind]
    answer = await browser.get(f"/api/v1/raise/{kind}")
    said = answer.json()
    assert answer.status_code == said["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert said["detail"] == (error.__doc__ or "").strip()
    assert (said["code"], said["type"]) == (kind, f"/problems/{kind}")
    assert (said["field"], said["more"]) == ("here", [1])
    assert said["request_id"] == answer.headers["x-request-id"]


async def test_a_crash_says_nothing_of_its_inside(browser: httpx2.AsyncClient) -> None:
    answer = await browser.get("/api/v1/raise/crash")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "hunter2" not in answer.text
    assert "RuntimeError" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("POST", "/api/v1/labels", b'{"name": "x", "extra": 1}', "extra"),
        ("POST", "/api/v1/labels", b"{}", "name"),
        ("POST", "/api/v1/labels", b'{"name": 5}', "name"),
        ("POST", "/api/v1/labels", b'{"name": "%s"}' % (b"x" * 21), "name"),
        ("GET", "/api/v1/number?n=0", None, "n"),
        ("GET", "/api/v1/number?n=x", None, "n"),
        ("POST", "/api/v1/keyed", None, "Idempotency-Key"),
    ],
)
async def test_bad_input_names_its_field(
    browser: httpx2.AsyncClient, method: str, path: str, body: bytes | None, field: str
) -> None:
    answer = await browser.request(method, path, content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["field"] == field
    assert await written() == []


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b"[]", b'"x"', b'{"name": "\\ud83d"}', b'{"name": "a\\u0000b"}']
)
async def test_bytes_that_make_no_sense_are_refused_and_not_a_fault(browser: httpx2.AsyncClient, body: bytes) -> None:
    answer = await browser.post("/api/v1/labels", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in {400, 422}, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert await written() == []


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ({}, False),
        ({"origin": "http://desk.example"}, False),
        ({"sec-fetch-site": "same-origin"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"origin": "https://evil.example"}, True),
        ({"origin": "null"}, True),
        ({"origin": "http://desk.example:81"}, True),
        ({"origin": "http://desk.example.evil.example"}, True),
        ({"sec-fetch-site": "cross-site"}, True),
        ({"sec-fetch-site": "same-site", "origin": "http://desk.example"}, True),
    ],
)
async def test_another_site_cannot_write(browser: httpx2.AsyncClient, headers: dict[str, str], refused: bool) -> None:
    answer = await browser.post("/api/v1/labels", json={"name": "x"}, headers=headers)
    assert (answer.status_code == 403) is refused
    assert (await written() == []) is refused
    assert (await browser.get("/api/v1/number?n=1", headers=headers)).status_code == 200


async def test_a_page_that_is_not_there_and_a_verb_that_is_not_are_problems_too(browser: httpx2.AsyncClient) -> None:
    for method, path, status in (("GET", "/api/v1/nothing", 404), ("PUT", "/api/v1/labels", 405)):
        answer = await browser.request(method, path)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.headers["allow"] == "POST"


async def test_nothing_of_the_api_is_kept_by_anybody(browser: httpx2.AsyncClient) -> None:
    answer = await browser.get("/api/v1/number?n=1")
    assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")


def test_the_transaction_ends_before_the_answer_is_sent() -> None:
    """FastAPI's default would end it after; then a failing commit is answered with 200."""
    (depends,) = Tx.__metadata__
    assert depends == Depends(depends.dependency, scope="function")
