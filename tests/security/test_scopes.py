"""What a key may: every operation of the interface, without its scope, for another brand, and with what it needs."""

import re

from sqlalchemy import text

from app.access.operations import ANYBODY, OPERATIONS, PEOPLE
from app.core.transaction import transaction
from tests.access.given import EVERY, a_key, bears
from tests.described import description
from tests.security.conftest import Open
from tests.security.stage import Brands
from tests.security.test_other_brands import BODIES, EMPTY, HARMLESS, about, ask, leaks, url

PATHS = description()["paths"]
ALL = [
    (method.upper(), path, operation["operationId"])
    for path, kinds in sorted(PATHS.items())
    for method, operation in kinds.items()
    if method != "parameters"
]
VERBS = frozenset(
    [
        "add",
        "assign",
        "backfill",
        "cancel",
        "check",
        "connect",
        "count",
        "create",
        "delete",
        "describe",
        "disconnect",
        "discard",
        "dismiss",
        "dissolve",
        "edit",
        "end",
        "find",
        "form",
        "get",
        "invite",
        "label",
        "list",
        "make",
        "merge",
        "move",
        "open",
        "order",
        "poll",
        "prioritise",
        "preview",
        "read",
        "rebuild",
        "refer",
        "refresh",
        "remove",
        "replay",
        "retry",
        "return",
        "reveal",
        "revoke",
        "rotate",
        "save",
        "send",
        "set",
        "settle",
        "sign",
        "simulate",
        "start",
        "take",
        "test",
        "withdraw",
    ]
)


def test_the_table_knows_every_operation_and_each_reads_as_a_verb() -> None:
    names = [name for _, _, name in ALL]
    assert sorted(names) == sorted(OPERATIONS)
    assert not [name for name in names if name.partition("_")[0] not in VERBS]


def test_the_description_says_which_scope_each_needs() -> None:
    for method, path, name in ALL:
        operation = PATHS[path][method.lower()]
        wanted = {PEOPLE: [{"session": []}], ANYBODY: []}.get(OPERATIONS[name])
        if wanted is None:
            wanted = [{"session": []}, {"key": [OPERATIONS[name]]}]
        assert operation["security"] == wanted, (method, path)


async def test_no_operation_is_done_for_a_key_without_its_scope(brands: Brands, served: Open) -> None:
    _, client = served
    lead = brands.desk.lead
    without = {scope: bears(await a_key(lead, *(set(EVERY) - {scope}), name=scope)) for scope in EVERY}
    every = bears(await a_key(lead))
    for method, path, name in ALL:
        scope = OPERATIONS[name]
        if scope == ANYBODY:
            continue
        where = re.sub(r"{\w+}", "1", url_of(path, brands))
        answer = await ask(client, method, path, where, without.get(scope, every), brands)
        if name == "return_from_network":  # a browser comes back from there, and is sent on whatever happened
            assert (answer.status_code, "for_people_only" in answer.headers["location"]) == (303, True)
            continue
        # a body that is missing is told after who asks is known, and never before
        assert answer.status_code in {403, 422}, (method, path, answer.text)
        if answer.status_code == 403:
            wanted = "for_people_only" if scope == PEOPLE else "scope_missing"
            assert answer.json()["code"] == wanted, (method, path, answer.text)
            assert answer.json().get("scope") == (None if scope == PEOPLE else scope)
        assert not leaks(brands, answer.text), (method, path)


def url_of(path: str, brands: Brands) -> str:
    names = set(re.findall(r"{(\w+)}", path))
    return url(path, brands.zeta) if all(hasattr(brands.zeta, name) for name in names) else path


async def test_a_key_of_one_brand_gets_of_another_what_a_narrow_agent_gets(brands: Brands, served: Open) -> None:
    _, client = served
    narrow = bears(await a_key(brands.desk.lead, brands=[brands.acme.brand_id]))
    seen = 0
    for method, path in about():
        answer = await ask(client, method, path, url(path, brands.zeta), narrow, brands)
        seen += 1
        if f"{method} {path}" in HARMLESS | EMPTY:
            assert answer.text in {"", "[]"}
            continue
        assert answer.status_code in {403, 404}, (method, path, answer.text)
        assert not leaks(brands, answer.text), (method, path)
    assert seen > 25
    for path in ("tickets?view=all_open", "tickets?q=zq7mark", "brands", "accounts", "accounts/health", "events"):
        answer = await client.get(f"/api/v1/{path}", headers=narrow)
        told = answer.json()
        about_things = [e for e in told["events"] if e["brand_id"]] if path == "events" else told
        assert answer.status_code == 200
        assert not leaks(brands, str(about_things)), path


async def test_with_its_scope_each_is_done(brands: Brands, served: Open) -> None:
    """Else the refusals above would prove nothing."""
    _, client = served
    every = bears(await a_key(brands.desk.lead))
    for method, path in about():
        if method == "DELETE" or (method in {"POST", "PUT", "PATCH"} and f"{method} {path}" not in BODIES):
            continue
        answer = await ask(client, method, path, url(path, brands.acme), every, brands)
        assert answer.status_code not in {401, 403}, (method, path, answer.text)
    async with transaction() as tx:
        kept = (await tx.execute(text("select status is null, count(*) from kept_answers group by 1"))).all()
    ((unanswered, answered),) = kept
    assert not unanswered
    assert answered > 4
