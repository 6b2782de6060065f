"""Imports and exports over HTTP, for leads and for keys: in pieces, downloaded in parts, and never another brand's."""

import gzip
import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.core.transaction import transaction
from app.transfer.byte_range import read_range
from app.transfer.work import KEPT, job_due, next_job
from tests.access.given import a_key, ask, bears
from tests.security.conftest import Open, brands, served
from tests.security.stage import MARK, Brands, cookie
from tests.transfer.given import AT, as_file, finish, report, rows

__all__ = ["brands", "served"]
RAW = {"content-type": "application/octet-stream"}


async def test_a_file_goes_in_by_pieces_and_comes_out_in_parts(brands: Brands, served: Open) -> None:
    _, client = served
    lead = await cookie(brands.desk.lead)
    made = await ask(
        client, "POST", "jobs/imports", lead, json={"name": "old desk.jsonl", "brand_id": brands.acme.brand_id}
    )
    assert (made.status_code, made.json()["state"]) == (201, "uploading")
    at = f"jobs/{made.json()['id']}"
    data = as_file({"kind": "customer", "reference": "7", "name": "Zoë"}, "nonsense")
    assert (await ask(client, "POST", f"{at}/start", lead)).json()["code"] == "file_empty"

    async def put(number: int, part: bytes) -> tuple[int, str | None]:
        answer = await ask(client, "PUT", f"{at}/pieces/{number}", lead, content=part, headers=RAW)
        return answer.status_code, answer.json().get("code")

    assert await put(1, data[5:]) == (409, "piece_out_of_turn")
    assert await put(0, gzip.compress(data)) == (422, "file_packed")
    assert await put(0, b"x" * 1_000_001) == (422, "not_acceptable")
    for _ in range(2):
        assert await put(0, data[:5]) == (200, None)
    assert await put(0, b"other") == (409, "piece_differs")
    assert await put(1, data[5:]) == (200, None)
    assert (await ask(client, "POST", f"{at}/start", lead)).json()["state"] == "queued"
    assert await put(2, b"x") == (409, "not_uploading")
    assert await job_due()
    done = (await ask(client, "GET", at, lead)).json()
    assert [done[name] for name in ("state", "lines", "fresh", "refused", "position")] == ["done", 2, 1, 1, len(data)]
    told = (await ask(client, "GET", f"{at}/refusals", lead)).json()
    assert [(one["line"], one["place"]) for one in told["items"]] == [(2, "")]
    assert (await ask(client, "GET", f"{at}/refusals?after=2", lead)).json() == {"items": [], "next": None}
    assert (await ask(client, "GET", f"{at}/file", lead)).json()["code"] == "no_file"

    planned = (await ask(client, "POST", "jobs/exports", lead, json={})).json()
    await finish(brands.desk.lead, planned["id"])
    where = f"jobs/{planned['id']}/file"
    whole = await ask(client, "GET", where, lead)
    assert int(whole.headers["content-length"]) == len(whole.content) > 1000
    lines = [json.loads(line) for line in gzip.decompress(whole.content).splitlines()]
    assert {"brand", "ticket", "message"} <= {line["kind"] for line in lines}
    assert "Zoë" in {line.get("name") for line in lines}
    first = await ask(client, "GET", where, lead, headers={"range": "bytes=0-99"})
    rest = await ask(client, "GET", where, lead, headers={"range": "bytes=100-"})
    assert (first.status_code, first.headers["content-range"]) == (206, f"bytes 0-99/{len(whole.content)}")
    assert first.content + rest.content == whole.content
    assert (await ask(client, "GET", where, lead, headers={"range": "bytes=99999999-"})).status_code == 416
    listed = (await ask(client, "GET", "jobs", lead)).json()["items"]
    assert [one["kind"] for one in listed] == ["export", "import"]
    assert (await ask(client, "POST", f"jobs/{planned['id']}/cancel", lead)).json()["code"] == "job_over"


async def test_nobody_imports_into_or_exports_another_brand(brands: Brands, served: Open) -> None:
    _, client = served
    acme, zeta = brands.acme.brand_id, brands.zeta.brand_id
    own = await a_key(brands.desk.lead, "administer", brands=[acme])
    other = bears(await a_key(brands.desk.lead, "administer", brands=[zeta]))
    key = bears(own)
    for who in (await cookie(brands.ana), bears(await a_key(brands.desk.lead, "read", "work", "reply"))):
        for method, path in (("GET", "jobs"), ("POST", "jobs/exports"), ("POST", "jobs/imports")):
            assert (await ask(client, method, path, who, json={})).status_code == 403, path
    assert (await ask(client, "POST", "jobs/imports", key, json={})).status_code == 403  # into whatever its lines name
    assert (await ask(client, "POST", "jobs/imports", key, json={"brand_id": zeta})).status_code == 404
    assert (await ask(client, "POST", "jobs/exports", key, json={"brand_ids": [zeta]})).status_code == 404

    planned = (await ask(client, "POST", "jobs/exports", key, json={})).json()
    await finish(brands.desk.lead, planned["id"])
    plain = gzip.decompress((await ask(client, "GET", f"jobs/{planned['id']}/file", key)).content).decode()
    assert brands.acme.ticket_id in plain
    assert not [word for word in (MARK, *brands.zeta.ids()) if word in plain]
    for method, path in (("GET", ""), ("GET", "/file"), ("GET", "/refusals"), ("POST", "/cancel"), ("POST", "/start")):
        assert (await ask(client, method, f"jobs/{planned['id']}{path}", other)).status_code == 404, path
    assert (await ask(client, "GET", "jobs", other)).json()["items"] == []

    made = (await ask(client, "POST", "jobs/imports", key, json={"brand_id": acme})).json()
    z = brands.zeta
    data = as_file(
        {"kind": "brand", "reference": "b", "name": "Mine"},
        {"kind": "agent", "reference": "a", "name": "Eve", "email": "eve@example.com", "role": "lead"},
        {"kind": "note", "reference": "n", "brand": zeta, "ticket": z.ticket_id, "text": "in"},
        {"kind": "ticket", "reference": "t", "brand": zeta, "customer": z.customer_id, "opened_at": AT},
        {
            "kind": "message",
            "reference": "m",
            "account": z.account_id,
            "conversation": "c",
            "by": "other",
            "text": "x",
            "posted_at": AT,
        },
    )
    before = (
        await rows("brands"),
        await rows("agents"),
        await rows("notes"),
        await rows("tickets"),
        await rows("messages"),
    )
    await ask(client, "PUT", f"jobs/{made['id']}/pieces/0", key, content=data, headers=RAW)
    await ask(client, "POST", f"jobs/{made['id']}/start", key)
    job = await finish(brands.desk.lead, made["id"])
    assert (job.fresh, job.passed, job.refused) == (0, 2, 3)
    assert [one.place for one in await report(brands.desk.lead, made["id"])] == ["/ticket", "/customer", "/account"]
    after = (
        await rows("brands"),
        await rows("agents"),
        await rows("notes"),
        await rows("tickets"),
        await rows("messages"),
    )
    assert after == before

    made = (await ask(client, "POST", "jobs/imports", key, json={"brand_id": acme})).json()
    await ask(client, "PUT", f"jobs/{made['id']}/pieces/0", key, content=data, headers=RAW)
    await ask(client, "POST", f"jobs/{made['id']}/start", key)
    lead = await cookie(brands.desk.lead)
    assert (await ask(client, "POST", f"keys/{own.key.id}/revoke", lead)).status_code == 200
    assert (await finish(brands.desk.lead, made["id"])).state == "cancelled"


async def test_files_are_dropped_when_their_time_is_over(brands: Brands, served: Open) -> None:
    _, client = served
    key = bears(await a_key(brands.desk.lead, "administer"))
    planned = (await ask(client, "POST", "jobs/exports", key, json={})).json()
    given_up = (await ask(client, "POST", "jobs/imports", key, json={})).json()
    assert (
        await ask(client, "PUT", f"jobs/{given_up['id']}/pieces/0", key, content=b"x", headers=RAW)
    ).status_code == 200
    await finish(brands.desk.lead, planned["id"])
    assert await rows("job_pieces") > 1
    async with transaction() as tx:
        over = (
            "update jobs set due_at = due_at - cast(:by as interval), expires_at = expires_at - cast(:by as interval)"
        )
        await tx.execute(text(over), {"by": KEPT + timedelta(hours=1)})  # well over: a clock may be set back a little
    while await job_due():
        continue
    assert await rows("job_pieces") == 0
    assert (await ask(client, "GET", f"jobs/{planned['id']}/file", key)).json()["code"] == "no_file"
    assert (await ask(client, "GET", f"jobs/{given_up['id']}", key)).json()["state"] == "cancelled"
    assert await next_job() is None


def test_ranges() -> None:
    assert read_range(None, 10) is None
    assert read_range("bytes=0-", 10) == (0, 9)
    assert read_range("bytes=2-5", 10) == (2, 5)
    assert read_range("bytes=2-500", 10) == (2, 9)
    assert read_range("bytes=-3", 10) == (7, 9)
    for nothing in ("bytes=5-2", "bytes=-", "bytes=0-1,4-5", "lines=1-2", "bytes=a-b"):
        assert read_range(nothing, 10) is None
    for beyond in ("bytes=10-", "bytes=-0"):
        with pytest.raises(ValueError, match="bytes"):
            read_range(beyond, 10)
