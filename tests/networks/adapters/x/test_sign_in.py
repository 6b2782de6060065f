"""The sign-in through the browser, and its renewal: by one alone, stored before it is used, said plainly when it is lost."""

import asyncio
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from app.core.clock import now
from app.networks import errors
from app.networks.adapters.x.adapter import X
from app.networks.adapters.x.client import Api
from app.networks.port import Account, Ask, Credentials
from tests.networks.adapters.x.conftest import Desk
from tests.networks.given import RETURN

TOKEN = "/2/oauth2/token"


async def signed_in(desk: Desk, *, seconds: int = 7200) -> Account:
    """The account as it is after the browser came back; its token lasts so long."""
    desk.stage.world.token_seconds = seconds
    begun = await desk.x.authorize(desk.stage.sign_in(), RETURN)
    answer = await desk.stage.browser(begun.url)
    connected = await desk.x.connect({}, begun.keep, answer, RETURN)
    desk.stage.world.token_seconds = 7200
    desk.stage.gate.asked.clear()
    return replace(connected.account, id="ac_1")


def renewals(desk: Desk) -> int:
    return len(desk.calls(TOKEN))


async def test_the_browser_is_sent_with_a_challenge_and_all_the_scopes(desk: Desk):
    begun = await desk.x.authorize({"client_id": "app", "query": "acme"}, RETURN)
    assert urlsplit(begun.url).netloc == "x.com"
    asked = {name: value[0] for name, value in parse_qs(urlsplit(begun.url).query).items()}
    assert (asked["code_challenge_method"], asked["redirect_uri"], asked["client_id"]) == ("S256", RETURN, "app")
    assert {"offline.access", "dm.read", "media.write"} <= set(asked["scope"].split())
    assert begun.keep["server"] == "https://api.x.com"
    assert begun.keep["verifier"] not in begun.url
    with pytest.raises(errors.Rejected, match="client ID"):
        await desk.x.authorize({}, RETURN)


async def test_a_wrong_verifier_or_app_connects_nothing(desk: Desk):
    begun = await desk.x.authorize(desk.stage.sign_in(), RETURN)
    answer = await desk.stage.browser(begun.url)
    with pytest.raises(errors.Rejected):
        await desk.x.connect({}, {**begun.keep, "verifier": "another"}, answer, RETURN)
    with pytest.raises(errors.Rejected, match="client ID and secret"):
        await desk.x.connect({}, {**begun.keep, "client_secret": "wrong"}, answer, RETURN)


async def test_a_token_about_to_end_is_renewed_once_by_all_who_need_it(desk: Desk):
    account = await signed_in(desk, seconds=60)
    await asyncio.gather(*(desk.x.mentions(account, None) for _ in range(6)))
    assert renewals(desk) == 1
    await desk.x.mentions(account, None)  # opened with what was stored before
    assert renewals(desk) == 1


async def test_a_token_that_ended_early_is_renewed_and_the_call_goes_through(desk: Desk):
    account = await signed_in(desk)
    parent = await desk.asked()
    desk.stage.world.tokens.clear()
    await desk.x.publish(account, desk.reply(parent, "Back again."))
    assert len(desk.stage.posts_of_brand()) == 1


async def test_what_was_answered_is_stored_before_it_is_used_and_others_renewals_are_taken_over(desk: Desk):
    account = await signed_in(desk, seconds=60)
    stored = dict(account.credentials)
    order: list[str] = []

    async def renew(old: Credentials, ask: Ask) -> Credentials:
        nonlocal stored
        if stored == old:
            stored = await ask(old)
            order.append("stored")
        return stored

    desk.stage.gate.asked.clear()
    await desk.x.mentions(replace(account, renew=renew), None)
    assert next(path for _, path, _ in desk.stage.gate.asked) == TOKEN
    assert order == ["stored"]
    assert stored["refresh"] != account.credentials["refresh"]
    other = replace(account, id="ac_2", renew=renew)  # another process, which knows the old ones only
    await desk.x.mentions(other, None)
    assert renewals(desk) == 1


async def test_a_lost_answer_is_asked_for_again_and_a_spent_token_is_said_plainly(desk: Desk):
    account = await signed_in(desk, seconds=60)
    desk.stage.fault("drop", path=TOKEN, after=False)
    await desk.x.mentions(account, None)  # nothing had been done there: the second question renews
    lost = replace(await signed_in(desk, seconds=60), id="ac_3")
    desk.stage.fault("drop", path=TOKEN, after=True)  # renewed there, and we never hear of it
    with pytest.raises(errors.Unauthorized) as told:
        await desk.x.mentions(lost, None)
    assert "Connect the account again." in told.value.sentence
    assert "works only once" in told.value.sentence
    for secret in lost.credentials.values():
        assert len(secret) < 8 or secret not in told.value.sentence


async def test_a_renewal_that_fails_does_not_stop_a_token_that_still_works(desk: Desk):
    account = await signed_in(desk, seconds=120)
    desk.stage.fault("error", path=TOKEN, times=None)
    await desk.x.mentions(account, None)
    desk.stage.world.tokens.clear()
    with pytest.raises(errors.Transient):
        await desk.x.mentions(account, None)


async def test_a_pasted_token_is_said_to_end_soon(desk: Desk):
    connected = await desk.x.connect(desk.stage.fields(), {}, {}, RETURN)
    assert connected.warnings == ("connect.x.ends_soon",)
    assert connected.account.credentials.keys() >= {"client_secret", "bearer", "consumer_secret"}


@pytest.mark.parametrize("address", ["api.x.com/2", "http://", "a b.example", "http://["])
def test_an_address_that_is_none_is_refused(address):
    with pytest.raises(errors.Rejected):
        asyncio.run(X().authorize({"client_id": "a", "server": address}, RETURN))


async def test_no_refusal_shows_a_secret(desk: Desk):
    said = {"title": "no", "detail": f"bad token {desk.stage.token}", "type": "about:blank"}
    desk.stage.fault("answer", path="/2/users/me", status=403, body=said)
    with pytest.raises(errors.Unauthorized) as told:
        await desk.x.refresh(desk.account)
    assert desk.stage.token not in told.value.sentence
    assert "…" in told.value.sentence


async def test_the_calls_of_one_deed_share_one_budget(desk: Desk):
    api = Api(desk.account, budget=0.2)
    began = now()
    desk.stage.world.picture_seconds = 30
    await asyncio.sleep(0.05)
    assert api.wire.left() < 0.16
    assert (now() - began).total_seconds() < 5
