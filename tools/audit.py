"""Asks the package indexes whether a pinned dependency has a known vulnerability: a section of `make check` and `make test`."""

import base64
import hashlib
import json
import re
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from tools.chromium import PACKAGE as BROWSER
from tools.setup import FRONTEND, LOCKS, PYTHON
from tools.steps import ROOT, RUN, environment, main

ALLOWED = ROOT / "tools" / "audit_allowed.json"
"""What was looked at and may stay for a while: a list of {"id", "package", "reason", "until": "2027-01-31"}."""

KEPT = RUN / "audit.json"
_DAY = 86_400
_TIMEOUT = 10
_AT_ONCE = 8
_ASK_PIP = """
from pip._internal.commands import create_command
options, _ = create_command("install").parse_args([])
print(options.index_url or "")
print(options.cert or "")
"""
"""pip's own word for which index it uses, from its files and variables; so no address stands in a file of ours."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """A known vulnerability of a pinned package, or that the package was withdrawn."""

    package: str
    version: str
    id: str
    names: tuple[str, ...]  # what else it is called: CVE-…, GHSA-…
    fix: str  # the version that has it no more, or what to do
    says: str


class Unasked(Exception):
    """Nobody can be asked, or not about everything; one sentence why, and what was found nevertheless."""

    def __init__(self, sentence: str, found: Iterable[Flaw] = ()) -> None:
        super().__init__(sentence)
        self.found = list(found)


def pinned(locks: Iterable[Path]) -> list[tuple[str, str]]:
    """Every package and version of the lock files."""
    found = {pair for lock in locks for pair in re.findall(r"^([\w.-]+)==([^\s;]+)", lock.read_text(), re.MULTILINE)}
    return sorted(found)


class Index:
    """The Python package index that pip is set to."""

    def __init__(self, python: Path = PYTHON) -> None:
        """Ask pip for it. Raises Unasked."""
        done = subprocess.run([python, "-c", _ASK_PIP], capture_output=True, text=True, check=False, env=environment())
        address, _, cert = done.stdout.partition("\n")
        parts = urlsplit(address.strip())
        if done.returncode or parts.scheme not in {"http", "https"}:
            raise Unasked("pip is set to no index")
        self._headers = {"Accept": "application/json"}
        host = parts.netloc.rpartition("@")[2]
        if parts.username is not None:
            key = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
            self._headers["Authorization"] = f"Basic {base64.b64encode(key).decode()}"
        root = re.sub(r"/(\+simple|simple)/?$", "", parts.path)
        self._base = urlunsplit((parts.scheme, host, f"{root.rstrip('/')}/pypi", "", ""))
        self._trust = ssl.create_default_context(cafile=cert.strip() or None)

    def flaws(self, package: str, version: str) -> list[Flaw]:
        """What is known of one release. Raises Unasked."""
        asked = urllib.request.Request(f"{self._base}/{package}/{version}/json", headers=self._headers)  # noqa: S310
        try:
            with urllib.request.urlopen(asked, timeout=_TIMEOUT, context=self._trust) as answer:  # noqa: S310
                said = json.load(answer)
            return _of_release(package, version, said["vulnerabilities"], said.get("info") or {})
        except urllib.error.HTTPError as problem:
            raise Unasked(f"the index that pip is set to answers {problem.code} for a release it has") from problem
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
            raise Unasked(f"the index that pip is set to keeps no list of vulnerabilities ({problem})") from problem


def _of_release(package: str, version: str, listed: list[dict[str, Any]], info: dict[str, Any]) -> list[Flaw]:
    found = [
        Flaw(
            package,
            version,
            str(one["id"]),
            tuple(map(str, one.get("aliases") or ())),
            ", ".join(map(str, one.get("fixed_in") or ())) or "no fixed version yet",
            _one_line(one.get("summary") or one.get("details") or ""),
        )
        for one in listed
        if not one.get("withdrawn")
    ]
    if info.get("yanked"):
        why = _one_line(info.get("yanked_reason") or "no reason given")
        found.append(Flaw(package, version, f"withdrawn-{package}-{version}", (), "another version", why))
    return found


def ask_python(packages: list[tuple[str, str]], index: Index) -> list[Flaw]:
    """What is known of all of these. Raises Unasked; an index that keeps no list is found out by the first one."""
    found, silent = index.flaws(*packages[0]), []

    def one(pair: tuple[str, str]) -> list[Flaw] | str:
        try:
            return index.flaws(*pair)
        except Unasked:
            return pair[0]

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for answer in pool.map(one, packages[1:]):
            if isinstance(answer, str):
                silent.append(answer)
            else:
                found += answer
    if silent:
        raise Unasked(f"the index that pip is set to says nothing about {', '.join(silent)}", found)
    return found


def ask_npm(folder: Path) -> list[Flaw]:
    """What npm's own audit says of a folder's lock file. Raises Unasked."""
    command = [
        "npm",
        "audit",
        "--json",
        "--package-lock-only",
        f"--fetch-timeout={_TIMEOUT * 1000}",
        "--fetch-retries=0",
    ]
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment(), capture_output=True, text=True, check=False, timeout=4 * _TIMEOUT
        )
        said = json.loads(done.stdout)
    except (OSError, subprocess.TimeoutExpired, ValueError) as problem:
        raise Unasked(f"npm does not answer ({type(problem).__name__})") from problem
    if "vulnerabilities" not in said:
        raise Unasked(f"npm's registry does not answer: {_one_line(said.get('message') or said.get('error') or '?')}")
    lock = json.loads((folder / "package-lock.json").read_text())["packages"]
    return [flaw for name, one in said["vulnerabilities"].items() for flaw in _of_npm(name, one, lock)]


def _of_npm(name: str, one: dict[str, Any], lock: dict[str, Any]) -> Iterable[Flaw]:
    fix = one.get("fixAvailable")
    how = f"{fix['name']} {fix['version']}" if isinstance(fix, dict) else "npm audit fix" if fix else "no fix yet"
    version = ", ".join(sorted({lock[node]["version"] for node in one.get("nodes", ()) if node in lock}))
    for via in one["via"]:
        if isinstance(via, dict):  # a text only names another package that has the flaw
            number = str(via.get("url", via.get("source", "?"))).rpartition("/")[2]
            yield Flaw(name, version, number, (), how, f"{via.get('severity', '')}: {_one_line(via.get('title', ''))}")


def _one_line(text: object) -> str:
    return " ".join(str(text).split())[:200]


def allowed(file: Path, today: str) -> dict[tuple[str, str], str]:
    """What may stay, by package and number; an entry that is over counts no more, one without a reason is an error."""
    found = {}
    for entry in json.loads(file.read_text()):
        if not entry["reason"].strip() or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", entry["until"]):
            raise ValueError(f"{file.name}: {entry['id']} needs a reason and a day until which it may stay")
        if entry["until"] >= today:
            found[entry["package"], entry["id"]] = entry["reason"]
    return found


def judge(title: str, flaws: list[Flaw], may_stay: dict[tuple[str, str], str]) -> tuple[list[str], bool]:
    """Lines to print of one list, and whether it is good."""
    lines, good = [], True
    for flaw in flaws:
        reason = next(
            (may_stay[flaw.package, n] for n in (flaw.id, *flaw.names) if (flaw.package, n) in may_stay), None
        )
        known = ", ".join((flaw.id, *flaw.names))
        head = f"{title}: {flaw.package} {flaw.version}: {known}"
        if reason is None:
            good = False
            lines.append(f"! {head}; fixed in: {flaw.fix}. {flaw.says}")
        else:
            lines.append(f"  {head}; stays for now: {reason}")
    return lines or [f"  {title}: nothing known"], good


def kept(key: str) -> list[Flaw] | None:
    """Today's answer to the same question, if it was asked already."""
    try:
        answers = json.loads(KEPT.read_text())
        answer = answers[key]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not 0 <= time.time() - answer["at"] < _DAY:
        return None
    return [Flaw(**{**one, "names": tuple(one["names"])}) for one in answer["flaws"]]


def keep(key: str, flaws: list[Flaw]) -> None:
    """Write an answer down for a day, and forget those that are older."""
    try:
        answers = {k: v for k, v in json.loads(KEPT.read_text()).items() if time.time() - v["at"] < _DAY}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        answers = {}
    KEPT.parent.mkdir(exist_ok=True)
    fresh = KEPT.with_suffix(".new")
    fresh.write_text(json.dumps(answers | {key: {"at": time.time(), "flaws": [asdict(one) for one in flaws]}}))
    fresh.rename(KEPT)


def _ask(kind: str, source: Path) -> list[Flaw]:
    lock = source if source.is_file() else source / "package-lock.json"
    key = f"{kind} {hashlib.sha256(lock.read_bytes()).hexdigest()}"
    found = kept(key)
    if found is None:
        found = ask_python(pinned([lock]), Index()) if kind == "python" else ask_npm(source)
        keep(key, found)
    return found


def work() -> int:
    """Ask for every lock file; fail on what is known and not allowed, and say loudly what could not be asked."""
    may_stay = allowed(ALLOWED, time.strftime("%Y-%m-%d", time.gmtime()))
    sources = [
        ("Python packages", "python", ROOT / LOCKS[True]),  # the product's are among them
        ("The console's packages", "npm", FRONTEND),
        ("The tests' browser", "npm", BROWSER),
    ]
    good = True
    for title, kind, source in sources:
        try:
            lines, fine = judge(title, _ask(kind, source), may_stay)
        except Unasked as why:
            lines, fine = judge(title, why.found, may_stay) if why.found else ([], True)
            lines.append(f"! {title} COULD NOT BE AUDITED: {why}")
        good = good and fine
        sys.stdout.write("\n".join(lines) + "\n")
    return int(not good)


if __name__ == "__main__":
    main(work)
