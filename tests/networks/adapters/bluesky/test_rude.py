"""A Bluesky that refuses, cuts and talks nonsense: said in a sentence, nothing lost, and nothing of ours harmed."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from app.networks import errors
from app.networks.adapters.bluesky import NETWORK
from app.networks.port import Reject
from tests.faults.proxy import REFUSING, SLOWLY_REFUSING
from tests.networks.adapters.bluesky.conftest import Joined
from tests.networks.given import walk
from tests.rude import Asked, answer


@pytest.mark.parametrize(
    "name",
    [*REFUSING, *(pytest.param(name, marks=pytest.mark.faults) for name in SLOWLY_REFUSING)],
)
async def test_what_cannot_be_read_is_said_and_made_good_afterwards(joined: Joined, name: str):
    start = (await NETWORK.mentions(joined.account, None)).cursor
    joined.server.post("nora", "@acme hello")
    joined.server.rude = (REFUSING | SLOWLY_REFUSING)[name]
    with pytest.raises((errors.Transient, errors.RateLimited)) as trouble:
        await NETWORK.mentions(joined.account, start)
    assert trouble.value.sentence
    assert "<" not in trouble.value.sentence
    joined.server.rude = None
    assert [one.text for one in (await walk(NETWORK, joined.account, start))[0]] == ["@acme hello"]


def _each(change: Callable[[dict[str, Any]], None]) -> Any:
    async def rude(_asked: Asked, body: bytes) -> bytes:
        page = json.loads(body)
        for one in page["notifications"]:
            change(one)
        return answer(page)

    return rude


def _thousands(one: dict[str, Any]) -> None:
    feature = {"$type": "app.bsky.richtext.facet#mention", "did": "did:plc:somebody"}
    one["record"]["facets"] = [{"index": {"byteStart": 0, "byteEnd": 1}, "features": [feature] * 5}] * 4000


STRANGE = {
    "the year 0001": lambda one: one.update(indexedAt="0001-01-01T00:00:00Z"),
    "the year 9999": lambda one: one.update(indexedAt="9999-12-31T23:59:59Z"),
    "no time at all": lambda one: one.update(indexedAt=None),
    "thousands of mentions": _thousands,
    "a record of another kind": lambda one: one["record"].update({"$type": "com.example.other", "text": 5}),
}


@pytest.mark.parametrize("name", STRANGE)
async def test_what_is_strange_is_taken_in_once_and_does_not_hold_up_what_follows(joined: Joined, name: str):
    start = (await NETWORK.mentions(joined.account, None)).cursor
    joined.server.post("nora", "@acme hello")
    joined.server.rude = _each(STRANGE[name])
    found, cursor = await walk(NETWORK, joined.account, start)
    assert len(found) == 1
    assert (await walk(NETWORK, joined.account, cursor))[0] == []
    joined.server.rude = None
    joined.server.post("nora", "@acme still there?")
    assert "@acme still there?" in [one.text for one in (await walk(NETWORK, joined.account, cursor))[0]]


async def test_what_cannot_be_read_is_set_aside_once(joined: Joined):
    start = (await NETWORK.mentions(joined.account, None)).cursor
    joined.server.post("nora", "@acme hello")
    joined.server.rude = _each(lambda one: one.update(author=None))
    page = await NETWORK.mentions(joined.account, start)
    assert [type(one) for one in page.rejects] == [Reject]
    assert page.items == ()
    assert (await NETWORK.mentions(joined.account, page.cursor)).rejects == ()


async def test_a_page_given_for_ever_ends(joined: Joined):
    joined.server.post("nora", "@acme hello")

    async def again(_asked: Asked, body: bytes) -> bytes:
        return answer({**json.loads(body), "cursor": "again 0"})

    joined.server.rude = again
    start = (await NETWORK.mentions(joined.account, None)).cursor
    assert (await walk(NETWORK, joined.account, start))[0] == []
