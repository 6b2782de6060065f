"""Whom X lets the brand answer, and what people are told where it does not."""

from dataclasses import replace
from typing import Any

import pytest

from app.core.clock import now
from app.networks.adapters.x.adapter import X
from app.networks.adapters.x.costs import creation, has_link
from app.networks.answerable import Answerable, Asked
from app.networks.port import Account

ACCOUNT = Account("x", "https://api.x.com", "1", "acme", {}, {"exempt": False})
URL = "https://x.com/nora/status/2"


def answer(account: Account = ACCOUNT, visibility: str = "public", remote_id: str = "2", **facts: Any) -> Answerable:
    known = {"names_us": False, "only_as_reply": False, "quotes_us": False, "settings": "everyone", **facts}
    asked = Asked(remote_id, "9", "mention", visibility, now(), url=URL, facts=known)
    return X().answerable(account, asked, now())


@pytest.mark.parametrize(
    ("facts", "how", "why"),
    [
        ({"names_us": True}, "yes", None),
        ({"quotes_us": True}, "yes", None),
        ({"names_us": True, "settings": "following"}, "yes", None),
        ({}, "by_hand", "answer.x.not_summoned"),
        ({"settings": "verified"}, "by_hand", "answer.x.replies_restricted"),
        ({"quotes_us": True, "settings": "mentionedUsers"}, "by_hand", "answer.x.replies_restricted"),
    ],
)
def test_only_who_summoned_us_is_answered_from_here(facts, how, why):
    got = answer(**facts)
    assert (got.how, got.why) == (how, why)
    assert got.url == (URL if how == "by_hand" else None)
    assert ("answer.x.link_costs" in got.notes) == (how == "yes")


def test_a_reply_that_names_us_only_because_it_is_one_is_said_to_be_doubtful():
    assert answer(names_us=True, only_as_reply=True).notes == ("answer.x.link_costs", "answer.x.may_refuse")


def test_an_enterprise_app_answers_anybody_who_has_not_closed_the_conversation():
    exempt = replace(ACCOUNT, traits={"exempt": True})
    assert answer(exempt).how == "yes"
    assert answer(exempt, settings="following").how == "by_hand"


def test_messages_are_answered_and_encrypted_ones_only_there():
    assert answer(visibility="direct", remote_id="dm-5-1-9").how == "yes"
    encrypted = answer(visibility="direct", remote_id="chat-1784841183370-9-abc")
    assert (encrypted.how, encrypted.url) == ("by_hand", "https://x.com/messages")


def test_what_vanished_is_not_answered():
    asked = Asked("2", "9", "mention", "public", now(), vanished=True)
    assert X().answerable(ACCOUNT, asked, now()).how == "no"


@pytest.mark.parametrize("text", ["see https://a.example", "see acme.com", "bücher.example", "HTTP://A.EXAMPLE/x"])
def test_a_link_makes_it_dear(text):
    assert has_link(text)
    assert creation(text, summoned=True) == "post.create_with_link"


@pytest.mark.parametrize("text", ["It is up.", "v2.0", "@acme.x 3.5%", "a.b"])
def test_what_is_no_link_does_not(text):
    assert not has_link(text)
    assert creation(text, summoned=True) == "reply.summoned"
    assert creation(text, summoned=False) == "post.create"
