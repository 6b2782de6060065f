"""A client that is not ours, Mastodon.py, uses the sandbox as it would any server."""

import threading
import warnings
from collections.abc import Iterator

import pytest

from tests.sandbox.live import LiveBrand, Sandbox
from tests.sandbox.pictures import PNG

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from mastodon import Mastodon, MastodonNotFoundError, StreamListener

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")


@pytest.fixture
def client(sandbox: Sandbox, brand: LiveBrand) -> Iterator[Mastodon]:
    made = Mastodon(access_token=brand.token, api_base_url=sandbox.base_url, ratelimit_method="throw")
    yield made
    made.session.close()


def test_it_knows_the_server(client: Mastodon) -> None:
    assert client.retrieve_mastodon_version() == "4.6.3"
    assert client.instance().configuration.statuses.max_characters == 500
    assert client.account_verify_credentials().acct == "acme"
    assert client.stream_healthy()


def test_it_posts_edits_and_deletes(sandbox: Sandbox, client: Mastodon) -> None:
    root = sandbox.post_as("nora", "@acme hello")
    made = client.status_reply(client.status(root["id"]), "we saw it", visibility="unlisted", idempotency_key="k")
    again = client.status_post("other", idempotency_key="k")
    assert (made.id, made.in_reply_to_id) == (again.id, root["id"])
    assert [one.acct for one in made.mentions] == ["nora"]
    edited = client.status_update(made.id, "@nora we solved it", spoiler_text="solved")
    assert edited.edited_at > made.created_at
    assert len(client.status_history(made.id)) == 2
    assert client.status_source(made.id).text == "@nora we solved it"
    assert client.status_context(root["id"]).descendants[0].id == made.id
    client.status_delete(made.id)
    with pytest.raises(MastodonNotFoundError):
        client.status(made.id)


def test_it_pages_through_notifications(sandbox: Sandbox, client: Mastodon) -> None:
    for n in range(7):
        sandbox.post_as("nora", f"@acme {n}")
    first = client.notifications(limit=3)
    everything = client.fetch_remaining(first)
    assert [one.type for one in everything] == ["mention"] * 7
    assert len({one.id for one in everything}) == 7
    assert client.fetch_previous(first) in ([], None)
    assert client.notifications(exclude_types=["mention"]) == []


def test_it_uploads_pictures(client: Mastodon) -> None:
    media = client.media_post(PNG, mime_type="image/png", description="two poles")
    made = client.status_post("look", media_ids=[media])
    assert made.media_attachments[0].description == "two poles"


def test_it_reads_conversations_and_relations(sandbox: Sandbox, client: Mastodon) -> None:
    root = sandbox.post_as("nora", "@acme psst", visibility="direct")
    assert client.conversations()[0].last_status.id == root["id"]
    sandbox.block("nora", "acme")
    assert client.account_relationships(root["account"]["id"])[0].blocked_by
    assert client.account_lookup("nora").id == root["account"]["id"]
    assert client.search("nora", result_type="accounts").accounts[0].acct == "nora"


def test_it_registers_and_signs_in(sandbox: Sandbox, brand: LiveBrand) -> None:
    oob = "urn:ietf:wg:oauth:2.0:oob"
    key, secret = Mastodon.create_app("Oracle", scopes=["read"], redirect_uris=oob, api_base_url=sandbox.base_url)
    client = Mastodon(client_id=key, client_secret=secret, api_base_url=sandbox.base_url)
    address = client.auth_request_url(scopes=["read"], redirect_uris=oob, allow_http=True)
    data = {"account": brand.id, "decision": "allow"}
    page = client.session.post(address, data=data, timeout=10)
    code = page.text.partition("<code>")[2].partition("</code>")[0]
    assert client.log_in(code=code, scopes=["read"], redirect_uri=oob, allow_http=True)
    assert client.account_verify_credentials().acct == "acme"
    client.session.close()


def test_it_streams(sandbox: Sandbox, client: Mastodon) -> None:
    told: list = []
    came = threading.Event()

    class Ears(StreamListener):
        def on_notification(self, notification) -> None:
            told.append(notification)
            came.set()

    stream = client.stream_user(Ears(), run_async=True)
    try:
        for _ in range(20):
            made = sandbox.post_as("nora", "@acme hello")
            if came.wait(0.25):
                break
        assert told[0].type == "mention"
        assert told[0].status.id <= made["id"]
    finally:
        sandbox.cut_streams()
        stream.close()
        stream._thread.join(10)
