"""`make bench`: set up, then run the benchmarks of bench/."""

import argparse
import subprocess

from tools.setup import PYTHON, STEPS, clean_environment, prepare
from tools.steps import ROOT, Steps, main


def work() -> int:
    """Run one of them, or all."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--one", default="", help="the name of one benchmark (make bench ONE=commits)")
    given = parser.parse_args()
    prepare(Steps(STEPS), dev=True)
    command = [str(PYTHON), "-m", "bench", *([given.one] if given.one else [])]
    return subprocess.run(command, cwd=ROOT, env=clean_environment(), check=False).returncode


if __name__ == "__main__":
    main(work)
