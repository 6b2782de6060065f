"""Reading a recording line by line and posting it into a running sandbox at a given pace."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx2
from pydantic import ValidationError

from app.core.errors import NotFound, Unavailable
from app.sandbox.control.replay import Recorded

BATCH: Final = 200
TELL_SECONDS: Final = 0.25


class RecordingMissing(NotFound):
    """There is no such recording."""


class SandboxSilent(Unavailable):
    """The sandbox does not answer; what was posted so far is kept, and the same command goes on where it stopped."""


@dataclass(slots=True)
class Progress:
    """How far a replay is."""

    lines: int = 0  # lines read, empty ones not counted
    posted: int = 0
    known: int = 0  # had been posted by an earlier replay
    lost_parents: int = 0  # answers to posts the recording does not hold
    bad: list[tuple[int, str]] = field(default_factory=list)  # line number and what is wrong with it
    size: int = 0  # bytes of the file
    read: int = 0  # bytes read so far
    seconds: float = 0.0
    done: bool = False


def replay_file(
    path: Path, base_url: str, rate: float, report: Callable[[Progress], None], *, brand: str | None = None
) -> Progress:
    """Post every line of a JSON-lines file, `rate` posts a second (0: as fast as it goes); answer what became of them.

    `report` is called a few times a second and at the end. A line that cannot be used is noted with its number and the
    rest goes on; a second replay of the same file changes nothing. Raises RecordingMissing and SandboxSilent.
    """
    if not path.is_file():
        raise RecordingMissing(f"There is no file {path}.")
    progress = Progress(size=path.stat().st_size)
    began = told = time.monotonic()
    with httpx2.Client(base_url=base_url, timeout=60, trust_env=False) as client:
        for batch in _batches(_lines(path, progress), rate, began):
            _post(client, batch, brand, progress)
            progress.seconds = time.monotonic() - began
            if time.monotonic() - told >= TELL_SECONDS:
                told = time.monotonic()
                report(progress)
    progress.bad.sort()
    progress.seconds, progress.done = time.monotonic() - began, True
    report(progress)
    return progress


def _lines(path: Path, progress: Progress) -> Iterator[tuple[int, Recorded]]:
    """Yield what can be used, with its line number; the rest goes to `progress.bad`."""
    with path.open("rb") as file:
        for number, raw in enumerate(file, 1):
            progress.read += len(raw)
            line = raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw
            if not line.strip():
                continue
            progress.lines += 1
            try:
                yield number, Recorded.model_validate_json(line)
            except ValidationError as error:
                progress.bad.append((number, _why(error)))


def _why(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    if not where:
        return "it is not a JSON object"
    return f"“{where}” is missing" if first["type"] == "missing" else f"“{where}”: {first['msg']}"


def _batches(lines: Iterator[tuple[int, Recorded]], rate: float, began: float) -> Iterator[list[tuple[int, Recorded]]]:
    """Gather what is due; with a rate, wait for each post's own moment."""
    batch: list[tuple[int, Recorded]] = []
    for place, line in enumerate(lines):
        if rate > 0:
            wait = began + place / rate - time.monotonic()
            if wait > 0:
                if batch:
                    yield batch
                    batch = []
                time.sleep(max(0.0, began + place / rate - time.monotonic()))
        batch.append(line)
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _post(client: httpx2.Client, batch: list[tuple[int, Recorded]], brand: str | None, progress: Progress) -> None:
    body: dict[str, Any] = {"posts": [line.model_dump(mode="json") for _, line in batch], "brand": brand}
    try:
        answer = client.post("/sandbox/replay", json=body)
    except httpx2.TransportError as error:
        raise SandboxSilent(
            f"The sandbox at {client.base_url} does not answer ({error}). {progress.posted} posts are in; "
            "start it, and the same command goes on where it stopped."
        ) from error
    if not answer.is_success:
        raise SandboxSilent(f"The sandbox at {client.base_url} refused: {answer.text}")
    for (number, _), outcome in zip(batch, answer.json(), strict=True):
        if outcome["outcome"] == "refused":
            progress.bad.append((number, outcome["reason"]))
            continue
        progress.lost_parents += outcome["lost_parent"]
        if outcome["outcome"] == "posted":
            progress.posted += 1
        else:
            progress.known += 1
