"""What the contract tests ask an adapter for, over and over."""

import time
from dataclasses import replace

import pytest

from app.networks.port import Account, Inbound, Network, Outgoing, Published

RETURN = "https://desk.example/return"


def needs(adapter: Network, *abilities: str) -> None:
    """Skip where the adapter says that its network has no such thing."""
    if missing := set(abilities) - adapter.can:
        pytest.skip(f"{adapter.name} has no {', '.join(missing)}")


def outgoing(parent: Inbound, words: str, **more) -> Outgoing:
    """A reply, without its parent's facts unless they are given: those of an old parent may be missing."""
    given = {"key": f"key-{time.monotonic_ns()}", "in_reply_to": parent.remote_id, "visibility": parent.visibility}
    return Outgoing(**{**given, "text": f"@{parent.author.handle} {words}", **more})


async def walk(adapter: Network, account: Account, cursor: str | None, limit: int = 80) -> tuple[list[Inbound], str]:
    """Every mention after a cursor, and the cursor after them."""
    found: list[Inbound] = []
    while True:
        page = await adapter.mentions(account, cursor, limit=limit)
        found += page.items
        cursor = page.cursor
        if not page.more:
            return found, cursor


async def first(adapter: Network, account: Account) -> Inbound:
    return (await adapter.mentions(account, None)).items[-1]


async def ready(adapter: Network, account: Account, reply: Outgoing) -> Outgoing:
    """The reply as the house hands it over: prepared once, before the first attempt."""
    return replace(reply, prepared=await adapter.prepare(account, reply))


async def send(adapter: Network, account: Account, reply: Outgoing) -> Published:
    """Prepare a reply and publish it."""
    return await adapter.publish(account, await ready(adapter, account, reply))
