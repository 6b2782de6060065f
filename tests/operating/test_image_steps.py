"""The steps of the Dockerfile, taken in a folder: what would be in the image starts without the checkout and is whole."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.operating.programs import folder as programs
from tests.operating.test_containers import arguments, in_context, tracked
from tests.running import ROOT

pytestmark = pytest.mark.faults


def run(*command: str, cwd: Path, **env: str) -> str:
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("MENTIONDESK_", "PYTHON"))}
    done = subprocess.run(
        command, cwd=cwd, env={**plain, **env}, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel in it, built from what the build would see, and the packages it depends on."""
    context, image = tmp_path_factory.mktemp("context"), tmp_path_factory.mktemp("image")
    for path in filter(in_context, tracked()):
        (context / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, context / path)
    (context / "frontend/node_modules").symlink_to(ROOT / "frontend/node_modules")  # what npm ci would bring
    steps = [re.sub(r"--mount=\S+ ", "", rest) for rest in arguments("RUN")]
    assert [step for step in steps if step == "npm run build"]
    run("npm", "run", "build", cwd=context / "frontend")
    (wheel,) = [step for step in steps if step.startswith("pip wheel")]
    run(sys.executable, "-m", *wheel.replace("/wheels", str(image / "wheels")).split(), cwd=context)
    run(sys.executable, "-m", "venv", str(image / "venv"), cwd=image)
    (built,) = (image / "wheels").glob("*.whl")
    python = str(image / "venv/bin/python")
    run(python, "-m", "pip", "install", "--no-cache-dir", "--no-deps", "--no-index", str(built), cwd=image)
    # the pinned packages are those of this environment; a path in a .pth brings no other .pth along, so no checkout
    inside = sysconfig.get_path("purelib", vars={"base": str(image / "venv"), "platbase": str(image / "venv")})
    (Path(inside) / "packages.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return image


@pytest.fixture
def ground(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    if (tmp_path / "data/postgres").is_symlink():
        shutil.rmtree((tmp_path / "data/postgres").resolve())


def test_it_migrates_and_serves_the_console(image: Path, ground: Path) -> None:
    data = {"MENTIONDESK_DATA_DIR": str(ground / "data"), "MENTIONDESK_PORT": "0", "MENTIONDESK_LOG_JSON": "true"}
    where = run(str(image / "venv/bin/python"), "-c", "import app, migrations; print(app.__file__)", cwd=ground)
    assert where.startswith(str(image))
    assert "up to date" in run(str(image / "venv/bin/mentiondesk"), "migrate", cwd=ground, **data)
    process = subprocess.Popen(
        [str(image / "venv/bin/mentiondesk"), "serve"],
        cwd=ground,
        env={"PATH": f"{programs()}:/usr/bin:/bin", **data},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr
        for line in process.stderr:
            if found := re.search(r"Ready: (http://[^\s\"]+)", line):
                break
        else:
            pytest.fail("it never was ready")
        assert httpx2.get(f"{found.group(1)}/readyz", trust_env=False).text == "ready\n"
        page = httpx2.get(f"{found.group(1)}/", trust_env=False)
        assert "<div id=" in page.text
        (script,) = re.findall(r'src="(/assets/[^"]+\.js)"', page.text)
        assert httpx2.get(f"{found.group(1)}{script}", trust_env=False).status_code == 200
    finally:
        process.terminate()
        assert process.wait(30) == 0
        if process.stderr:
            process.stderr.close()
