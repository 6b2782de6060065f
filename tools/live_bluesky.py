"""`make live-bluesky`: install Bluesky's own servers beside the checkout, and run the tests that drive them."""

import argparse
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tools.setup import PYTHON, STEPS, clean_environment, fingerprint, prepare
from tools.steps import ROOT, RUN, SetupFailed, Steps, environment, main, run_logged

SOURCE = ROOT / "tools" / "bluesky"
FOLDER = RUN / "live-bluesky"
OLDEST, TOO_NEW = 18, 24
"""Below, the servers do not start; above, the SQLite they were made for aborts at random."""
_BUILD = {
    "npm_config_build_from_source": "true",  # nobody waits for a prebuilt file, which would come from elsewhere
    "npm_config_fetch_timeout": "60000",
    "CFLAGS": "-O0",  # a tenth of the time, for a part whose speed does not matter here
    "CXXFLAGS": "-O0",
    "JOBS": "max",
}
_SKIPPED = """
!! ======================================================================
!! NOT TESTED against Bluesky's own servers.
!! {}
!! ======================================================================
"""


def check_node() -> Path:
    """Node's own program. Raises SetupFailed when it is missing, too old or too new."""
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        raise SetupFailed(f"Node and npm were not found: install Node {OLDEST} or newer, below {TOO_NEW}.")
    asked = [node, "-p", "process.versions.node + ' ' + process.execPath"]
    said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    number, _, path = said.partition(" ")
    major = int(number.partition(".")[0] or "0") if number[:1].isdigit() else 0
    if not OLDEST <= major < TOO_NEW:
        raise SetupFailed(f"Node {number or 'of unknown version'} does not fit: {OLDEST} or newer, below {TOO_NEW}.")
    return Path(path)


def install(steps: Steps) -> None:
    """Install the servers when their lock file changed since the last time; one part of them is compiled here."""
    stamp = FOLDER / "node_modules" / ".mentiondesk-stamp"
    files = [SOURCE / "package.json", SOURCE / "package-lock.json"]
    node = check_node()
    wanted = f"{fingerprint(files)} {node}"
    if stamp.exists() and stamp.read_text() == wanted:
        steps.current()
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in files:
        shutil.copy(path, FOLDER)
    total, seen = files[1].read_text().count('"node_modules/'), 0

    def far(line: str) -> str:
        nonlocal seen
        seen += bool(re.search(r"http (fetch|cache) .*\.tgz", line))
        return "compiling" if "node-gyp" in line else f"{min(seen, total)} of {total}"

    more = dict(_BUILD)
    if (node.parent.parent / "include" / "node" / "node.h").exists():
        more["npm_config_nodedir"] = str(node.parent.parent)  # Node's headers are here: none have to be fetched
    command = ["npm", "ci", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=http", "--foreground-scripts"]
    failed = "Bluesky's servers could not be installed"
    run_logged(command, "live-bluesky", failed, steps, far, cwd=FOLDER, env=environment(**more))
    stamp.write_text(wanted)


def work() -> int:
    """Set up, install, test."""
    parser = argparse.ArgumentParser(prog="make live-bluesky")
    parser.add_argument("--one", default="", help="a path or node id for pytest")
    parser.add_argument("--may-skip", default="", help="1: succeed, and say so loudly, where they cannot be installed")
    given = parser.parse_args()
    steps = Steps(STEPS + 1)
    prepare(steps, dev=True, console=False)
    try:
        with steps.step("Bluesky's servers"):
            install(steps)
    except SetupFailed as failure:
        if given.may_skip in {"", "0"}:
            raise
        sys.stdout.write(_SKIPPED.format("\n!! ".join(str(failure).splitlines())))
        return 0
    where = given.one or "tests/networks/adapters/bluesky/live"
    command = [str(PYTHON), "-m", "pytest", "-q", "-n0", "-m", "live_bluesky", "--durations=5", where]
    return subprocess.run(command, cwd=ROOT, env=clean_environment(), check=False).returncode


if __name__ == "__main__":
    main(work)
