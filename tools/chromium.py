"""Finds a Chromium for the end-to-end tests: the system's, or the one that an npm package carries. Prints its path."""

import os
import platform
import shutil
import sys
from pathlib import Path

from tools.setup import check_node, ensure_node_packages, fingerprint, only_one
from tools.steps import ROOT, RUN, SetupFailed, Steps, main, run_logged

PACKAGE = ROOT / "tools" / "browser"
UNPACKED = RUN / "chromium"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")

_STARTER = """#!/bin/sh
# The libraries and fonts beside it are for machines that lack them.
here=$(dirname "$0")
export LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
[ -e /etc/fonts/fonts.conf ] || export FONTCONFIG_FILE="$here/fonts.conf"
exec "$here/chromium" "$@"
"""

_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>
"""


def find(steps: Steps | None = None) -> Path:
    """Answer the path of an executable Chromium, after installing one into .run/ if this machine has none.

    CHROMIUM names one by hand. Raises SetupFailed when there is no way.
    """
    if named := os.environ.get("CHROMIUM"):  # noqa: TID251 - no settings before anything is installed
        if not shutil.which(named):
            raise SetupFailed(f"CHROMIUM={named} is not a program.")
        return Path(named)
    for name in _NAMES:
        if found := shutil.which(name):
            return Path(found)
    if _MAC.exists():
        return _MAC
    return _unpacked(steps)


def _unpacked(steps: Steps | None) -> Path:
    starter, stamp = UNPACKED / "browser", UNPACKED / "stamp"
    wanted = fingerprint([PACKAGE / "package-lock.json", PACKAGE / "unpack.mjs", Path(__file__).resolve()])
    if stamp.exists() and stamp.read_text() == wanted:
        return starter
    if platform.system() != "Linux" or platform.machine() not in {"x86_64", "AMD64"}:
        raise SetupFailed("No Chromium was found: install Chromium or Chrome and run again.")
    with only_one():
        check_node()
        ensure_node_packages(None, PACKAGE)
        run_logged(
            ["node", PACKAGE / "unpack.mjs", UNPACKED], "chromium", "Chromium could not be unpacked", steps, cwd=PACKAGE
        )
        (UNPACKED / "fonts.conf").write_text(_FONTS.format(fonts=UNPACKED / "fonts", cache=UNPACKED / "fonts-cache"))
        starter.write_text(_STARTER)
        starter.chmod(0o755)
        stamp.write_text(wanted)
    return starter


def work() -> None:
    """Print the path."""
    sys.stdout.write(f"{find()}\n")


if __name__ == "__main__":
    main(work)
