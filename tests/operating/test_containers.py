"""The image and the compose file hold to rules that need no engine to be looked at, and name only what there is."""

import json
import re
import subprocess
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from app.cli import app as cli
from app.core.settings import Settings
from tests.running import ROOT

Instruction = tuple[str, str]
_SECRETS = (".env", "secret.key", "id_rsa", "server.pem", ".data/secret.key", ".git/config", ".venv/bin/python")


def instructions() -> list[Instruction]:
    """The Dockerfile's instructions, each with its continued lines joined."""
    lines = [line for line in (ROOT / "Dockerfile").read_text().splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in joined.splitlines() if line)]


def arguments(word: str) -> list[str]:
    return [rest for known, rest in instructions() if known == word]


def last_stage() -> list[Instruction]:
    found = instructions()
    return found[max(n for n, (word, _) in enumerate(found) if word == "FROM") :]


def services() -> dict[str, dict[str, Any]]:
    described: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "compose.yml").read_text())["services"]
    return described


def test_images_are_named_with_a_major_version() -> None:
    stages = {rest.partition(" AS ")[2] for rest in arguments("FROM")}
    images = [rest.partition(" AS ")[0] for rest in arguments("FROM") if rest not in stages]
    images += [s["image"] for s in services().values() if "build" not in s]
    assert len(images) == 4
    assert [image for image in images if not re.fullmatch(r"[a-z]+:\d+(\.\d+)?(-slim)?", image)] == []


def test_python_of_the_image_is_one_that_we_support() -> None:
    version = re.search(r"python:(\d\.\d+)", (ROOT / "Dockerfile").read_text())
    assert version
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert tuple(map(int, version.group(1).split("."))) >= tuple(map(int, wanted.removeprefix(">=").split(".")))


def test_nothing_is_fetched_from_an_address_and_nothing_runs_as_root() -> None:
    assert arguments("ADD") == []
    assert not re.search(r"https?://(?!127\.0\.0\.1)|curl|wget", (ROOT / "Dockerfile").read_text())
    accounts = [rest for word, rest in last_stage() if word == "USER"]
    assert accounts
    assert accounts[-1] not in {"root", "0"}
    after = [word for word, _ in last_stage()]
    assert "RUN" not in after[after.index("USER") :], "what is installed belongs to root"
    assert not [rest for rest in arguments("RUN") if "sudo" in rest]


def test_layers_leave_nothing_behind() -> None:
    for rest in arguments("RUN"):
        for installing in re.findall(r"apt-get install[^&]*", rest):
            assert "--no-install-recommends" in installing
            assert "rm -rf /var/lib/apt/lists" in rest
        for installing in re.findall(r"pip (?:install|wheel)[^&]*", rest):
            assert "--no-cache-dir" in installing
        assert "npm install" not in rest, "npm ci keeps to the lock file"
    assert [rest for rest in arguments("RUN") if "--require-hashes" in rest], (
        "dependencies are pinned with their hashes"
    )


@pytest.mark.parametrize("word", ["ENTRYPOINT", "CMD"])
def test_programs_are_started_without_a_shell(word: str) -> None:
    given = [rest for known, rest in last_stage() if known == word]
    assert given
    assert all(isinstance(json.loads(rest), list) for rest in given)


def test_the_image_stops_by_the_signal_that_the_product_knows_and_says_how_it_is() -> None:
    assert arguments("STOPSIGNAL") == ["SIGTERM"]
    (check,) = arguments("HEALTHCHECK")
    ports = {port for rest in arguments("EXPOSE") for port in rest.split()}
    asked = re.search(r"http://127\.0\.0\.1:(\d+)/readyz", check)
    assert asked
    assert ports == {asked.group(1)}
    settings = dict(re.findall(r"MENTIONDESK_(\w+)=(\S+)", " ".join(arguments("ENV"))))
    assert {settings["PORT"], settings["METRICS_PORT"]} == ports, "a worker answers there too"
    command = json.loads(check.partition("CMD ")[2])
    assert command[0] == "python"
    compile(command[2], "healthcheck", "exec")


def variables() -> set[str]:
    return {f"MENTIONDESK_{name.upper()}" for name in Settings.model_fields}


def commands() -> set[str]:
    return set(typer.main.get_command(cli).commands)  # type: ignore[attr-defined]


def test_every_variable_and_command_is_one_of_ours() -> None:
    named = set(
        re.findall(r"MENTIONDESK_[A-Z_]+", (ROOT / "Dockerfile").read_text() + (ROOT / "compose.yml").read_text())
    )
    assert named - variables() == set()
    started = {s["command"] for s in services().values() if "build" in s}
    (usual,) = [json.loads(rest) for word, rest in last_stage() if word == "CMD"]
    assert {*started, *usual} <= commands()
    assert started == {"migrate", "web", "worker"}


def test_readme_lists_every_variable_and_command() -> None:
    readme = (ROOT / "README.md").read_text()
    assert variables() - set(re.findall(r"^\| `(MENTIONDESK_[A-Z_]+)`", readme, flags=re.MULTILINE)) == set()
    assert set(re.findall(r"MENTIONDESK_[A-Z_]+", readme)) - variables() == set()
    assert {name for name in commands() if not re.search(rf"^\| `{name}\b", readme, flags=re.MULTILINE)} == set()


def test_services_wait_for_what_they_need() -> None:
    all_of_them = services()
    volumes = yaml.safe_load((ROOT / "compose.yml").read_text())["volumes"]
    for name, one in all_of_them.items():
        for other, how in one.get("depends_on", {}).items():
            assert other in all_of_them, name
            if how["condition"] == "service_healthy":
                assert all_of_them[other]["healthcheck"]["test"]
            else:
                assert (how["condition"], all_of_them[other]["restart"]) == ("service_completed_successfully", "no")
        assert {v.partition(":")[0] for v in one.get("volumes", ())} <= set(volumes)
        assert not one.get("privileged")
        assert all(port.startswith("127.0.0.1:") for port in one.get("ports", ())), "a proxy with TLS stands in front"
    assert all_of_them["worker"]["depends_on"].keys() == {"migrate"} == all_of_them["web"]["depends_on"].keys()


def test_no_secret_is_written_down() -> None:
    for one in services().values():
        for name, value in one.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|TOKEN", name):
                assert str(value).startswith("${"), name
    assert "MENTIONDESK_SECRET_KEY:?" in (ROOT / "compose.yml").read_text(), "without a key nothing starts"


def in_context(path: str) -> bool:
    """Whether .dockerignore lets a path into the build: the last rule that fits it or a folder of it decides."""
    parts = [str(Path(path))] + [str(each) for each in Path(path).parents if str(each) != "."]
    taken = True
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        rule = line.removeprefix("!")
        names = [rule, rule.removeprefix("**/")]
        if any(
            fnmatch(part, name) or (rule.startswith("**/") and Path(part).name == names[1])
            for part in parts
            for name in names
        ):
            taken = line.startswith("!")
    return taken


def tracked() -> list[str]:
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_the_build_sees_what_it_copies_and_no_secret() -> None:
    assert [path for path in _SECRETS if in_context(path)] == []
    assert [
        path for path in ("frontend/node_modules/x", "app/console/index.html", "tests/x.py") if in_context(path)
    ] == []
    seen = [path for path in tracked() if in_context(path)]
    for rest in arguments("COPY"):
        if not rest.startswith("--from"):
            for source in rest.split()[:-1]:
                assert any(path == source or path.startswith(source) for path in seen), source
    for source in re.findall(r"source=([\w./-]+)", " ".join(arguments("RUN"))):
        assert source.startswith("/") or source in seen
