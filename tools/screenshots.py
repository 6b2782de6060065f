"""`make screenshots`: set up, start a desk, photograph every page into screenshots/."""

import subprocess

from tools import chromium
from tools.setup import PYTHON, STEPS, clean_environment, prepare
from tools.steps import ROOT, Steps, main


def work() -> int:
    """Prepare, then run the photographer."""
    steps = Steps(STEPS + 1)
    prepare(steps, dev=True)
    with steps.step("Chromium"):
        steps.current(str(chromium.find(steps)))
    return subprocess.run([PYTHON, "-m", "tests.photograph"], cwd=ROOT, env=clean_environment(), check=False).returncode


if __name__ == "__main__":
    main(work)
