"""Which of many posts do not stand any more: asked for twenty at a time where the server can, and one by one otherwise."""

from collections.abc import Sequence
from typing import Final

from app.networks.adapters.mastodon.client import Api, Unreadable, segment
from app.networks.errors import Gone
from app.networks.foreign import identifier, member
from app.networks.port import Account

_PART: Final = 20
"""So many Mastodon answers at a time (4.3 and later)."""
_SINGLY: Final = 20
"""So many are asked for one by one: of those that an answer leaves out, each; the rest another day."""
_SINCE: Final = 2
"""The version of Mastodon's own interface that has it."""


def at_once(account: Account) -> int:
    """How many posts gone() takes."""
    return 100 if _knows_many(account) else _SINGLY


async def gone(account: Account, remote_ids: Sequence[str]) -> frozenset[str]:
    """Those of which the server itself says that they are not there, or not for us; being left out is no such word."""
    api = Api.of(account)
    doubtful = list(remote_ids)
    if _knows_many(account):
        there: set[str] = set()
        for start in range(0, len(remote_ids), _PART):
            part = remote_ids[start : start + _PART]
            told = await api.get("/api/v1/statuses", [("id[]", one) for one in part])
            if not isinstance(told, list):
                raise Unreadable
            there |= {number for one in told if (number := identifier(member(one, "id"), 200)) is not None}
        doubtful = [one for one in remote_ids if one not in there]
    found = set()
    for one in doubtful[:_SINGLY]:
        try:
            await api.get(f"/api/v1/statuses/{segment(one)}", one_post=True)
        except Gone:
            found.add(one)
    return frozenset(found)


def _knows_many(account: Account) -> bool:
    return account.traits.get("family") == "mastodon" and int(account.traits.get("api") or 0) >= _SINCE
