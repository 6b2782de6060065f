"""X Activity, by webhook and by stream: the challenge, the signature, a flood of forgeries, what comes in, and replays."""

import asyncio
import json
import time
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.networks import errors
from app.networks.adapters.x.client import Api
from app.networks.adapters.x.events import WANTED, read_events
from app.networks.adapters.x.incoming import signature
from app.networks.adapters.x.line import listen
from app.networks.adapters.x.subscribe import subscribe
from app.networks.incoming import Answer, Request
from tests.networks.adapters.x.conftest import Desk
from tests.networks.adapters.x.recorded import sample
from tests.networks.adapters.x.stage import CONSUMER_SECRET
from tests.networks.adapters.x.test_sign_in import signed_in


def request(body: bytes, signed: str | None = None, secret: str = CONSUMER_SECRET) -> Request:
    given = signature(secret.encode(), body) if signed is None else signed
    return Request("POST", {}, {"x-twitter-webhooks-signature": given}, body)


async def told(desk: Desk, body: Any) -> Answer:
    return await desk.x.incoming(desk.account, request(json.dumps(body).encode()))


def about_brand(desk: Desk, name: str) -> Any:
    """A recorded event, as if it were this brand's."""
    return json.loads(json.dumps(sample(name)).replace("1111111111111111111", desk.account.remote_id))


async def test_the_challenge_is_answered_as_documented(desk: Desk):
    account = replace(desk.account, credentials={"consumer_secret": "synthetic-consumer-secret"})
    answer = await desk.x.incoming(account, Request("GET", {"crc_token": "challenge_string"}, {}, b""))
    assert (answer.status, answer.media_type, answer.happened) == (200, "application/json", False)
    assert json.loads(answer.body) == {"response_token": "sha256=HL+QtIOULfqwafB8wiVggfd/67xbUbckjSwogi4Ve/c="}
    assert (await desk.x.incoming(account, Request("GET", {}, {}, b""))).status == 400


def test_the_signature_is_over_the_raw_bytes():
    body = b'{"data":{"event_uuid":"1","event_type":"post.delete"}}'
    assert signature(b"synthetic-consumer-secret", body) == "sha256=AmLAFuuQGWHybxAw00SsyL/HNLSyPqplNPWhGGrxxS4="


async def test_a_flood_of_wrong_signatures_costs_nothing_and_moves_nothing(desk: Desk):
    right = json.dumps(about_brand(desk, "20")).encode()
    good = signature(CONSUMER_SECRET.encode(), right)
    wrong = ["", "sha256=", good[:-2], good.lower(), good.replace("sha256=", "sha1="), "é", "x" * 10_000]
    wrong.append(signature(b"another secret", right))
    desk.stage.gate.asked.clear()
    began = time.process_time()
    for n in range(2_000):
        answer = await desk.x.incoming(desk.account, request(right, wrong[n % len(wrong)]))
        assert (answer.status, answer.happened, answer.items, answer.body) == (403, False, (), "")
        assert answer.problem == "signature"
    assert time.process_time() - began < 5
    assert desk.stage.gate.asked == []
    assert desk.used() == {}
    assert (await desk.x.incoming(desk.account, request(right + b" ", good))).status == 403
    assert (await desk.x.incoming(desk.account, request(right, good))).status == 200


async def test_without_the_secret_nothing_is_believed(desk: Desk):
    account = replace(desk.account, credentials={"token": "t"})
    assert (await desk.x.incoming(account, request(b"{}", secret=""))).status == 404


@pytest.mark.parametrize(("name", "role"), [("20", "mention"), ("21", "mention"), ("22", "quote")])
async def test_a_post_comes_in_with_its_event_once(desk: Desk, name: str, role: str):
    body = about_brand(desk, name)
    answer = await told(desk, body)
    assert answer.happened
    (got,) = answer.items
    assert (got.role, got.remote_id) == (role, body["data"]["payload"]["id"])
    assert desk.used() == {"event.post": 1}
    again = await told(desk, {"data": {**body["data"], "event_uuid": "-5"}})
    assert [one.uri for one in again.items] == [got.uri]
    assert desk.used() == {}  # the same post on the same day is charged for once


async def test_who_wrote_it_is_looked_for_when_the_event_does_not_say(desk: Desk):
    post = desk.stage.world.say("zoe", "look at this", quotes=await desk.stage.post_as_brand("Hello"))
    body = json.loads(desk.stage.tell("post.quote.create", desk.stage.world.post_entity(post)))
    (got,) = (await told(desk, body)).items
    assert got.author.handle == "zoe"
    desk.stage.fault("drop", path="/2/users", times=None)
    other = desk.stage.world.say("ida", "and this")
    body = json.loads(desk.stage.tell("post.quote.create", desk.stage.world.post_entity(other)))
    (got,) = (await told(desk, body)).items  # its author can be asked later, its words cannot
    assert (got.author.handle, got.text) == (other.author, "and this")


async def test_a_request_that_must_be_answered_soon_renews_no_sign_in(desk: Desk):
    account = await signed_in(desk, seconds=60)
    post = desk.stage.world.say("zoe", "look at this")
    body = desk.stage.tell("post.quote.create", desk.stage.world.post_entity(post))
    (got,) = (await desk.x.incoming(account, request(body))).items
    assert got.author.handle == "zoe"
    assert desk.calls("/2/oauth2/token") == []


async def test_an_encrypted_message_is_told_as_one_and_can_be_read_again(desk: Desk):
    answer = await told(desk, about_brand(desk, "25"))
    (got,) = answer.items
    assert (got.role, got.visibility, got.facts) == ("direct", "direct", {"encrypted": True})
    assert await desk.x.post(desk.account, got.remote_id) == got
    assert (await desk.x.thread(desk.account, got.remote_id)).post == got


@pytest.mark.parametrize("name", ["23", "24", "26", "27", "30", "32", "33"])
async def test_other_events_only_say_that_it_is_worth_looking(desk: Desk, name: str):
    answer = await told(desk, about_brand(desk, name))
    assert (answer.status, answer.happened, answer.items) == (200, True, ())
    assert answer.about == ((sample("23")["data"]["payload"]["id"],) if name == "23" else ())


async def test_events_about_others_and_nonsense_move_nothing(desk: Desk):
    assert not (await told(desk, sample("20"))).happened
    for nonsense in (b"{", b"[]", b"12", b"\xff", b"{}", b'{"data": 1}', b"[" * 10_000):
        answer = await desk.x.incoming(desk.account, request(nonsense))
        assert (answer.happened, answer.items) == (False, ())
        assert answer.status in {200, 400}


def test_every_shape_of_an_envelope_is_read():
    event = sample("20")["data"]
    for body in (event, {"data": event}, {"data": [event]}, {"data": {"event": event}}):
        (got,) = read_events(body)
        assert (got.kind, got.object_id) == ("post.mention.create", "2090000000000000001")


OURS = "https://desk.example/api/v1/incoming/ac_1/secret"


async def test_what_is_missing_is_subscribed_to_once_and_a_broken_webhook_is_revived_and_replayed(desk: Desk):
    world, account = desk.stage.world, replace(desk.account, incoming_url=OURS)
    world.webhooks["77"] = {"id": "77", "url": OURS, "valid": False}
    desk.stage.fault("answer", path="/2/activity/subscriptions", method="POST", status=403, body={"detail": "no"})
    await subscribe(Api(account))
    assert world.webhooks["77"]["valid"] is True
    (replay,) = world.replays
    assert replay["webhook_id"] == "77"
    begin, end = (datetime.strptime(replay[name], "%Y%m%d%H%M") for name in ("from_date", "to_date"))  # noqa: DTZ007
    assert end - begin == timedelta(hours=24)
    made = len(world.subscriptions)
    assert made == len(WANTED) - 1  # all but the one that was refused
    await subscribe(Api(account))
    assert len(world.subscriptions) == made + 1
    assert {one["webhook_id"] for one in world.subscriptions} == {"77"}
    assert len(world.replays) == 1


async def test_a_webhook_is_registered_where_x_can_reach_us_and_another_ones_is_left_alone(desk: Desk):
    await subscribe(Api(desk.account))
    assert desk.stage.world.webhooks == {}
    assert [one for one in desk.stage.world.subscriptions if "webhook_id" in one] == []
    await subscribe(Api(replace(desk.account, incoming_url=OURS)))
    (webhook,) = desk.stage.world.webhooks.values()
    assert webhook["url"] == OURS
    await subscribe(Api(replace(desk.account, incoming_url="https://another.example/x")))
    assert [one["url"] for one in desk.stage.world.webhooks.values()] == [OURS]


async def test_without_a_bearer_token_there_is_no_line_and_it_says_so(desk: Desk):
    account = replace(desk.account, credentials={"token": desk.stage.token})
    with pytest.raises(errors.Rejected, match="bearer"):
        await anext(desk.x.hints(account))


async def test_the_line_hints_at_posts_and_ends_as_x_says(desk: Desk):
    async with aclosing(desk.x.hints(desk.account)) as hints:
        await asyncio.wait_for(anext(hints), 10)
        desk.stage.double.tell(b"\r\n")
        desk.stage.double.tell(json.dumps(about_brand(desk, "04")).encode() + b"\r\n")
        desk.stage.tell("post.reply.create", about_brand(desk, "21")["data"]["payload"])
        hint = await asyncio.wait_for(anext(hints), 10)
        assert hint.remote_id == "2090000000000000002"
        desk.stage.double.tell(
            b'{"errors": [{"title": "operational-disconnect", "detail": "Disconnected upstream."}]}\r\n'
        )
        with pytest.raises(errors.Transient, match="upstream"):
            await asyncio.wait_for(anext(hints), 10)


async def test_a_line_that_falls_silent_is_noticed(desk: Desk):
    async with aclosing(listen(desk.account, silence=0.3)) as hints:
        await asyncio.wait_for(anext(hints), 10)
        with pytest.raises(errors.Transient, match="Nothing came"):
            await asyncio.wait_for(anext(hints), 10)


async def test_too_many_lines_are_waited_for(desk: Desk):
    said = {"title": "ConnectionException", "detail": "This stream is at the maximum allowed connection limit."}
    desk.stage.fault("answer", path="/2/activity/stream", status=429, body=said)
    with pytest.raises(errors.RateLimited, match="maximum"):
        await anext(desk.x.hints(desk.account))
