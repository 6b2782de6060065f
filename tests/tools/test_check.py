"""`make test` counts what its programs say, runs them all, and fails when one did."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tools import check, chromium
from tools.check import Section
from tools.large_files import too_large

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(autouse=True)
def _results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "RESULTS", tmp_path / "results")


def section(title: str, code: str) -> Section:
    return Section(title, (sys.executable, "-c", code))


def test_everything_runs_even_after_a_failure(capfd: pytest.CaptureFixture[str]) -> None:
    quick = [section("one", "print('words of a good one')"), section("two", "print('what was wrong'); exit(1)")]
    slow = [section("three", "print('live')"), section("four", "exit(2)")]
    outcomes = check.run_all(quick, slow, fast=False)
    assert [outcome.good for outcome in outcomes] == [True, False, True, False]
    assert check.conclude(outcomes) == 1
    said = capfd.readouterr().out
    assert "what was wrong" in said
    assert "words of a good one" not in said
    assert said.splitlines()[-1] == "2 passed, 2 failed"


def test_fast_stops_at_a_failure() -> None:
    outcomes = check.run_all([section("one", "exit(1)")], [section("two", "")], fast=True)
    assert [outcome.section.title for outcome in outcomes] == ["one"]


def test_good_is_zero(capfd: pytest.CaptureFixture[str]) -> None:
    assert check.conclude(check.run_all([section("one", "")], [], fast=False)) == 0
    assert capfd.readouterr().out.endswith("\n1 passed, 0 failed\n")


def test_a_program_that_fails_without_a_failed_test_counts_as_one(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    outcome = check.Outcome(Section("x", (), count=lambda _: (7, 0)), good=False, seconds=1)
    assert check.conclude([outcome]) == 1
    assert capfd.readouterr().out.endswith("7 passed, 1 failed\n")


def test_reports_are_read(tmp_path: Path) -> None:
    junit = tmp_path / "pytest.xml"
    assert check.read_junit(junit) == (0, 1)
    junit.write_text('<testsuites><testsuite tests="10" failures="1" errors="1" skipped="2"/></testsuites>')
    assert check.read_junit(junit) == (6, 2)
    junit.write_text('<testsuites><testsuite tests="0" failures="0" errors="0" skipped="0"/></testsuites>')
    assert check.read_junit(junit) == (0, 1)
    vitest = tmp_path / "vitest.json"
    vitest.write_text(json.dumps({"numPassedTests": 5, "numFailedTests": 0, "numFailedTestSuites": 1}))
    assert check.read_vitest(vitest) == (5, 1)
    vitest.write_text("{")
    assert check.read_vitest(vitest) == (0, 1)


def make(*arguments: str, **env: str) -> str:
    command = ["make", "--no-print-directory", *arguments]
    clean = {"PATH": "/usr/bin:/bin", **env}
    return subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True, check=True).stdout


def test_make_alone_lists_every_target() -> None:
    said = make()
    for target in ("run", "test", "faults", "check", "e2e", "bench", "types", "screenshots", "clean"):
        assert f"make {target} " in said


def test_a_host_of_the_shell_is_not_ours() -> None:
    assert "--host" not in make("-n", "run", HOST="workstation")
    assert '--host "0.0.0.0" --port "9000"' in make("-n", "run", "HOST=0.0.0.0", "PORT=9000")


def test_ci_calls_what_the_readme_tells() -> None:
    lines = [line for line in (ROOT / ".ci/run").read_text().splitlines() if line and not line.startswith("#")]
    assert lines[-2:] == ["make test", "exec make live-bluesky MAY_SKIP=1"]


def test_there_is_a_chromium() -> None:
    said = subprocess.run([chromium.find(), "--version"], capture_output=True, text=True, check=True).stdout
    assert "Chrom" in said


def test_large_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "small").write_bytes(b"1")
    (tmp_path / "large").write_bytes(b"1" * 700_000)
    assert too_large([tmp_path / "small", tmp_path / "large", tmp_path]) == [tmp_path / "large"]
