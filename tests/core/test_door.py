"""What the door answers to the unreasonable: too much, to the wrong place, or while the database is away."""

import asyncio
from collections.abc import AsyncIterator

import httpx2
import pytest
from sqlalchemy import text

from app.core import db
from app.core.http import LARGEST_BODY, PROBLEM
from app.main import create_app
from tests.kept import cut_off, keep_routes

SOME = "application/json"


@pytest.fixture
async def desk(database: str) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(keep_routes(create_app()), raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://desk") as client:
        yield client


def told(answer: httpx2.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == PROBLEM
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["detail"]
    return answer.status_code, body["code"]


async def test_a_body_that_says_how_large_it_is_is_not_read(desk: httpx2.AsyncClient) -> None:
    answer = await desk.post("/api/v1/session", content=b" " * (LARGEST_BODY + 1), headers={"content-type": SOME})
    assert told(answer) == (413, "body_too_large")


async def test_a_body_without_end_is_cut(desk: httpx2.AsyncClient) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 20 * LARGEST_BODY:
            sent += 100_000
            yield b" " * 100_000

    answer = await desk.post("/api/v1/session", content=endless(), headers={"content-type": SOME})
    assert told(answer) == (413, "body_too_large")
    assert sent < 2 * LARGEST_BODY


async def test_the_wrong_method_is_named_in_a_problem_of_its_own(desk: httpx2.AsyncClient) -> None:
    assert told(await desk.put("/api/v1/session")) == (405, "method_not_taken")


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/session/x/y", "/api"])
async def test_there_is_nothing_here(desk: httpx2.AsyncClient, path: str) -> None:
    assert told(await desk.get(path)) == (404, "no_such_page")


@pytest.mark.parametrize("path", ["/%00", "/" + "a" * 5000, "/..%2f..%2fetc%2fpasswd", "/%ff"])
async def test_a_strange_address_shows_the_console_and_no_file(desk: httpx2.AsyncClient, path: str) -> None:
    answer = await desk.get(path)
    assert answer.status_code in {200, 503}
    assert "root:" not in answer.text


async def test_an_origin_that_is_no_address_is_foreign(desk: httpx2.AsyncClient) -> None:
    answer = await desk.post("/api/v1/session", json={}, headers={"origin": "http://["})
    assert told(answer) == (403, "foreign_origin")


@pytest.mark.parametrize(
    "body", [b'{"email": "\\ud800", "password": "x"}', b'{"\\ud800": 1}', b"null", b"[]", b'"\xff"']
)
async def test_a_body_that_is_no_text_is_refused(desk: httpx2.AsyncClient, body: bytes) -> None:
    answer = await desk.post("/api/v1/session", content=body, headers={"content-type": SOME})
    assert told(answer)[0] in {400, 422}


async def test_a_database_that_was_restarted_costs_at_most_one_answer(desk: httpx2.AsyncClient) -> None:
    assert (await desk.get("/api/v1/setup")).status_code == 200
    await asyncio.gather(*(desk.get("/api/v1/setup") for _ in range(5)))
    await cut_off()
    assert told(await desk.get("/api/v1/setup")) == (503, "database_away")
    assert [(await desk.get("/api/v1/setup")).status_code for _ in range(5)] == [200] * 5


async def test_an_error_of_the_database_tells_no_log_what_people_wrote(database: str) -> None:
    async with db.engine().connect() as connection:
        with pytest.raises(Exception, match="hidden") as refused:
            await connection.execute(text("select cast(:said as integer)"), {"said": "my secret"})
    assert "SQL parameters hidden" in str(refused.value)
