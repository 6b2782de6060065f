"""Which of many comments do not stand any more: asked for together, and once more each before it is believed."""

from collections.abc import Sequence
from typing import Final

from app.networks.adapters.wordpress.client import Api, Unreadable
from app.networks.errors import Gone
from app.networks.foreign import member, whole, words
from app.networks.port import Account

AT_ONCE: Final = 100
_SINGLY: Final = 20
"""So many of those left out are asked for one by one; the rest another day."""
_MOST_ID: Final = 10**18


async def gone(account: Account, remote_ids: Sequence[str]) -> frozenset[str]:
    """Those of which the site itself says that they are not there, or not for us."""
    api = Api.of(account)
    wanted = [one for one in remote_ids if one.isascii() and one.isdecimal()]
    if not wanted:
        return frozenset()
    seen = (("status", "all"),) if account.traits.get("moderates") else ()
    told = await api.page("wp/v2/comments", (("include", ",".join(wanted)), ("per_page", str(AT_ONCE)), *seen))
    there = {str(whole(member(one, "id"), _MOST_ID)) for one in told}
    if there - set(wanted):
        raise Unreadable  # what does not do as asked says nothing about what it leaves out
    found = set()
    for one in [one for one in wanted if one not in there][:_SINGLY]:
        try:
            comment = await api.get(f"wp/v2/comments/{one}", one_post=True)
        except Gone:
            found.add(one)
            continue
        if words(member(comment, "status"), 60) in {"spam", "trash"}:
            found.add(one)
    return frozenset(found)
