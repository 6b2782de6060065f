"""Running sandboxes for these tests: one server of each flavour per worker, emptied after every test."""

from collections.abc import Callable, Iterator

import httpx2
import pytest

from tests.sandbox.live import LiveBrand, Sandbox, start_sandbox


@pytest.fixture(scope="session")
def mastodon_server() -> Iterator[Sandbox]:
    with start_sandbox() as running:
        yield running


@pytest.fixture(scope="session")
def gotosocial_server() -> Iterator[Sandbox]:
    with start_sandbox(flavour="gotosocial") as running:
        yield running


@pytest.fixture
def sandbox(mastodon_server: Sandbox) -> Iterator[Sandbox]:
    """A Mastodon sandbox, empty."""
    yield mastodon_server
    mastodon_server.reset()


@pytest.fixture
def gotosocial(gotosocial_server: Sandbox) -> Iterator[Sandbox]:
    """A GoToSocial-like sandbox, empty."""
    yield gotosocial_server
    gotosocial_server.reset()


@pytest.fixture
def brand(sandbox: Sandbox) -> LiveBrand:
    return sandbox.brand("acme", "Acme")


Opener = Callable[..., httpx2.Client]


@pytest.fixture
def open_client() -> Iterator[Opener]:
    """Make clients that are closed again: open_client(sandbox, token)."""
    made: list[httpx2.Client] = []

    def make(sandbox: Sandbox, token: str | None = None, **more) -> httpx2.Client:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        client = httpx2.Client(base_url=sandbox.base_url, headers=headers, timeout=30, trust_env=False, **more)
        made.append(client)
        return client

    yield make
    for client in made:
        client.close()


@pytest.fixture
def acme(sandbox: Sandbox, brand: LiveBrand, open_client: Opener) -> httpx2.Client:
    """A client that speaks as the brand @acme."""
    return open_client(sandbox, brand.token)
