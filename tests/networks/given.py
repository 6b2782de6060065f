"""What the contract tests ask an adapter for, over and over."""

import time

from app.networks.port import Account, Inbound, Network, Outgoing

RETURN = "https://desk.example/return"


def outgoing(parent: Inbound, words: str, **more) -> Outgoing:
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
