"""HTTP for imports and exports."""

from typing import Annotated

from fastapi import APIRouter, Body, Header, Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import Field

from app.agents.current import Current
from app.agents.examples import BRAND_ID
from app.core.event import Ask
from app.core.http import Tx
from app.core.http_next import say_next
from app.core.http_once import Kept
from app.core.shown import shown
from app.transfer import plan, queries
from app.transfer.byte_range import read_range
from app.transfer.errors import NoSuchBytes
from app.transfer.views import JobsView, JobView, RefusalsView

router = APIRouter(prefix="/api/v1", tags=["jobs"], route_class=Kept)
Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[a-z0-9_]+$")]


class ImportAsk(Ask):
    """What is to be imported: the file's name, and the brand it goes into; null when its lines say."""

    model_config = shown({"name": "customers.jsonl", "brand_id": BRAND_ID})

    name: Annotated[str, Field(min_length=1, max_length=200)] = "import.jsonl"
    brand_id: Id | None = None


class ExportAsk(Ask):
    """Of which brands; null for all that you lead."""

    model_config = shown({"brand_ids": [BRAND_ID]})

    brand_ids: Annotated[list[Id], Field(min_length=1, max_length=200)] | None = None


@router.get("/jobs", operation_id="list_jobs")
async def list_jobs(
    request: Request,
    response: Response,
    tx: Tx,
    me: Current,
    before: Annotated[str | None, Query(max_length=64)] = None,
) -> JobsView:
    """Imports and exports, the newest first."""
    page = await queries.jobs(tx, me, before)
    say_next(request, response, before=page.next)
    return page


@router.post("/jobs/imports", operation_id="create_import", status_code=201)
async def create_import(tx: Tx, me: Current, ask: ImportAsk) -> JobView:
    """Begin an import; upload its file piece by piece, then start it."""
    return await plan.plan_import(tx, me, name=ask.name, brand_id=ask.brand_id)


@router.post("/jobs/exports", operation_id="create_export", status_code=201)
async def create_export(tx: Tx, me: Current, ask: ExportAsk) -> JobView:
    """Have everything written into a file of JSON lines, packed with gzip."""
    return await plan.plan_export(tx, me, brand_ids=ask.brand_ids)


@router.get("/jobs/{job_id}", operation_id="get_job")
async def get_job(tx: Tx, me: Current, job_id: Id) -> JobView:
    """How far an import or export is."""
    return await queries.one_job(tx, me, job_id)


@router.put("/jobs/{job_id}/pieces/{piece}", operation_id="save_piece")
async def save_piece(
    tx: Tx,
    me: Current,
    job_id: Id,
    piece: Annotated[int, Path(ge=0, le=1_000_000)],
    data: Annotated[
        bytes,
        Body(
            media_type="application/octet-stream",
            min_length=1,
            max_length=plan.PIECE,
            json_schema_extra={"format": "binary"},  # else generated clients take a text
        ),
    ],
) -> JobView:
    """The next piece of a file, of at most 1 MB, cut anywhere; the first is 0, and one sent again changes nothing."""
    return await plan.add_piece(tx, me, job_id, piece, data)


@router.post("/jobs/{job_id}/start", operation_id="start_import")
async def start_import(tx: Tx, me: Current, job_id: Id) -> JobView:
    """The file is whole; begin."""
    return await plan.start_import(tx, me, job_id)


@router.post("/jobs/{job_id}/cancel", operation_id="cancel_job")
async def cancel_job(tx: Tx, me: Current, job_id: Id) -> JobView:
    """Stop it; what an import has brought stays."""
    return await plan.cancel_job(tx, me, job_id)


@router.get("/jobs/{job_id}/refusals", operation_id="list_refusals")
async def list_refusals(
    request: Request,
    response: Response,
    tx: Tx,
    me: Current,
    job_id: Id,
    after: Annotated[int, Query(ge=0, lt=2**63)] = 0,
) -> RefusalsView:
    """The lines that were not taken, and why."""
    page = await queries.refusals(tx, me, job_id, after)
    say_next(request, response, after=page.next)
    return page


@router.get(
    "/jobs/{job_id}/file",
    operation_id="get_job_file",
    response_class=Response,
    responses={
        200: {"description": "The whole file.", "content": {"application/gzip": {}}},
        206: {"description": "The bytes that were asked for.", "content": {"application/gzip": {}}},
    },
)
async def get_job_file(
    tx: Tx, me: Current, job_id: Id, wanted: Annotated[str | None, Header(alias="Range")] = None
) -> Response:
    """The file of an export that is done; a Range asks for a part of it, to go on after an interruption."""
    job = await queries.file_of(tx, me, job_id)
    told = {
        "Accept-Ranges": "bytes",
        "Content-Disposition": f'attachment; filename="{job.name}"',
        "ETag": f'"{job.id}"',
    }
    try:
        part = read_range(wanted, job.size)
    except ValueError as problem:
        raise NoSuchBytes(size=job.size) from problem
    first, last = part or (0, job.size - 1)
    told["Content-Length"] = str(last + 1 - first)
    if part is not None:
        told["Content-Range"] = f"bytes {first}-{last}/{job.size}"
    parts = queries.read_bytes(job.id, first, last)
    return StreamingResponse(parts, 206 if part else 200, told, media_type="application/gzip")
