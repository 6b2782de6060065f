"""A client in another language is generated from the description that the app serves, its types are checked, and it does the daily work."""

import asyncio
import json
import os
import shutil
from pathlib import Path

from app.core.clock import now
from app.transfer.work import job_due
from tests.access.given import a_key
from tests.given import a_desk, a_lean_account, take_in
from tests.lean import Lean, a_post
from tests.security.conftest import Open

DAILY = ("GET /api/v1/tickets", "GET /api/v1/tickets/{ticket_id}", "GET /api/v1/events")
WRITES = ("POST /api/v1/tickets/{ticket_id}/notes", "POST /api/v1/tickets/{ticket_id}/replies")
BRINGS = (
    "POST /api/v1/tickets",
    "POST /api/v1/tickets/{ticket_id}/messages",
    "POST /api/v1/tickets/{ticket_id}/messages/edit",
)
MOVES = (
    "POST /api/v1/jobs/imports",
    "PUT /api/v1/jobs/{job_id}/pieces/{piece}",
    "POST /api/v1/jobs/{job_id}/start",
    "POST /api/v1/jobs/exports",
    "GET /api/v1/jobs/{job_id}",
    "GET /api/v1/jobs/{job_id}/refusals",
    "GET /api/v1/jobs/{job_id}/file",
)
COMPILED = {
    "compilerOptions": {
        "target": "es2023",
        "module": "commonjs",
        "lib": ["es2023", "dom", "dom.iterable"],
        "strict": True,
        "skipLibCheck": True,
        "types": [],
        "outDir": "built",
    },
    "include": ["daily.ts"],
}


async def run(*command: str, cwd: Path, **environment: str) -> str:
    told = {**os.environ, **environment}
    process = await asyncio.create_subprocess_exec(
        *command, cwd=cwd, env=told, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    return said.decode()


async def work() -> None:
    """A worker's loop for imports and exports."""
    while True:
        if not await job_due():
            await asyncio.sleep(0.05)


async def test_a_generated_client_does_the_daily_work(
    database: str, lean: Lean, served: Open, here: Path, tmp_path: Path
) -> None:
    app, client = served
    desk = await a_desk()
    account = await a_lean_account(desk)
    await take_in(account.id, a_post("q", "nina", now(), "@acme where is it?"))
    key = await a_key(desk.lead)

    described = await client.get("/api/v1/openapi.json")
    (tmp_path / "openapi.json").write_bytes(described.content)
    filters = {"operations": {"include": [*DAILY, *WRITES, *BRINGS, *MOVES]}, "orphans": False}
    wanted = {"input": {"path": "openapi.json"}, "output": "made", "parser": {"filters": filters}}
    wanted["plugins"] = ["@hey-api/typescript", "@hey-api/sdk", "@hey-api/client-fetch"]
    (tmp_path / "made.config.mjs").write_text(f"export default {json.dumps(wanted)}", encoding="utf-8")
    (tmp_path / "tsconfig.json").write_text(json.dumps(COMPILED), encoding="utf-8")
    shutil.copy(here / "tests/access/client/daily.ts", tmp_path)

    programs = here / "frontend/node_modules/.bin"
    await run(str(programs / "openapi-ts"), "-f", "made.config.mjs", "-s", cwd=tmp_path)
    await run(str(programs / "tsc"), "-p", ".", cwd=tmp_path)
    working = asyncio.create_task(work())
    told = await run("node", "built/daily.js", cwd=tmp_path, DESK=f"http://127.0.0.1:{app.port}", KEY=key.secret or "")
    working.cancel()
    done = json.loads(told)
    assert done == {
        "number": done["number"],
        "few": [{"number": done["number"]}],
        "note": "The carrier knows.",
        "reply": ["queued", key.key.id],
        "quiet": 0,
        "heard": ["note.added"],
        "code": "ticket_not_found",
        "brought": {"again": "true", "found": [True], "message": ["brand", "Tomorow.", "Tomorrow.", 1]},
        "moved": {
            "imported": ["done", 2, 1],
            "refused": [[3, "/customer", "no_customer"]],
            "exported": ["done", True],
            "references": ["OLD-1", "WEB/117"],
        },
    }
