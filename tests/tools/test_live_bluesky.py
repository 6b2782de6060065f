"""`make live-bluesky` fails for what is wrong, and where its servers cannot be had it may say so loudly and go on."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.tools.test_setup import ROOT, program
from tools.setup import PYTHON


@pytest.mark.parametrize(("may_skip", "code"), [("1", 0), ("0", 1)])
def test_a_node_that_does_not_fit_is_said_loudly(tmp_path: Path, may_skip: str, code: int) -> None:
    program(tmp_path, "node", "echo 24.1.0 /nowhere/node")
    program(tmp_path, "npm", "exit 9")
    said = subprocess.run(
        [PYTHON, "-m", "tools.live_bluesky", "--may-skip", may_skip],
        cwd=ROOT,
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == code, said.stderr
    loud = said.stdout if may_skip == "1" else said.stderr
    assert "Node 24.1.0 does not fit" in loud
    assert ("NOT TESTED against Bluesky's own servers" in loud) == (may_skip == "1")
