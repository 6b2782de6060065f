"""Set-up does what is needed, only that, and says in a sentence what it cannot do."""

import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import setup, steps
from tools.npm_lock import complete

ROOT = Path(__file__).parent.parent.parent


def program(folder: Path, name: str, code: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{code}\n")
    (folder / name).chmod(0o755)


def test_steps_say_how_far_they_are() -> None:
    out = io.StringIO()
    counted = steps.Steps(2, out)
    with counted.step("Packages"):
        counted.far("1 of 2")
    with counted.step("Console"):
        counted.current()
    assert out.getvalue() == "[1/2] Packages … 0 s\n[2/2] Console … up to date\n"


def test_a_failed_program_shows_its_last_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "RUN", steps.ROOT / ".run")
    code = "for n in range(40): print('line', n)\nraise SystemExit(3)"
    with pytest.raises(steps.SetupFailed, match=r"(?s)It failed\. The last lines of .*line 39") as failure:
        steps.run_logged([sys.executable, "-c", code], "test", "It failed", cwd=tmp_path)
    assert "line 2\n" not in str(failure.value)


def test_a_program_that_is_not_there_is_a_sentence() -> None:
    with pytest.raises(steps.SetupFailed, match="Cannot do it: "):
        steps.run_logged(["/no/such/program"], "test", "Cannot do it")


def test_without_a_home_there_are_still_caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "")
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setattr(steps, "RUN", tmp_path)
    found = steps.environment(MORE="1")
    assert Path(found["HOME"]).is_dir()
    assert "PYTHONPATH" not in found
    assert found["MORE"] == "1"


@pytest.mark.parametrize(
    ("node", "sentence"),
    [(None, "were not found"), ("v18.20.1", "Node 18.20.1 is too old"), ("nonsense", "too old")],
)
def test_node_missing_or_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, node: str | None, sentence: str) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    if node:
        program(tmp_path, "node", f"echo {node}")
        program(tmp_path, "npm", "")
    with pytest.raises(steps.SetupFailed, match=sentence):
        setup.check_node()


@pytest.mark.parametrize("node", ["v20.19.0", "v22.1.0", "v30.0.0-pre"])
def test_node_new_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, node: str) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    program(tmp_path, "node", f"echo {node}")
    program(tmp_path, "npm", "")
    setup.check_node()


def test_the_command_works_from_an_odd_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    venv = tmp_path / ("deep " * 30) / "it's here" / ".venv"
    monkeypatch.setattr(setup, "VENV", venv)
    monkeypatch.setattr(setup, "PYTHON", venv / "bin" / "python")
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "mentiondesk"\nversion = "9.8"\n[project.scripts]\nmentiondesk = "app.cli:app"\n'
    )
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").touch()
    (tmp_path / "app" / "cli.py").write_text(
        "import sys\nfrom importlib.metadata import version\n"
        "def app():\n    print(version('mentiondesk'), sys.argv[1:])\n    return 5\n"
    )
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    out = io.StringIO()
    for expected in ("Python 3.", "up to date"):
        counted = steps.Steps(1, out)
        with counted.step("Python environment"):
            setup.ensure_venv(counted)
        assert expected in out.getvalue()
    command = [venv / "bin" / "mentiondesk", "a b", "--c"]
    done = subprocess.run(
        command, cwd="/", capture_output=True, text=True, check=False, env={"PATH": os.environ["PATH"]}
    )
    assert (done.stdout, done.returncode, done.stderr) == ("9.8 ['a b', '--c']\n", 5, "")


def test_a_changed_lock_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup, "VENV", tmp_path)
    lock = tmp_path / "requirements.lock"
    lock.write_text("a==1\n")
    (tmp_path / "mentiondesk.json").write_text(f'{{"requirements.lock": "{setup.fingerprint([lock])}"}}')
    out = io.StringIO()
    counted = steps.Steps(2, out)
    with counted.step("Packages"):
        setup.ensure_packages(counted, dev=False)
    assert "up to date" in out.getvalue()
    lock.write_text("a==2\n")
    monkeypatch.setattr(setup, "PYTHON", Path("/bin/false"))
    with pytest.raises(steps.SetupFailed, match=r"requirements\.lock could not be installed"):
        setup.ensure_packages(counted, dev=False)


def test_a_changed_source_makes_the_console_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "ROOT": tmp_path,
        "RUN": tmp_path,
        "FRONTEND": tmp_path / "frontend",
        "CONSOLE": tmp_path / "console",
    }.items():
        monkeypatch.setattr(setup, name, value)
    source = tmp_path / "frontend" / "src" / "main.tsx"
    source.parent.mkdir(parents=True)
    source.write_text("1")
    (tmp_path / "frontend" / "package.json").write_text("{}")
    (tmp_path / "console").mkdir()
    assert setup.console_is_stale()
    (tmp_path / "console" / "index.html").touch()
    (tmp_path / "console.stamp").write_text(setup._console_fingerprint())
    assert not setup.console_is_stale()
    (source.parent / "main.test.tsx").write_text("a test is not built")
    assert not setup.console_is_stale()
    source.write_text("2")
    assert setup.console_is_stale()


def test_old_pythons_get_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "tools").mkdir()
    finder = shutil.copy(ROOT / "tools" / "python", tmp_path / "tools" / "python")
    path = tmp_path / "bin"
    program(path, "python3", "exit 1")  # what a too old one answers
    env = {"PATH": f"{path}:/bin"}
    if Path("/bin/python3").exists():  # /bin may be /usr/bin
        program(path, "dirname", 'echo "${1%/*}"')
        env = {"PATH": str(path)}
    done = subprocess.run(["/bin/sh", finder, "-c", "1"], capture_output=True, text=True, check=False, env=env)
    assert done.returncode == 1
    assert "needs Python 3.11" in done.stderr
    program(path, "python3.12", 'echo "ran: $*"')
    done = subprocess.run(["/bin/sh", finder, "-m", "x y"], capture_output=True, text=True, check=False, env=env)
    assert done.stdout == "ran: -m x y\n"


def test_npm_locks_gain_the_other_platforms(tmp_path: Path) -> None:
    lock = tmp_path / "package-lock.json"
    lock.write_text(
        '{"name": "x", "packages": {"": {}, "node_modules/tool": {"version": "2.0.0", "dev": true,'
        ' "optionalDependencies": {"@tool/linux-x64-musl": "2.0.0", "@tool/linux-x64": "2.0.0", "fsevents": "~1"}},'
        ' "node_modules/@tool/linux-x64": {"version": "2.0.0"}}}'
    )
    assert complete(lock) == ["node_modules/@tool/linux-x64-musl"]
    assert '"libc": [\n        "musl"\n      ]' in lock.read_text()
    before = lock.read_text()
    assert complete(lock) == []
    assert lock.read_text() == before
