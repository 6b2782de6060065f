"""What people type or posts name never makes the server call inside the network: by no spelling, redirect or second look-up."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.brands.connect import connect_account
from app.brands.models import BrandAccount
from app.core import client
from app.core.addresses import HostRefused, is_public
from app.core.errors import DeskError
from app.core.settings import settings
from app.core.transaction import transaction
from app.networks.adapters.mastodon.line import listen
from app.networks.errors import NetworkError, Rejected
from app.networks.port import Account
from tests.given import a_desk
from tests.rude import answer, rude_server

PRIVATE = [
    *("0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254"),
    *("172.16.0.1", "172.31.255.255", "192.0.0.170", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1"),
    *("198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1", "100::1", "fc00::1"),
    *("fd00:ec2::254", "fe80::1", "fe80::1%1", "fec0::1", "ff02::1", "2001:db8::1", "3fff::1", "5f00::1", "4000::1"),
    *("64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::8.8.8.8", "2002:7f00:1::1", "2002:c0a8:1::1"),
    "2001:0:808:808:0:0:80ff:fffe",  # Teredo: the last four bytes are 127.0.0.1, turned round
]
PUBLIC = [
    "9.9.9.9",
    "192.88.98.1",
    "2620:fe::9",
    "2a00:1450::1",
    "64:ff9b::808:808",
    "::ffff:9.9.9.9",
    "2002:909:909::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_it_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_it_is_public(address: str) -> None:
    assert is_public(address)


@pytest.fixture
def private_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "allow_private_networks", False)


@asynccontextmanager
async def inside(said: bytes = answer(b"{}")) -> AsyncIterator[tuple[str, list[str]]]:
    """A server on loopback that must hear of nobody; its address and what it was asked."""
    asked: list[str] = []

    async def handler(one: Any) -> bytes:
        asked.append(f"{one.method} {one.path}")
        return said

    async with rude_server(handler) as url:
        yield url, asked


SPELLINGS = [
    *("https://{port}.0", "https://127.0.0.1:{port}", "https://localhost:{port}", "https://LOCALHOST.:{port}"),
    *(
        "https://[::1]:{port}",
        "https://[::ffff:127.0.0.1]:{port}",
        "https://2130706433:{port}",
        "https://0x7f000001:{port}",
    ),
    *("https://0177.0.0.1:{port}", "https://127.1:{port}", "https://0:{port}", "https://①②⑦.⓪.⓪.①:{port}"),
    *("https://user@127.0.0.1:{port}", "https://good.example@127.0.0.1:{port}", "http://127.0.0.1:{port}"),
    *("https://127.0.0.1:{port}/../x", "https://127.0.0.1:{port}#@good.example", "@acme@127.0.0.1:{port}"),
    *("gopher://127.0.0.1:{port}", "file:///etc/passwd", "unix:///run/x.sock", "https://169.254.169.254", ""),
]


@pytest.mark.usefixtures("private_refused", "database")
async def test_no_way_of_writing_an_instance_reaches_inside() -> None:
    desk = await a_desk()
    async with inside() as (url, asked):
        port = url.rpartition(":")[2]
        for spelling in SPELLINGS:
            for more in ({"token": "secret-token"}, {}):
                fields = {"server": spelling.format(port=port), **more}
                with pytest.raises(DeskError) as refused:
                    await connect_account(
                        desk.lead, desk.brand_id, "mastodon", fields, import_days=0, return_url="https://desk.example/r"
                    )
                assert "secret-token" not in str(refused.value)
        assert asked == []
    async with transaction() as tx:
        assert (await tx.scalars(select(BrandAccount))).all() == []
    await client.close()


class Resolver:
    """Names answered by the test: each look-up takes the next answer, and the last one for ever."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers, self.asked = list(answers), 0

    async def getaddrinfo(self, host: str, port: int, **_: Any) -> list[Any]:
        self.asked += 1
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        family = {True: socket.AF_INET6, False: socket.AF_INET}
        return [(family[":" in one], socket.SOCK_STREAM, 6, "", (one, port)) for one in found]


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    def use(*answers: list[str]) -> Resolver:
        made = Resolver(*answers)
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", made.getaddrinfo)
        return made

    return use


@pytest.mark.usefixtures("private_refused")
async def test_a_name_that_moves_inside_after_the_check_is_not_followed(resolver: Any) -> None:
    async with inside() as (url, asked):
        names = resolver(["192.0.2.99"], ["127.0.0.1"])
        address = url.replace("127.0.0.1", "moving.example")
        with pytest.raises(HostRefused):  # an address for examples, so that nothing leaves this machine
            await client.request("GET", address, budget=2)
        assert names.asked == 1
        with pytest.raises(HostRefused):
            await client.request("GET", address, budget=2)
        assert asked == []


async def test_what_was_checked_is_what_is_connected_to(resolver: Any) -> None:
    """Where private networks are allowed the same way is taken, so it can be watched: one look-up, and its answer is used."""
    async with inside() as (url, asked):
        names = resolver(["127.0.0.1"], ["192.0.2.99"])
        await client.request("GET", url.replace("127.0.0.1", "moving.example"), budget=5)
        assert (names.asked, asked) == (1, ["GET /"])


@pytest.mark.usefixtures("private_refused")
@pytest.mark.parametrize("found", [["127.0.0.1"], ["10.0.0.1", "::1"], ["::ffff:127.0.0.1"], ["169.254.169.254"]])
async def test_a_name_for_an_address_inside_is_refused(resolver: Any, found: list[str]) -> None:
    resolver(found)
    with pytest.raises(HostRefused):
        await client.request("GET", "https://inside.example/", budget=2)


async def test_a_redirect_inside_is_not_followed() -> None:
    async with inside() as (within, asked):
        for status in ("301 M", "302 F", "303 S", "307 T", "308 P", "300 C"):
            async with inside(answer(b"", f"Location: {within}/latest/meta-data/", status=status)) as (url, _):
                said = await client.request("GET", url)
                assert said.status == int(status[:3])
        assert asked == []


async def test_a_live_line_that_is_redirected_is_not_followed_either() -> None:
    """The server names where it streams, and its answer may name another place: neither is a way inside."""
    async with inside() as (within, asked):
        there = within.replace("http", "ws")
        async with inside(answer(b"", f"Location: {there}/api/v1/streaming", status="302 Found")) as (url, _):
            traits = {"streaming": f"{url.replace('http', 'ws')}/api/v1/streaming"}
            account = Account("mastodon", url, "1", "acme@x.example", {"token": "secret-token"}, traits)
            with pytest.raises(NetworkError) as broken:
                await anext(listen(account))
        assert "secret-token" not in str(broken.value)
        assert asked == []


@pytest.mark.usefixtures("private_refused")
async def test_a_live_line_inside_is_refused() -> None:
    async with inside() as (url, asked):
        traits = {"streaming": f"{url.replace('http', 'ws')}/api/v1/streaming"}
        account = Account("mastodon", "https://x.example", "1", "acme@x.example", {"token": "secret-token"}, traits)
        with pytest.raises(Rejected):
            await anext(listen(account))
    assert asked == []


async def test_a_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    async with inside() as (proxy, through), inside() as (url, asked):
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy)
        await client.request("GET", url)
        assert (through, asked) == ([], ["GET /"])


def test_only_one_file_opens_connections_to_servers(here: Path) -> None:
    """Pictures of posts are never fetched by us: whoever calls out is known, and checks the address."""
    calling = {
        path.relative_to(here).as_posix()
        for path in sorted((here / "app").rglob("*.py"))
        if "sandbox" not in path.parts and any(word in path.read_text() for word in _WAYS)
    }
    lines = {name for name in calling if re.fullmatch(r"app/networks/adapters/\w+/line\.py", name)}
    assert [name for name in sorted(lines) if "await checked_addresses(" not in (here / name).read_text()] == []
    assert calling - lines == {
        "app/core/client.py",
        "app/doctor/look_at_machine.py",  # asks its own machine whether we answer there
        "app/demo/neighbour.py",  # asks its own machine whether the sandbox is there
    }


_WAYS = (
    *("httpx2.", "httpx.", "httpcore2.", "urlopen", " requests.", "aiohttp", "open_connection(", "create_connection("),
    "websockets.asyncio.client",
)
