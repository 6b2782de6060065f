"""The rules of the house that no linter knows: sizes, names, docstrings, who commits, who asks first."""

import ast
import re
import statistics
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
APP = sorted((ROOT / "app").rglob("*.py"))
LONGEST, MEDIAN = 400, 150

FORBIDDEN_WORDS = {"user", "contact", "tweet", "toot", "utils", "helpers", "manager", "service", "base", "common"}
FOREIGN = ("app/networks/adapters/", "app/sandbox/")  # where other people's words are spoken
ALLOWED_NAMES = {"user_agent"}  # the HTTP header

# A domain folder's fixed files; every other file in it is named after a verb or a rule, so never one of these.
NOT_FILE_NAMES = FORBIDDEN_WORDS | {"schemas", "schema", "dto", "handlers", "controller", "repository", "misc", "types"}
ASKS_FIRST = re.compile(r"^(require(_\w+)?|may|sees|seen_brands|may_see)$")
WRITES = {"insert", "update", "delete", "insert_or", "upsert"}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def named(*, foreign: bool = True) -> list[object]:
    return [pytest.param(p, id=name(p)) for p in APP if foreign or not name(p).startswith(FOREIGN)]


def size(path: Path) -> int:
    return len(path.read_text().splitlines())


def sources() -> list[Path]:
    found = [*APP]
    for folder, endings in (("tests", "py"), ("tools", "py"), ("bench", "py"), ("frontend/src", "ts tsx css")):
        for ending in endings.split():
            found += (ROOT / folder).rglob(f"*.{ending}")
    return [p for p in found if not p.name.startswith("schema.")]  # frontend/src/shared/api/schema.ts is generated


def test_no_file_is_too_long() -> None:
    assert {name(p): size(p) for p in sources() if size(p) > LONGEST} == {}


def test_most_files_are_short() -> None:
    assert statistics.median(size(p) for p in APP if p.name != "__init__.py") < MEDIAN


@pytest.mark.parametrize("path", named())
def test_a_file_says_in_one_sentence_why_it_exists(path: Path) -> None:
    first = (ast.get_docstring(tree(path)) or "").partition("\n\n")[0]
    assert first.endswith("."), "begin the file with a docstring whose first paragraph is one sentence"
    assert not re.search(r"[.!?] [A-Z]", re.sub(r"\b(e\.g|i\.e|etc|vs|No)\.", "", first)), f"one sentence: {first!r}"


def given_names(module: ast.Module) -> Iterator[tuple[str, int]]:
    """Every name that this file itself gives to something."""
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno


def words(identifier: str) -> set[str]:
    return {w.lower() for w in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", identifier)}


@pytest.mark.parametrize("path", named(foreign=False))
def test_names_come_from_the_glossary(path: Path) -> None:
    bad = {
        f"{n} (line {line})"
        for n, line in given_names(tree(path))
        if n not in ALLOWED_NAMES and words(n) & FORBIDDEN_WORDS
    }
    assert bad == set()
    assert path.stem not in NOT_FILE_NAMES
    assert not {part for part in path.relative_to(ROOT).parts[:-1] if part in NOT_FILE_NAMES}


def calls(node: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Every call below a node, with the last part of what is called."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call):
            if isinstance(call.func, ast.Name):
                yield call.func.id, call
            elif isinstance(call.func, ast.Attribute):
                yield call.func.attr, call


def test_one_place_commits() -> None:
    """And a migration, which changes the schema, records no fact and has no reactions."""
    committing = {name(p) for p in APP for called, _ in calls(tree(p)) if called == "commit"}
    assert {p for p in committing if not p.startswith("app/sandbox/")} == {
        "app/core/transaction.py",
        "app/core/migrate.py",
    }


def verbs() -> Iterator[tuple[str, ast.AsyncFunctionDef]]:
    """Every public async function that takes a transaction and an actor."""
    for path in APP:
        for node in tree(path).body:
            if isinstance(node, ast.AsyncFunctionDef) and not node.name.startswith("_"):
                takes = {a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}
                if {"tx", "actor"} <= takes and path.name != "routes.py":
                    yield f"{name(path)}:{node.name}", node


def passes_actor(call: ast.Call) -> bool:
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    return any(isinstance(value, ast.Name) and value.id == "actor" for value in given)


def test_every_verb_asks_before_it_writes() -> None:
    """Reading first is fine, since the brand is often known only then; so is handing the actor to one who asks."""
    found = list(verbs())
    wrong = []
    for where, verb in found:
        asks = [c.lineno for n, c in calls(verb) if ASKS_FIRST.match(n) or passes_actor(c)]
        writes = [
            c.lineno for n, c in calls(verb) if n in {*WRITES, "record", "add", "add_all"} and not passes_actor(c)
        ]
        if not asks or (writes and min(writes) < min(asks)):
            wrong.append(where)
    assert wrong == []
    assert found, "no verb was found: the rule looks at nothing"


def test_relations_never_load_by_themselves() -> None:
    wrong = []
    for path in APP:
        for called, call in calls(tree(path)):
            if called == "relationship" and path.name == "models.py":
                lazy = {k.arg: k.value for k in call.keywords}.get("lazy")
                if not (isinstance(lazy, ast.Constant) and lazy.value in {"raise", "raise_on_sql"}):
                    wrong.append(f"{name(path)}:{call.lineno}")
    assert wrong == []


def test_sessions_do_not_expire_what_was_committed() -> None:
    makers = [c for n, c in calls(tree(ROOT / "app/core/db.py")) if n in {"async_sessionmaker", "AsyncSession"}]
    settings = [
        {k.arg: ast.literal_eval(k.value) for k in c.keywords if isinstance(k.value, ast.Constant)} for c in makers
    ]
    assert settings
    assert all(given.get("expire_on_commit") is False for given in settings)


def test_every_migration_waits_for_no_lock_for_long() -> None:
    migrations = [p for p in sorted((ROOT / "migrations/versions").glob("*.py")) if p.name != "__init__.py"]
    assert migrations
    for path in migrations:
        assert re.match(r"\d{4}-\d{2}-\d{2}_\d{4}_\w+\.py$", path.name), (
            f"{path.name}: the date, the number, what it does"
        )
        upgrade = next(n for n in tree(path).body if isinstance(n, ast.FunctionDef) and n.name == "upgrade")
        assert "lock_timeout" in ast.unparse(upgrade), path.name


def test_lock_files_name_no_address() -> None:
    npm = [ROOT / part / "package-lock.json" for part in ("frontend", "tools/browser", "tools/bluesky")]
    locks = [*ROOT.glob("*.lock"), *npm]
    assert len(locks) == 5
    for path in locks:
        text = path.read_text()
        assert "--index-url" not in text, path.name
        assert "resolved" not in text, path.name
        assert not re.search(r"https?://", text), path.name


@pytest.mark.parametrize(("lock", "extra"), [("requirements.lock", None), ("requirements-dev.lock", "dev")])
def test_lock_files_are_current(lock: str, extra: str | None) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *(project["optional-dependencies"][extra] if extra else [])]
    pinned = dict(re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / lock).read_text(), flags=re.MULTILINE))
    for line in wanted:
        requirement = Requirement(line)
        version = pinned.get(canonicalize_name(requirement.name))
        assert version, f"{lock} lacks {requirement.name}: make lock"
        assert requirement.specifier.contains(version), f"{lock} has {requirement.name} {version}: make lock"


def test_only_settings_read_the_environment() -> None:
    readers = set()
    for path in APP:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}:
                readers.add(name(path))
    assert readers - {"app/core/settings.py"} == set()
