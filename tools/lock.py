"""`make lock`: resolve pyproject.toml into the two lock files, with hashes, for every Python from 3.11 on; mend npm's."""

import argparse
import subprocess
from pathlib import Path

from tools.chromium import PACKAGE as BROWSER
from tools.npm_lock import complete
from tools.setup import FRONTEND, LOCKS, PYTHON, STEPS, prepare
from tools.steps import ROOT, SetupFailed, Steps, environment, main

_RESOLVER = "uv==0.13.9"


def work() -> None:
    """Write both files; versions stay as they are unless --upgrade asks for newer ones."""
    parser = argparse.ArgumentParser(prog="make lock", description="Write requirements.lock and requirements-dev.lock.")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions (make lock UPGRADE=1)")
    given = parser.parse_args()
    if not PYTHON.exists():
        prepare(Steps(STEPS), dev=False, console=False)
    subprocess.run([PYTHON, "-m", "pip", "install", "-q", _RESOLVER], check=True, env=environment())
    command: list[str | Path] = [
        PYTHON,
        "-m",
        "uv",
        "pip",
        "compile",
        "pyproject.toml",
        "--quiet",
        "--generate-hashes",
        "--no-header",
    ]
    command += ["--no-emit-index-url", "--no-emit-find-links", "--universal", "--python-version", "3.11"]
    command += ["--upgrade"] if given.upgrade else []
    product, tools = LOCKS[False], LOCKS[True]
    for more in (["-o", product], ["--extra", "dev", "-c", product, "-o", tools]):
        if subprocess.run([*command, *more], check=False, cwd=ROOT, env=environment()).returncode:
            raise SetupFailed("The dependencies could not be resolved together.")
    for folder in (FRONTEND, BROWSER):
        complete(folder / "package-lock.json")


if __name__ == "__main__":
    main(work)
