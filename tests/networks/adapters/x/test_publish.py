"""Answering on X: under the latest version, once, by the summon rule, in private; and what is charged for it."""

from dataclasses import replace

import pytest

from app.core.clock import now
from app.networks import errors
from app.networks.port import Upload
from tests.networks.adapters.x.conftest import Desk

CREATE = "/2/tweets"


async def test_an_answer_goes_under_the_latest_version_and_is_found_by_either(desk: Desk):
    parent = await desk.asked("@acme brokn")
    latest = desk.stage.world.edit(parent.remote_id, "@acme broken")
    parent = await desk.x.post(desk.account, parent.remote_id)
    reply = desk.reply(parent, "Thanks, fixed.")
    begun = now()
    sent = await desk.x.publish(desk.account, reply)
    assert desk.stage.world.posts[sent.remote_id].parent == latest.id
    for known in (reply, replace(reply, parent_facts={})):
        found = await desk.x.find(desk.account, known, begun)
        assert found is not None
        assert (found.remote_id, found.uri) == (sent.remote_id, sent.uri)


async def test_links_and_names_in_front_do_not_hide_an_answer_that_arrived(desk: Desk):
    parent = await desk.asked()
    reply = desk.reply(parent, "@nora See https://acme.example/help?a=1&b=2 & tell us <if> it\n\nhelps 👩‍👩‍👧‍👦")
    begun = now()
    desk.stage.fault("drop", path=CREATE, method="POST", after=True)
    with pytest.raises(errors.Unknown):
        await desk.x.publish(desk.account, reply)
    found = await desk.x.find(desk.account, reply, begun)
    assert found is not None
    assert found.text.startswith("@nora See https://acme.example/help?a=1&b=2 & tell us <if>")
    assert desk.x.repeat_safe(desk.account, reply) is None


async def test_a_duplicate_of_this_very_answer_is_evidence_and_any_other_is_a_refusal(desk: Desk):
    parent = await desk.asked()
    other = await desk.asked("@acme me too")
    desk.stage.world.refuse_duplicates = True
    reply = desk.reply(parent, "We are on it.")
    begun = now()
    desk.stage.fault("drop", path=CREATE, method="POST", after=True)
    with pytest.raises(errors.Unknown):
        await desk.x.publish(desk.account, reply)
    with pytest.raises(errors.Unknown):  # the repeat: it is out
        await desk.x.publish(desk.account, reply)
    assert await desk.x.find(desk.account, reply, begun) is not None
    with pytest.raises(errors.Rejected, match="other words"):
        await desk.x.publish(desk.account, desk.reply(other, "We are on it."))
    assert len(desk.stage.posts_of_brand()) == 1


async def test_who_has_not_summoned_us_is_not_answered_and_x_says_why(desk: Desk):
    stranger = desk.stage.post("zoe", "Acme is down")
    parent = await desk.x.post(desk.account, stranger)
    with pytest.raises(errors.Rejected, match="has not mentioned or quoted"):
        await desk.x.publish(desk.account, desk.reply(parent, "Hello"))
    assert desk.used().keys() & {"post.create", "reply.summoned"} == set()


async def test_what_is_charged_depends_on_links_and_on_who_asked(desk: Desk):
    parent = await desk.asked()
    desk.used()
    await desk.x.publish(desk.account, desk.reply(parent, "It is up."))
    assert desk.used() == {"reply.summoned": 1}
    await desk.x.publish(desk.account, desk.reply(parent, "See acme.example"))
    assert desk.used() == {"post.create_with_link": 1}
    picture = Upload(desk.stage.picture(), "image/png", "A red square", "square.png")
    await desk.x.upload(desk.account, picture)
    assert desk.used() == {"media.description": 1}
    desk.stage.fault("answer", path=CREATE, method="POST", status=403, body={"detail": "no"})
    with pytest.raises(errors.Rejected, match="no"):
        await desk.x.publish(desk.account, desk.reply(parent, "Once more."))
    assert desk.used() == {}


async def test_a_private_answer_goes_to_the_talk_or_to_whoever_wrote_the_post(desk: Desk):
    message = await desk.asked("psst", visibility="direct")
    sent = await desk.x.publish(desk.account, desk.reply(message, "Just us."))
    assert desk.stage.world.messages[-1].text == "Just us."
    assert sent.remote_id == f"dm-{desk.stage.world.messages[-1].id}-{desk.stage.world.messages[-1].talk}"
    post = await desk.asked()
    for facts in (post.facts, {}):
        begun = now()
        reply = replace(desk.reply(post, f"To you {bool(facts)}", visibility="direct"), parent_facts=facts)
        sent = await desk.x.publish(desk.account, reply)
        assert desk.stage.world.messages[-1].talk == message.facts["talk"]
        found = await desk.x.find(desk.account, reply, begun)
        assert found is not None
        assert (found.remote_id, found.uri) == (sent.remote_id, sent.uri)
    with pytest.raises(errors.Rejected, match="encrypted"):
        await desk.x.publish(desk.account, replace(reply, in_reply_to="chat-1784841183370-9-abc"))


async def test_a_lost_message_is_found_by_its_words_and_time(desk: Desk):
    message = await desk.asked("psst", visibility="direct")
    reply = desk.reply(message, "Your code is 4711")
    begun = now()
    path = f"/2/dm_conversations/with/{message.author.remote_id}/messages"
    desk.stage.fault("error", path=path, method="POST", after=True)
    with pytest.raises(errors.Unknown):
        await desk.x.publish(desk.account, reply)
    found = await desk.x.find(desk.account, reply, begun)
    assert found is not None
    assert await desk.x.find(desk.account, replace(reply, text="Your code is 4712"), begun) is None
    assert len(desk.stage.posts_of_brand()) == 1


async def test_a_picture_that_may_not_be_uploaded_leaves_the_sign_in_alone(desk: Desk):
    desk.stage.fault("answer", path="/2/media/upload/initialize", status=403, body={"detail": "media.write is missing"})
    with pytest.raises(errors.Rejected, match=r"media\.write is missing"):
        await desk.x.upload(desk.account, Upload(desk.stage.picture(), "image/png", "", "x.png"))


async def test_a_content_warning_is_never_dropped_in_silence(desk: Desk):
    parent = await desk.asked()
    with pytest.raises(errors.Rejected):
        await desk.x.publish(desk.account, desk.reply(parent, "Hello", content_warning="sad"))
    assert desk.stage.posts_of_brand() == []
