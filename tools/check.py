"""`make check`, `test`, `e2e` and `faults`: every check and test in sections, all of them even when one fails."""

import argparse
import json
import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tools import chromium
from tools.setup import FRONTEND, PYTHON, STEPS, clean_environment, prepare
from tools.steps import ROOT, RUN, Steps, main

RESULTS = RUN / "results"
_CODE = ("app", "tests", "tools", "bench", "migrations")


@dataclass(frozen=True, slots=True)
class Section:
    """One program to run, and how to read from its report how much passed and failed."""

    title: str
    command: tuple[str, ...]
    cwd: Path = ROOT
    warns: bool = False  # its lines that begin with "!" are repeated in the summary even when it is good
    count: Callable[[bool], tuple[int, int]] = lambda good: (int(good), int(not good))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a section."""

    section: Section
    good: bool
    seconds: float
    said: str = ""


def lint() -> list[Section]:
    """Style, types and layers of both languages."""
    python = str(PYTHON)
    there = tuple(name for name in _CODE if (ROOT / name).exists())
    return [
        Section("Types: mypy", (python, "-m", "mypy", "-p", "app", "-p", "tools")),
        Section("Style: ruff check", (python, "-m", "ruff", "check", *there)),
        Section("Format: ruff format", (python, "-m", "ruff", "format", "--check", *there)),
        Section("Layers: import-linter", (str(PYTHON.parent / "lint-imports"),)),
        Section("Console: biome and tsc", ("npm", "run", "--silent", "check"), FRONTEND),
        Section("Dependencies: audit", (python, "-m", "tools.audit"), warns=True),
    ]


def vitest() -> Section:
    """The console's unit tests."""
    report = RESULTS / "vitest.json"
    command = ("npx", "--no-install", "vitest", "run", "--reporter=default", "--reporter=json")
    return Section(
        "Console: vitest", (*command, f"--outputFile={report}"), FRONTEND, count=lambda _: read_vitest(report)
    )


def pytest(*more: str) -> Section:
    """The Python tests, in random order, in several processes; tests/order.py says which go together and first."""
    report = RESULTS / "pytest.xml"
    # one more than there are cores: browsers and processes are waited for much of the time
    workers = min((os.cpu_count() or 2) + 1, 8)
    command = (str(PYTHON), "-m", "pytest", "-q", f"--junitxml={report}", "-n", str(workers), *more)
    return Section("Python: pytest", command, count=lambda _: read_junit(report))


def faults(*more: str) -> Section:
    """Deaths and loads in their full length, one after the other, telling how far they are."""
    report = RESULTS / "faults.xml"
    command = (str(PYTHON), "-m", "pytest", "-q", "-s", "-n", "0", "-m", "faults or not faults", f"--junitxml={report}")
    return Section("Faults: pytest", (*command, *more), count=lambda _: read_junit(report))


def read_vitest(report: Path) -> tuple[int, int]:
    """Passed and failed of vitest's JSON report; a run without one failed."""
    try:
        read = json.loads(report.read_text())
    except (FileNotFoundError, ValueError):
        return 0, 1
    return read["numPassedTests"], read["numFailedTests"] + read["numFailedTestSuites"] * (not read["numFailedTests"])


def read_junit(report: Path) -> tuple[int, int]:
    """Passed and failed of pytest's report; a run without one, or without a test, failed."""
    try:
        suites = ET.parse(report).getroot().iter("testsuite")  # noqa: S314 - written by our own pytest
    except (FileNotFoundError, ET.ParseError):
        return 0, 1
    total = bad = skipped = 0
    for suite in suites:
        total += int(suite.get("tests", 0))
        bad += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0))
    return max(total - bad - skipped, 0), bad or int(total == 0)


def run(section: Section, *, live: bool) -> Outcome:
    """Run one section; `live` lets it talk to the terminal, else its words are kept for when it is done."""
    began = time.monotonic()
    if live:
        header(section.title)
    done = subprocess.run(
        section.command,
        cwd=section.cwd,
        env=clean_environment(FORCE_COLOR="1") if sys.stdout.isatty() else clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=None if live else subprocess.PIPE,
        stderr=None if live else subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    outcome = Outcome(section, done.returncode == 0, time.monotonic() - began, done.stdout or "")
    if not live:
        header(f"{section.title}: {'good' if outcome.good else 'FAILED'}, {outcome.seconds:.0f} s")
        if not outcome.good:
            print(outcome.said.rstrip(), flush=True)
    return outcome


def header(title: str) -> None:
    """Show where a section begins."""
    print(f"\n=== {title} {'=' * max(0, 72 - len(title))}", flush=True)


def run_all(quick: list[Section], slow: list[Section], *, fast: bool) -> list[Outcome]:
    """Run the quick sections two at a time and the slow ones after each other; `fast` stops after a failure."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    for old in RESULTS.iterdir():
        old.unlink()
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda section: run(section, live=False), quick))
    for section in slow:
        if fast and not all(outcome.good for outcome in outcomes):
            break
        outcomes.append(run(section, live=True))
    return outcomes


def conclude(outcomes: list[Outcome]) -> int:
    """Print what failed and the closing line; answer the exit code."""
    header("Summary")
    passed = failed = 0
    for outcome in outcomes:
        more, bad = outcome.section.count(outcome.good)
        bad = bad or int(not outcome.good)
        passed, failed = passed + more, failed + bad
        word = "good  " if outcome.good else "FAILED"
        print(f"{word} {outcome.seconds:5.0f} s  {outcome.section.title}")
        for line in outcome.said.splitlines() if outcome.section.warns else ():
            if line.startswith("!"):
                print(f"         {line}")
    print(f"\n{passed} passed, {failed} failed", flush=True)
    return int(failed > 0 or not passed)


def work() -> int:
    """Set up, run what was asked for, conclude."""
    parser = argparse.ArgumentParser(prog="make")
    parser.add_argument("what", choices=["lint", "test", "e2e", "faults"])
    parser.add_argument("--fast", default="", help="1: stop after the first section that fails")
    parser.add_argument("--one", default="", help="a path or node id for pytest")
    given = parser.parse_args()
    one = [given.one] if given.one else []
    browser = given.what in {"test", "e2e"}
    steps = Steps(STEPS + browser)
    prepare(steps, dev=True, console=browser, node=given.what != "faults")
    if browser:
        with steps.step("Chromium"):
            steps.current(str(chromium.find(steps)))
    if given.what == "lint":
        return conclude(run_all(lint(), [], fast=False))
    if given.what == "e2e":
        return conclude(run_all([], [pytest(*(one or ["tests/e2e"]))], fast=False))
    if given.what == "faults":
        return conclude(run_all([], [faults(*(one or ["tests/faults"]))], fast=False))
    if one:
        return conclude(run_all([], [pytest(*one)], fast=False))
    return conclude(run_all([vitest(), *lint()], [pytest()], fast=given.fast not in {"", "0"}))


if __name__ == "__main__":
    main(work)
