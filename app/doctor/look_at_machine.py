"""This machine: room on the disk, the built console, and who has the console's port."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import httpx2

from app.core.port import take_port
from app.core.settings import Settings
from app.core.site import CONSOLE
from app.doctor.finding import Finding, look, ok, wrong

_LITTLE: Final = 2_000_000_000
_NONE: Final = 300_000_000
_PATIENCE_SECONDS: Final = 5.0


async def look_at_machine(settings: Settings, console: Path = CONSOLE) -> AsyncIterator[Finding]:
    """What can be seen without the database."""
    yield _folder(settings.data_dir)
    if (console / "index.html").is_file():
        yield ok("console", "The console is built.")
    else:
        yield look(
            "console",
            f"There is no built console in {console}; a worker needs none, a web side shows an empty page.",
            "npm ci && npm run build in frontend/, or use the image or wheel, which have it.",
        )
    yield await _port(settings.host, settings.port)


def _folder(folder: Path) -> Finding:
    here = next(each for each in (folder.absolute(), *folder.absolute().parents) if each.exists())
    return judge_space(folder, shutil.disk_usage(here).free)


def judge_space(folder: Path, free: int) -> Finding:
    """Whether so many bytes are enough for the data folder."""
    room = f"{free / 1e9:.1f} GB are free where {folder} is"
    todo = "Make room: PostgreSQL stops when the disk is full. docs/operations/README.md says what grows."
    if free < _NONE:
        return wrong("disk", f"Only {room}.", todo)
    if free < _LITTLE:
        return look("disk", f"Only {room}.", todo)
    return ok("disk", f"{room}.")


async def _port(host: str, port: int) -> Finding:
    if port == 0:
        return ok("port", "Any free port will do.")
    try:
        take_port(host, port).close()
    except PermissionError:
        return wrong("port", f"Port {port} may not be taken by this account.", "Choose one above 1023.")
    except (OSError, OverflowError) as problem:
        return await _who_has(host, port, problem)
    return ok("port", f"Port {port} is free.")


async def _who_has(host: str, port: int, problem: Exception) -> Finding:
    """It may be ourselves, which is how it should be; then it also says whether it is ready."""
    near = "127.0.0.1" if host in {"", "0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    address = f"http://[{near}]:{port}" if ":" in near else f"http://{near}:{port}"
    try:
        async with httpx2.AsyncClient(timeout=_PATIENCE_SECONDS, trust_env=False) as http:
            lives = await http.get(f"{address}/healthz")
            ready = await http.get(f"{address}/readyz")
    except (httpx2.HTTPError, httpx2.InvalidURL):
        lives = None
    if lives is None or lives.text != "alive\n":
        why = getattr(problem, "strerror", None) or str(problem)
        return look(
            "port",
            f"{host}:{port} cannot be taken ({why}), and it is not Mentiondesk that has it.",
            "Stop what listens there, or choose another port with --port or MENTIONDESK_PORT.",
        )
    if ready.status_code == 200:
        return ok("port", f"Mentiondesk answers at {address} and is ready.")
    said = ready.json().get("detail", "") if "json" in ready.headers.get("content-type", "") else ready.text
    return wrong("port", f"Mentiondesk answers at {address} but is not ready: {said}", "The other lines say why.")
