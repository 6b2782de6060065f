"""Brings a checkout to where it can run: virtual environment, packages, console; only what is not current is done."""

import contextlib
import fcntl
import hashlib
import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.steps import ROOT, RUN, SetupFailed, Steps, environment, run_logged

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
FRONTEND = ROOT / "frontend"
CONSOLE = ROOT / "app" / "console"
LOCKS = {False: "requirements.lock", True: "requirements-dev.lock"}
OLDEST_NODE = (20, 19)

STEPS = 4


def prepare(steps: Steps, *, dev: bool, console: bool = True, node: bool = False) -> None:
    """Do the first STEPS steps of every target; `dev` adds the tools, `node` wants the frontend's packages anyway."""
    with only_one():
        with steps.step("Python environment"):
            ensure_venv(steps)
        with steps.step("Python packages"):
            ensure_packages(steps, dev=dev)
        stale = console and console_is_stale()
        with steps.step("Console packages"):
            if stale or node:
                ensure_node_packages(steps, FRONTEND)
            else:
                steps.current("not needed")
        with steps.step("Console"):
            if stale:
                build_console(steps)
            else:
                steps.current("up to date" if console else "not needed")


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Two targets started at once set up one after the other."""
    try:
        RUN.mkdir(exist_ok=True)
        handle = (RUN / "setup.lock").open("ab")
    except OSError as error:
        raise SetupFailed(
            f"The folder {ROOT} cannot be written ({error.strerror}): make it writable for you, or clone it elsewhere."
        ) from error
    with handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def ensure_venv(steps: Steps) -> None:
    """Make .venv with the running Python, and the `mentiondesk` command in it."""
    if not PYTHON.exists() or not list(VENV.glob("lib/python3.*/site-packages")):
        if Path(sys.prefix) == VENV:
            raise SetupFailed("The folder .venv is incomplete: delete it and run again.")
        _make_venv(steps)
    elif _stamps().get("ourselves") == _ourselves():
        steps.current(f"Python {_venv_version()}, up to date")
        return
    _install_ourselves()
    _stamp(ourselves=_ourselves())
    steps.current(f"Python {_venv_version()}")


def ensure_packages(steps: Steps, *, dev: bool) -> None:
    """Install the lock file when it changed since the last time."""
    lock = ROOT / LOCKS[dev]
    wanted = fingerprint([lock])
    if _stamps().get(lock.name) == wanted:
        steps.current()
        return
    total = len(re.findall(r"^\S+==", lock.read_text(), flags=re.MULTILINE))
    seen = 0

    def far(line: str) -> str | None:
        nonlocal seen
        seen += line.startswith(("Collecting ", "Requirement already satisfied"))
        return "installing" if line.startswith("Installing collected") else f"{min(seen, total)} of {total}"

    command: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--require-hashes",
        "--no-deps",
        "--no-input",
        "-r",
        lock,
    ]
    run_logged(command, "pip", f"The Python packages of {lock.name} could not be installed", steps, far)
    # The lock with the tools holds the same versions of everything else.
    _stamp(**{name: fingerprint([ROOT / name]) for name in (LOCKS.values() if dev else [lock.name])})


def ensure_node_packages(steps: Steps | None, folder: Path) -> None:
    """`npm ci` when the folder's package-lock.json changed since the last time."""
    stamp = folder / "node_modules" / ".mentiondesk-stamp"
    wanted = fingerprint([folder / "package-lock.json"])
    if stamp.exists() and stamp.read_text() == wanted:
        if steps:
            steps.current()
        return
    check_node()
    command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline"]
    where = folder.relative_to(ROOT)
    run_logged(command, "npm", f"The npm packages of {where}/ could not be installed", steps, cwd=folder)
    stamp.write_text(wanted)


def console_is_stale() -> bool:
    """Whether the built console is missing or older than its sources."""
    stamp = RUN / "console.stamp"
    built = (CONSOLE / "index.html").exists()
    return not built or not stamp.exists() or stamp.read_text() != _console_fingerprint()


def build_console(steps: Steps) -> None:
    """Build the console into app/console, from where the app serves it."""
    wanted = _console_fingerprint()
    run_logged(["npm", "run", "build"], "console", "The console could not be built", steps, cwd=FRONTEND)
    (RUN / "console.stamp").write_text(wanted)


def check_node() -> None:
    """Say in one sentence when Node or npm is missing or too old."""
    oldest = ".".join(str(part) for part in OLDEST_NODE)
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        raise SetupFailed(f"Node and npm were not found: install Node {oldest} or newer and run again.")
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    found = tuple(int(part) for part in re.findall(r"\d+", said)[:2])
    if found < OLDEST_NODE:
        raise SetupFailed(f"Node {said.lstrip('v') or 'of unknown version'} is too old: install {oldest} or newer.")


def fingerprint(paths: Iterable[Path]) -> str:
    """A hash over names and contents."""
    seen = hashlib.sha256()
    for path in sorted(paths):
        seen.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return seen.hexdigest()


def _console_fingerprint() -> str:
    sources = [path for path in FRONTEND.glob("*.*") if path.is_file() and path.name != "openapi.json"]
    for folder in ("src", "public"):
        sources += [p for p in (FRONTEND / folder).rglob("*") if p.is_file() and ".test." not in p.name]
    return fingerprint(sources)


def _make_venv(steps: Steps) -> None:
    steps.far("creating")
    if VENV.exists():
        shutil.rmtree(VENV)
    failed = "The virtual environment .venv could not be created"
    try:
        run_logged([sys.executable, "-m", "venv", VENV], "venv", failed, steps)
    except SetupFailed:
        shutil.rmtree(VENV, ignore_errors=True)
        try:  # a Python without ensurepip may still have a pip that installs into other environments
            run_logged([sys.executable, "-m", "venv", "--without-pip", VENV], "venv", failed, steps)
            command: list[str | Path] = [sys.executable, "-m", "pip", "--python", PYTHON, "install", "pip"]
            run_logged(command, "venv", failed, steps)
        except SetupFailed as error:
            shutil.rmtree(VENV, ignore_errors=True)
            raise SetupFailed(
                f"{sys.executable} comes without a working venv module: install it "
                f"(Debian, Ubuntu: apt install python3-venv) and run again.\n{error}"
            ) from error


def _install_ourselves() -> None:
    """Make the checkout importable and put `mentiondesk` on the environment's path, as an editable install would.

    Done by hand because a build backend would have to be fetched first, without the hashes of the lock.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    name, number = project["name"], project["version"]
    site = next(VENV.glob("lib/python3.*/site-packages"))
    (site / f"{name}.pth").write_text(f"{ROOT}\n")
    for old in site.glob(f"{name}-*.dist-info"):
        shutil.rmtree(old)
    about = site / f"{name}-{number}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {number}\n")
    (about / "INSTALLER").write_text("tools/setup.py\n")
    (about / "RECORD").write_text("")
    for script, target in project["scripts"].items():
        module, _, function = target.partition(":")
        path = VENV / "bin" / script
        # Through sh, because a path in the first line may have no spaces and not be long.
        path.write_text(
            f"#!/bin/sh\n'''exec' {shlex.quote(str(PYTHON))} \"$0\" \"$@\"\n' '''\n"
            f"import sys\nfrom {module} import {function}\nsys.exit({function}())\n"
        )
        path.chmod(0o755)


def _ourselves() -> str:
    """What the installation of the checkout itself depends on."""
    return f"{ROOT} {fingerprint([ROOT / 'pyproject.toml'])}"


def _venv_version() -> str:
    config = (VENV / "pyvenv.cfg").read_text() if (VENV / "pyvenv.cfg").exists() else ""
    found = re.search(r"^version(?:_info)?\s*=\s*(\d+\.\d+\.\d+)", config, flags=re.MULTILINE)
    return found.group(1) if found else ""


def _stamps() -> dict[str, str]:
    try:
        return dict(json.loads((VENV / "mentiondesk.json").read_text()))
    except (FileNotFoundError, ValueError):
        return {}


def _stamp(**values: str) -> None:
    (VENV / "mentiondesk.json").write_text(json.dumps(_stamps() | values, indent=1))


def clean_environment(**more: str) -> dict[str, str]:
    """The environment in which the installed product and its tests run."""
    return environment(PATH=f"{VENV / 'bin'}:{environment().get('PATH', '')}", VIRTUAL_ENV=str(VENV), **more)
