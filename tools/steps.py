"""Says what set-up is doing and how far it is, and keeps what the programs said in a log."""

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TextIO

ROOT = Path(__file__).resolve().parent.parent
RUN = ROOT / ".run"
_LAST_LINES = 15
_BENDING = {"PYTHONHOME", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "PIP_USER", "PIP_TARGET", "PIP_NO_COMPILE"}
"""Variables of the caller that would put packages elsewhere, or make every start compile everything again."""


class SetupFailed(Exception):
    """One sentence for the person at the terminal, and perhaps the last lines of a log under it."""


class Steps:
    """Numbers the steps of one run: `[2/4] Python packages … 34 of 64 … 12 s`."""

    def __init__(self, total: int, out: TextIO = sys.stdout) -> None:
        self.total, self.done, self.out = total, 0, out
        self._head, self._began, self._note = "", 0.0, ""
        self._ticks = out.isatty()

    @contextlib.contextmanager
    def step(self, title: str) -> Iterator[None]:
        """One step; it says how long it took, or what current() was told."""
        self.done += 1
        self._head, self._note = f"[{self.done}/{self.total}] {title}", ""
        self._began = time.monotonic()
        self.out.write(f"{self._head} …")
        self.out.flush()
        try:
            yield
        except BaseException:
            self.out.write("\n")
            raise
        end = self._note or f"{time.monotonic() - self._began:.0f} s"
        self.out.write(f"\r\033[K{self._head} … {end}\n" if self._ticks else f" {end}\n")
        self.out.flush()

    def current(self, note: str = "up to date") -> None:
        """Nothing was to be done in this step."""
        self._note = note

    def far(self, note: str) -> None:
        """How far the step is, on a terminal."""
        if self._ticks:
            self.out.write(f"\r\033[K{self._head} … {note} … {time.monotonic() - self._began:.0f} s")
            self.out.flush()


def run_logged(
    command: Sequence[str | Path],
    log: str,
    failed: str,
    steps: Steps | None = None,
    far: Callable[[str], str | None] = lambda _: None,
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
) -> str:
    """Run a program, keep its words in .run/logs/`log`; raise SetupFailed(`failed`) with its last words when it fails.

    `far` turns a line of output into a word on how far it is, or None.
    """
    path = RUN / "logs" / f"{log}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    said: list[str] = []
    note = ""
    with path.open("w") as kept:
        try:
            process = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                cwd=cwd,
                env={**(env or environment()), "NO_COLOR": "1"},
            )
        except OSError as error:
            raise SetupFailed(f"{failed}: {error}") from error
        with process, ticking(lambda: steps.far(note) if steps else None):
            assert process.stdout
            for line in process.stdout:
                kept.write(line)
                said.append(line.rstrip())
                note = far(line) or note
    if process.returncode:
        last = "\n".join(f"    {line}" for line in said[-_LAST_LINES:])
        raise SetupFailed(f"{failed}. The last lines of {path.relative_to(ROOT)}:\n{last}")
    return "\n".join(said)


@contextlib.contextmanager
def ticking(tick: Callable[[], None]) -> Iterator[None]:
    """Call `tick` once a second meanwhile."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(1):
            tick()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def environment(**more: str) -> dict[str, str]:
    """The caller's environment without what would bend Python or pip, and with caches where there is no home."""
    env = {k: v for k, v in os.environ.items() if k not in _BENDING}  # noqa: TID251
    if not env.get("HOME"):
        env["HOME"] = str(RUN / "home")
        (RUN / "home").mkdir(parents=True, exist_ok=True)
    return env | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"} | more


def main(work: Callable[[], int | None]) -> None:
    """Run a tool's work: its exit code, or the sentence of SetupFailed on standard error."""
    try:
        code = work() or 0
    except SetupFailed as failure:
        sys.stderr.write(f"\n{failure}\n")
        code = 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped.\n")
        code = 130
    sys.exit(code)
