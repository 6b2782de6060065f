"""The audit asks the indexes that pip and npm are set to, names what is known, and is loud when nobody answers."""

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tools import audit, check
from tools.audit import Flaw, Index, Unasked

Answer = tuple[int, Any]


@contextmanager
def an_index(answer: Callable[[str, str, bytes], Answer]) -> Iterator[tuple[str, list[str]]]:
    """A package index on loopback; its address, and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            asked.append(f"{self.command} {self.path} {self.headers.get('authorization', '')}".strip())
            status, said = answer(self.command, self.path, body)
            raw = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        do_GET = do_POST = _serve  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}", asked
        finally:
            server.shutdown()
            thread.join()


HOLE = {"id": "PYSEC-2030-1", "aliases": ["CVE-2030-1"], "fixed_in": ["2.1"], "summary": "It\n falls over."}


def releases(_method: str, path: str, _body: bytes) -> Answer:
    known = {"/pypi/holed/2.0/json": [HOLE, {**HOLE, "id": "x", "withdrawn": "2030-01-01"}], "/pypi/good/1.0/json": []}
    withdrawn = {"yanked": True, "yanked_reason": "broken"} if "pulled" in path else {}
    return 200, {"info": withdrawn, "vulnerabilities": known.get(path, [])}


@pytest.fixture(autouse=True)
def _kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "KEPT", tmp_path / "run" / "audit.json")


def test_what_is_known_of_a_release_is_named_with_its_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    with an_index(releases) as (host, asked):
        monkeypatch.setenv("PIP_INDEX_URL", f"http://me:p%40ss@{host}/simple/")
        found = audit.ask_python([("good", "1.0"), ("holed", "2.0"), ("pulled", "3.0")], Index())
    assert found == [
        Flaw("holed", "2.0", "PYSEC-2030-1", ("CVE-2030-1",), "2.1", "It falls over."),
        Flaw("pulled", "3.0", "withdrawn-pulled-3.0", (), "another version", "broken"),
    ]
    assert {line.rpartition(" ")[2] for line in asked} == {"bWU6cEBzcw=="}
    lines, good = audit.judge("Python", found, {})
    assert not good
    assert lines[0] == "! Python: holed 2.0: PYSEC-2030-1, CVE-2030-1; fixed in: 2.1. It falls over."


@pytest.mark.parametrize("answer", [(404, {}), (200, {"info": {}}), (200, b"<html>"), (200, [1]), (500, b"")])
def test_an_index_without_a_list_is_asked_once(monkeypatch: pytest.MonkeyPatch, answer: Answer) -> None:
    with an_index(lambda *_: answer) as (host, asked):
        monkeypatch.setenv("PIP_INDEX_URL", f"http://{host}/simple")
        with pytest.raises(Unasked):
            audit.ask_python([("a", "1"), ("b", "1"), ("c", "1")], Index())
    assert len(asked) == 1


def test_one_package_without_an_answer_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def index(method: str, path: str, body: bytes) -> Answer:
        return (404, {}) if "ours" in path else releases(method, path, body)

    with an_index(index) as (host, _):
        monkeypatch.setenv("PIP_INDEX_URL", f"http://{host}/simple")
        with pytest.raises(Unasked, match="ours") as partly:
            audit.ask_python([("good", "1.0"), ("ours", "1"), ("holed", "2.0")], Index())
    assert [flaw.package for flaw in partly.value.found] == ["holed"]


def test_nobody_there_is_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:1/simple")
    with pytest.raises(Unasked):
        Index().flaws("a", "1")


def test_npm_is_asked_by_its_own_client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = {
        "name": "x",
        "version": "1.0.0",
        "lockfileVersion": 3,
        "packages": {"": {"dependencies": {"holed": "2.0.0"}}, "node_modules/holed": {"version": "2.0.0"}},
    }
    (tmp_path / "package.json").write_text(json.dumps({"name": "x", "dependencies": {"holed": "2.0.0"}}))
    (tmp_path / "package-lock.json").write_text(json.dumps(lock))
    hole = {
        "id": 7,
        "url": "https://advisories.example/GHSA-xxxx",
        "title": "Falls over",
        "severity": "high",
        "vulnerable_versions": "<2.1.0",
    }

    def registry(method: str, path: str, body: bytes) -> Answer:
        if method == "POST":
            return 200, {"holed": [hole]}
        return 200, {"name": "holed", "versions": {v: {"name": "holed", "version": v} for v in ("2.0.0", "2.1.0")}}

    with an_index(registry) as (host, _):
        monkeypatch.setenv("npm_config_registry", f"http://{host}/")
        monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
        (flaw,) = audit.ask_npm(tmp_path)
    assert (flaw.package, flaw.version, flaw.id) == ("holed", "2.0.0", "GHSA-xxxx")
    assert (flaw.says, flaw.fix) == ("high: Falls over", "holed 2.1.0")
    with an_index(lambda *_: (405, {})) as (host, _):
        monkeypatch.setenv("npm_config_registry", f"http://{host}/")
        with pytest.raises(Unasked):
            audit.ask_npm(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unasked):
        audit.ask_npm(tmp_path)
    assert shutil.which("npm") is None


def test_what_may_stay_has_a_reason_and_an_end(tmp_path: Path) -> None:
    listed = tmp_path / "allowed.json"
    entry = {"id": "CVE-2030-1", "package": "holed", "reason": "not reached from outside", "until": "2030-06-01"}
    flaw = Flaw("holed", "2.0", "PYSEC-2030-1", ("CVE-2030-1",), "2.1", "")
    listed.write_text(json.dumps([entry]))
    lines, good = audit.judge("Python", [flaw], audit.allowed(listed, "2030-06-01"))
    assert good
    assert "not reached from outside" in lines[0]
    assert audit.judge("Python", [flaw], audit.allowed(listed, "2030-06-02"))[1] is False
    for wrong in ({"reason": " "}, {"until": "some day"}):
        listed.write_text(json.dumps([entry | wrong]))
        with pytest.raises(ValueError, match="needs a reason"):
            audit.allowed(listed, "2030-01-01")
    assert audit.allowed(audit.ALLOWED, "2030-01-01") is not None


def test_an_answer_is_kept_for_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    flaw = Flaw("holed", "2.0", "x", ("y",), "2.1", "z")
    audit.keep("a", [flaw])
    audit.keep("b", [])
    assert (audit.kept("a"), audit.kept("b"), audit.kept("c")) == ([flaw], [], None)
    later = audit.time.time() + 86_500
    monkeypatch.setattr(audit.time, "time", lambda: later)
    assert audit.kept("a") is None


def test_what_could_not_be_asked_stands_in_the_summary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in ("PIP_INDEX_URL", "npm_config_registry"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/simple")
    assert audit.work() == 0
    said = capfd.readouterr().out
    assert said.count("COULD NOT BE AUDITED") == 3
    outcome = check.Outcome(check.Section("Dependencies: audit", (), warns=True), good=True, seconds=1, said=said)
    assert check.conclude([outcome]) == 0
    assert capfd.readouterr().out.count("! ") == 3


def test_the_audit_is_a_section_of_the_checks() -> None:
    assert [section.warns for section in check.lint() if "tools.audit" in section.command] == [True]


def test_every_pin_of_a_lock_is_found(here: Path) -> None:
    found = audit.pinned([here / "requirements.lock", here / "requirements-dev.lock"])
    assert {"sqlalchemy", "cryptography", "pytest"} <= {name for name, _ in found}
    assert all(version[0].isdigit() for _, version in found)
