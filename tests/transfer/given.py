"""Files as they are given to an import, and what a desk holds, told without the ids that were made here."""

import gzip
import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from app.agents.permit import Actor
from app.core.transaction import transaction
from app.transfer.plan import add_piece, plan_export, plan_import, start_import
from app.transfer.queries import one_job, read_bytes, refusals
from app.transfer.views import JobView, RefusalView
from app.transfer.work import job_due

AT = "2026-02-03T10:00:00Z"


def as_file(*lines: Any) -> bytes:
    """JSON lines; a line that is a text already is taken as it is."""
    return "".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines).encode()


async def upload(actor: Actor, data: bytes, brand_id: str | None = None, *, cut: int = 1_000_000) -> str:
    """A started import of this file; its id."""
    async with transaction() as tx:
        job = await plan_import(tx, actor, name="a.jsonl", brand_id=brand_id)
    for number, at in enumerate(range(0, len(data), cut)):
        async with transaction() as tx:
            await add_piece(tx, actor, job.id, number, data[at : at + cut])
    async with transaction() as tx:
        await start_import(tx, actor, job.id)
    return job.id


async def finish(actor: Actor, job_id: str) -> JobView:
    """Work until the job is over."""
    for _ in range(10_000):
        async with transaction() as tx:
            job = await one_job(tx, actor, job_id)
        if job.state not in {"queued", "running"}:
            return job
        assert await job_due(), job
    raise AssertionError(job)


async def imported(actor: Actor, data: bytes, brand_id: str | None = None, *, cut: int = 1_000_000) -> JobView:
    return await finish(actor, await upload(actor, data, brand_id, cut=cut))


async def report(actor: Actor, job_id: str) -> list[RefusalView]:
    async with transaction() as tx:
        return (await refusals(tx, actor, job_id, 0)).items


async def exported(actor: Actor, brand_ids: Sequence[str] | None = None) -> bytes:
    """The whole of an export, unpacked by the standard library as one file."""
    async with transaction() as tx:
        job = await plan_export(tx, actor, brand_ids=brand_ids)
    done = await finish(actor, job.id)
    assert (done.state, done.problem) == ("done", None)
    packed = b"".join([part async for part in read_bytes(job.id, 0, done.size - 1)])
    assert len(packed) == done.size
    plain = gzip.decompress(packed)
    assert plain.count(b"\n") == done.lines
    return plain


def read(plain: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in plain.splitlines()]


_NAMES = {"brand", "account", "customer", "ticket", "assignee", "agent", "follows"}
_MADE_HERE = {"reference", "number", "created_at", "backfilled", "disabled", "role"}


def compared(plain: bytes) -> dict[str, list[Any]]:
    """What a file says of brands, customers, tickets, posts and remarks, with what things are called in place of their ids."""
    lines = read(plain)
    called: dict[str, Any] = {}
    for line in lines:
        match line["kind"]:
            case "brand" | "agent":
                called[line["reference"]] = line["name"]
            case "account":
                called[line["reference"]] = line["handle"]
            case "customer":
                called[line["reference"]] = [line["name"], [one["handle"] for one in line["identities"]]]
            case "ticket":
                called[line["reference"]] = [line["conversation"], line["opened_at"]]
    told: dict[str, list[Any]] = {}
    for line in lines:
        kind = line.pop("kind")
        if kind not in {"brand", "account", "customer", "ticket", "message", "note", "follow"}:
            continue
        # an import keeps a ticket's own reference too, which is an id of where it comes from
        line |= {n: [r for r in line[n] if not r["reference"].startswith("tk_")] for n in {"references"} & set(line)}
        if kind in {"message", "note"}:
            line["made"] = line.get("received_at") or line["created_at"]
        for name in _NAMES & set(line):
            line[name] = called.get(line[name], line[name])
        told.setdefault(kind, []).append({name: v for name, v in line.items() if name not in _MADE_HERE})
    return {kind: sorted(rows, key=lambda row: json.dumps(row, sort_keys=True)) for kind, rows in told.items()}


async def rows(table: str) -> int:
    async with transaction() as tx:
        return int(await tx.scalar(text(f"select count(*) from {table}")) or 0)


async def everything() -> dict[str, int]:
    names = ("brands", "agents", "brand_accounts", "customers", "identities", "conversations", "tickets", "messages")
    names = (*names, "ticket_references")
    return {name: await rows(name) for name in (*names, "notes", "search_entries", "events", "imported_references")}
