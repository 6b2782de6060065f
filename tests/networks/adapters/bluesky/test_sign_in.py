"""Sessions that end and are renewed once, and accounts whose names are not believed unproved."""

import asyncio
from dataclasses import replace

import pytest

from app.networks import errors
from app.networks.adapters.bluesky import NETWORK, session
from app.networks.port import Ask, Credentials
from tests.networks.adapters.bluesky.conftest import Joined, fields, join
from tests.networks.adapters.bluesky.server import Fault, Server
from tests.networks.adapters.bluesky.world import did_of


def asked(server: Server, name: str) -> int:
    return sum(one.path.endswith(name) for one in server.asked)


async def test_a_session_that_ended_is_renewed_once_for_everybody_who_asks(joined: Joined):
    joined.server.post("nora", "@acme hello")
    joined.server.expire()
    joined.server.asked.clear()
    pages = await asyncio.gather(*(NETWORK.mentions(joined.account, None) for _ in range(8)))
    assert {page.items[0].text for page in pages} == {"@acme hello"}
    assert (asked(joined.server, "refreshSession"), asked(joined.server, "createSession")) == (1, 0)


async def test_who_opened_the_account_with_older_credentials_uses_the_newer_ones(joined: Joined):
    joined.server.expire()
    await NETWORK.mentions(joined.account, None)
    joined.server.asked.clear()
    await NETWORK.mentions(replace(joined.account), None)
    assert asked(joined.server, "refreshSession") == 0


async def test_the_house_renews_for_all_processes_and_what_another_stored_is_used(joined: Joined):
    stored: list[Credentials] = []

    async def renew(old: Credentials, ask: Ask) -> Credentials:
        stored.append(await ask(old))
        return stored[-1]

    account = replace(joined.account, renew=renew)
    joined.server.expire()
    await NETWORK.mentions(account, None)
    assert len(stored) == 1
    session._newest.clear()  # another process, which read the row before

    async def given(_old: Credentials, _ask: Ask) -> Credentials:
        return stored[0]

    joined.server.asked.clear()
    await NETWORK.mentions(replace(account, renew=given), None)
    assert asked(joined.server, "refreshSession") == 0


async def test_a_session_that_cannot_be_refreshed_begins_anew_with_the_password(joined: Joined):
    joined.server.sessions.clear()
    await NETWORK.mentions(joined.account, None)
    assert asked(joined.server, "refreshSession") == 1
    assert asked(joined.server, "createSession") == 2


async def test_a_password_that_was_taken_back_is_unauthorized_and_a_new_one_is_used(joined: Joined):
    joined.server.revoke()
    with pytest.raises(errors.Unauthorized):
        await NETWORK.mentions(joined.account, None)
    again = await join(joined.server)
    await NETWORK.mentions(again.account, None)
    joined.server.expire()
    await NETWORK.mentions(again.account, None)
    with pytest.raises(errors.Unauthorized):
        await NETWORK.mentions(joined.account, None)


async def test_a_server_in_trouble_is_no_refused_sign_in(joined: Joined):
    joined.server.expire()
    joined.server.faults.append(Fault("error", "/xrpc/com.atproto.server.refreshSession"))
    with pytest.raises(errors.Transient):
        await NETWORK.mentions(joined.account, None)
    await NETWORK.mentions(joined.account, None)


async def test_a_session_that_ends_while_publishing_ends_in_one_post(joined: Joined):
    from tests.networks.given import first, outgoing, ready

    joined.server.post("nora", "@acme hello")
    got = await first(NETWORK, joined.account)
    reply = await ready(NETWORK, joined.account, outgoing(got, "", text="Hi"))
    joined.server.expire()
    await NETWORK.publish(joined.account, reply)
    assert sum(one.did == did_of("acme") for one in joined.server.world.posts.values()) == 1


async def test_an_account_is_its_did_and_a_handle_is_proved_both_ways(joined: Joined):
    assert joined.account.remote_id == did_of("acme")
    assert joined.connected.warnings == ()
    joined.server.world.names[did_of("acme")] = "newname.test"
    again = await NETWORK.refresh(joined.account)
    assert (again.account.remote_id, again.account.handle) == (did_of("acme"), "newname.test")
    joined.server.world.names = {did_of("thief"): "newname.test"} | joined.server.world.names
    unproved = await NETWORK.refresh(joined.account)
    assert unproved.account.handle == did_of("acme")
    assert unproved.warnings == ("connect.bluesky.handle_unproved",)


async def test_a_directory_that_knows_another_account_is_refused(server: Server, monkeypatch):
    monkeypatch.setattr(
        server, "_document", lambda did: __import__("tests.rude", fromlist=["answer"]).answer({"id": "did:plc:x"})
    )
    with pytest.raises(errors.Rejected):
        await NETWORK.connect(fields(server, password=server.brand("acme")), {}, {}, "")


async def test_who_moves_house_is_followed(joined: Joined):
    with Server() as other:
        other.world, other.passwords = joined.server.world, joined.server.passwords
        other.sessions = joined.server.sessions
        joined.server.post("nora", "@acme hello")
        document = joined.server._document
        joined.server._document = lambda did: document(did).replace(joined.server.url.encode(), other.url.encode())
        try:
            moved = await NETWORK.refresh(joined.account)
        finally:
            del joined.server._document
        assert moved.account.server == joined.account.server  # by which the house knows it
        joined.server.asked.clear()
        assert (await NETWORK.mentions(moved.account, None)).items
        assert joined.server.asked == []


@pytest.mark.parametrize(
    "wrong", [{"identifier": ""}, {"password": ""}, {"password": "wrong"}, {"identifier": "nobody.test"}]
)
async def test_what_is_not_accepted_is_unauthorized(server: Server, wrong):
    given = fields(server, password=server.brand("acme"))
    with pytest.raises(errors.Unauthorized):
        await NETWORK.connect(given | wrong, {}, {}, "")


async def test_a_handle_may_be_typed_as_people_write_it(server: Server):
    given = fields(server, password=server.brand("acme"))
    connected = await NETWORK.connect(given | {"identifier": " @Acme.Test "}, {}, {}, "")
    assert connected.account.handle == "acme.test"
