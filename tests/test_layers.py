"""The layers hold, every contract can fail, and what calls itself pure is watched."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]

# The beginning of a contract's name, the file to break it in, and the line that breaks it.
BREAKS = [
    ("One staircase", "tickets/state.py", "import app.sla.timer"),
    ("One staircase", "customers/views.py", "def late(): from app.tickets import views"),
    ("One staircase", "utils/__init__.py", ""),
    ("One staircase", "sandbox/world.py", "import app.networks.port"),
    ("One staircase", "ingest/models.py", "import app.stream.catalogue"),
    ("HTTP stops at the door", "tickets/thread.py", "from fastapi import HTTPException"),
    ("HTTP stops at the door", "core/loop.py", "import starlette.requests"),
    ("Routes ask queries", "agents/routes.py", "from app.agents import models"),
    ("Routes ask queries", "agents/routes.py", "from sqlalchemy import select"),
    ("Rules are pure", "sla/metrics/first_reply.py", "import app.core.db"),
    ("Rules are pure", "networks/adapters/mastodon/translate.py", "import app.core.client"),
    ("Networks do not know", "networks/adapters/mastodon/translate.py", "import app.networks.adapters.second"),
    ("Metrics do not know", "sla/metrics/first_reply.py", "from app.sla.metrics import resolution"),
    ("Strategies do not know", "assignment/strategies/round_robin.py", "import app.assignment.strategies.least_loaded"),
    ("Rules are pure", "assignment/deal.py", "import app.core.db"),
    ("No cycles", "core/clock.py", "import app.core.loop"),
    ("The sandbox stands apart", "main.py", "import app.sandbox.world"),
    ("Only main opens the doors", "worker.py", "import app.agents.routes"),
]


def lint(folder: Path) -> "subprocess.CompletedProcess[str]":
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("__pycache__", "console"))
    second = tmp_path / "app" / "networks" / "adapters" / "second"
    second.mkdir()
    (second / "__init__.py").touch()
    return tmp_path


def test_the_layers_hold() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("contract", "file", "line"), BREAKS)
def test_each_contract_can_fail(copy: Path, contract: str, file: str, line: str) -> None:
    broken = copy / "app" / file
    broken.parent.mkdir(exist_ok=True)
    assert broken.exists() or file == "utils/__init__.py"
    with broken.open("a") as handle:
        handle.write(f"\n{line}\n")
    done = lint(copy)
    assert done.returncode == 1, done.stdout + done.stderr
    failed = re.sub(r"\s+", " ", done.stdout.partition("Broken contracts")[0])
    name = next(each["name"] for each in CONTRACTS if each["name"].startswith(contract))
    assert f"{name} BROKEN" in failed


def test_no_contract_is_left_unbroken() -> None:
    assert {name for name in (c["name"] for c in CONTRACTS) if not any(name.startswith(b[0]) for b in BREAKS)} == set()


def test_what_calls_itself_pure_is_watched() -> None:
    watched = next(c for c in CONTRACTS if c["name"].startswith("Rules are pure"))["source_modules"]
    patterns = [re.compile(re.escape(w).replace(r"\*", r"[a-z0-9_]+") + "$") for w in watched]
    for path in sorted((ROOT / "app").rglob("*.py")):
        says = ast.get_docstring(ast.parse(path.read_text())) or ""
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if re.search(r"; pure\b", says):
            assert any(p.match(module) for p in patterns), f"{module} says it is pure; list it in pyproject.toml"
