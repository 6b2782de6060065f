"""`make clean`: remove what set-up, builds and tests made, but never the data."""

import fcntl
import shutil
import sys
from pathlib import Path

from tools.steps import ROOT, RUN, SetupFailed, main

_MADE = (
    ".mypy_cache",
    ".ruff_cache",
    ".import_linter_cache",
    ".hypothesis",
    "app/console",
    "bench/results",
    "build",
    "dist",
    "frontend/node_modules",
    "frontend/openapi.json",
    "mentiondesk.egg-info",
    "screenshots",
    "tools/browser/node_modules",
    ".venv",
)


def work() -> None:
    """Remove each, and say so."""
    outside = _tests_database()
    for path in [*outside, *(ROOT / name for name in _MADE), RUN]:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.exists():
            path.unlink()
        else:
            continue
        sys.stdout.write(f"removed {path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}\n")


def _tests_database() -> list[Path]:
    """Where the tests' database lives when it is a link to outside of the checkout; nobody may be using it."""
    folder = RUN / "tests" / "postgres"
    lock = folder / "attached.lock"
    if lock.exists():
        with lock.open("ab") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise SetupFailed(
                    "Tests are running in this checkout: wait for them to end, then run again."
                ) from error
    return [folder.resolve()] if folder.is_symlink() else []


if __name__ == "__main__":
    main(work)
