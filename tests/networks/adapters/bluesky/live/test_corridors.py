"""Both corridors through Bluesky's own servers: what they lose is found, and what we repeat is one post."""

import contextlib
import multiprocessing
import os
import signal
import time
from collections.abc import Callable

import pytest
from sqlalchemy import update

from app.core.clock import now
from app.core.transaction import transaction
from app.networks import errors
from app.networks.adapters.bluesky import NETWORK, session
from app.networks.port import Account
from app.replies.models import Reply
from tests.given import hear
from tests.networks import corridors
from tests.networks.adapters.bluesky.live.dying import deliver_in_a_process
from tests.networks.adapters.bluesky.live.relay import LiveStage
from tests.networks.corridors import House, house
from tests.networks.given import first, outgoing, ready

pytestmark = pytest.mark.live_bluesky

KILLS = int(os.environ.get("LIVE_BLUESKY_KILLS", "10"))


@pytest.fixture
async def here(database: str, live: LiveStage) -> House:
    session._newest.clear()
    return await house(live)


async def test_a_story_from_mention_to_answer(here: House):
    await corridors.a_story_from_mention_to_answer(here)


@pytest.mark.parametrize("after", [True, False])
async def test_an_answer_lost_on_the_way(here: House, after: bool):
    await corridors.an_answer_lost_on_the_way(here, "drop", after=after)


async def test_replies_that_the_network_tells_nobody_of_are_found_by_reading_threads_again(
    here: House, tell: Callable[[str], None]
):
    """Posts within a second of each other: the AppView files them in any order, and forgets whom to tell."""
    asked = here.stage.post("nora", "@acme it is down")
    await hear()
    await here.send("We are on it")
    await here.deliver()
    (ours,) = here.stage.posts_of_brand()
    under, said = ours["id"], []
    for n in range(8):
        under = here.stage.post(("nora", "omar")[n % 2], f"burst {n}", in_reply_to_id=under, catch_up=False)
        said.append(under)
    here.stage.servers.catch_up()
    await hear()
    known = {text for text in await here.texts() if text.startswith("burst")}
    told = len(known)
    await here.reread()
    found = {text for text in await here.texts() if text.startswith("burst")}
    shown = {text for text in here.stage.shown(asked) if text.startswith("burst")}
    assert found >= shown
    assert found >= known
    assert len(shown) > 4
    tell(f"of 8 replies at once the network shows {len(shown)} and told of {told}; {len(found)} are in the books")


async def test_a_process_killed_around_the_writing_ends_in_one_post(
    here: House, database: str, tell: Callable[[str], None]
):
    """As often as said, in turn: killed before the record arrives, while it is under way, and when it is there.

    Whoever delivers next ends with one post.
    """
    here.stage.post("nora", "@acme it is down")
    await hear()
    relay = here.stage._server
    found = {True: 0, False: 0}
    for n in range(KILLS):
        await here.send(f"Answer {n}", key=f"key-{n}")
        async with transaction() as tx:
            await tx.execute(update(Reply).where(Reply.due_at.is_not(None)).values(due_at=now()))
        child = deliver_in_a_process(database)

        def kill(process: multiprocessing.process.BaseProcess = child, *, arrives: bool = n % 3 == 1) -> bool:
            relay.before_put = relay.after_put = None
            os.kill(process.pid or 0, signal.SIGKILL)
            with contextlib.suppress(ProcessLookupError):
                while True:  # it is dead before the record goes on
                    os.kill(process.pid or 0, 0)
                    time.sleep(0.001)
            return arrives

        if n % 3 == 2:
            relay.after_put = kill
        else:
            relay.before_put = kill
        began = time.monotonic()
        while child.is_alive() and time.monotonic() - began < 60:
            child.join(0.05)
        assert child.exitcode == -signal.SIGKILL
        stood = [one["value"]["text"] for one in here.stage.servers.posts_of(here.stage.brand_id)]
        found[f"Answer {n}" in stood] += 1
        await here.deliver()
    assert [one.state for one in await here.replies()] == ["sent"] * KILLS
    texts = sorted(one["text"] for one in here.stage.posts_of_brand())
    assert texts == sorted(f"Answer {n}" for n in range(KILLS))
    tell(f"{KILLS} processes killed around putRecord, the record there {found[True]} times: {len(texts)} posts")


class TestWhatOthersForbid:
    @pytest.fixture
    async def account(self, stage: LiveStage) -> Account:
        stage.brand()
        return (await NETWORK.connect(stage.fields(), {}, {}, "")).account

    async def test_a_gate_is_known_before_typing_and_a_reply_all_the_same_is_shown_to_nobody(self, account, stage):
        asked = stage.post("nora", "@acme it is down")
        got = await first(NETWORK, account)
        reply = await ready(NETWORK, account, outgoing(got, "", text="On it"))
        stage.gate(asked)
        assert (await NETWORK.post(account, asked)).facts["replies_off"] is True
        with pytest.raises(errors.Rejected):
            await ready(NETWORK, account, outgoing(got, "", text="On it"))
        assert (await NETWORK.publish(account, reply)).doubt == "answer.bluesky.hidden"

    async def test_who_blocks_us_vanishes_and_comes_back(self, account, stage):
        asked = stage.post("zoe", "@acme it is down")
        got = await first(NETWORK, account)
        stage.block("zoe", "acme")
        for call in (NETWORK.post(account, asked), NETWORK.thread(account, asked)):
            with pytest.raises(errors.Gone):
                await call
        with pytest.raises(errors.Gone):
            await ready(NETWORK, account, outgoing(got, "", text="On it"))

    async def test_quotes_are_heard_and_deleted_posts_are_not(self, account, stage):
        ours = stage.post("acme", "Our new tariff")
        quote = stage.post("omar", "look at this", quotes=ours)
        gone = stage.post("nora", "@acme never mind")
        stage.delete(gone)
        (heard,) = (await NETWORK.mentions(account, None)).items
        assert (heard.remote_id, heard.role, heard.quotes) == (quote, "quote", ours)

    async def test_a_session_that_ended_is_renewed(self, account, stage):
        from dataclasses import replace

        session._newest.clear()
        over = stage.expired(account.credentials["access"])
        stage.post("nora", "@acme hello")
        old = replace(account, credentials={**account.credentials, "access": over})
        assert [one.text for one in (await NETWORK.mentions(old, None)).items] == ["@acme hello"]
        session._newest.clear()
        stage.servers.ask(
            "POST",
            "com.atproto.server.revokeAppPassword",
            stage.person("acme").token,
            json={"name": stage.servers.last_name},
        )
        with pytest.raises(errors.Unauthorized):
            await NETWORK.mentions(old, None)
