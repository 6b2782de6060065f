"""Who polls the numbered log misses nothing and waits for nothing it may not see."""

import asyncio
import time
from collections.abc import Callable

from app.core.eventlog import head
from app.core.transaction import transaction
from tests.access.given import a_key, ask, bears
from tests.conftest import Statements
from tests.given import a_desk
from tests.security.conftest import Open
from tests.security.stage import Brands, cookie
from tests.stream.conftest import happen


async def until(true: Callable[[], bool]) -> None:
    for _ in range(1_000):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came to that")


async def test_many_wait_cheaply_and_are_woken_by_what_they_may_see(
    brands: Brands, served: Open, statements: Statements
) -> None:
    app, client = served
    lead, acme, zeta = brands.desk.lead, brands.acme.brand_id, brands.zeta.brand_id
    narrow, wide = bears(await a_key(lead, "read", brands=[acme])), bears(await a_key(lead, "read"))
    async with transaction() as tx:
        at = await head(tx)
    await until(lambda: app.hub.position >= at)
    waiting = [asyncio.create_task(ask(client, "GET", f"events?after={at}&wait=20", narrow)) for _ in range(40)]
    other = asyncio.create_task(ask(client, "GET", f"events?after={at}&wait=20", wide))
    await until(lambda: len(app.hub) == 41)
    statements.clear()
    await happen(zeta, 3)
    assert [e["brand_id"] for e in (await other).json()["events"]][:1] == [zeta]
    assert not any(task.done() for task in waiting)
    assert len([one for one in statements if "access_keys" in one]) == 1  # only who was told looked
    await happen(acme)
    answers = [answer.json() for answer in await asyncio.gather(*waiting)]
    assert {tuple((e["seq"], e["brand_id"]) for e in told["events"]) for told in answers} == {((at + 4, acme),)}
    assert {told["reached"] for told in answers} == {at + 4}
    assert len(app.hub) == 0


async def test_page_after_page_everything_comes_once(brands: Brands, served: Open) -> None:
    _, client = served
    key = bears(await a_key(brands.desk.lead, "read", brands=[brands.acme.brand_id]))
    seen, path = [], "events?after=0&limit=3"
    while True:
        answer = await ask(client, "GET", path, key)
        told = answer.json()
        seen += [e["seq"] for e in told["events"]]
        if told["reached"] >= told["head"]:
            break
        path = answer.headers["link"].partition(">")[0].removeprefix("</api/v1/")
    assert answer.headers["link"].endswith('; rel="next"')
    whole = (await ask(client, "GET", "events?after=0&limit=1000", key)).json()
    assert seen == [e["seq"] for e in whole["events"]]
    assert len(seen) > 5


async def test_time_is_kept_and_a_key_that_ends_meanwhile_is_refused(database: str, served: Open) -> None:
    app, client = served
    desk = await a_desk()
    key = await a_key(desk.lead, "read")
    async with transaction() as tx:
        at = await head(tx)
    begun = time.monotonic()
    nothing = await ask(client, "GET", f"events?after={at}&wait=1", bears(key))
    assert nothing.json()["events"] == []
    assert 1 <= time.monotonic() - begun < 5
    assert (await ask(client, "GET", f"events?after={at}&wait=31", bears(key))).status_code == 422
    waiting = asyncio.create_task(ask(client, "GET", f"events?after={at}&wait=20", bears(key)))
    await until(lambda: len(app.hub) == 1)
    await ask(client, "POST", f"keys/{key.key.id}/revoke", await cookie(desk.lead))
    assert (await waiting).status_code == 401
