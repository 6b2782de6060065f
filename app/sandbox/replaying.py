"""Putting a recorded post into the network as it was: its id, its time, its place in the conversation."""

import hashlib
from datetime import UTC, datetime
from typing import Final, Literal

import regex

from app.sandbox import people, publish
from app.sandbox.failures import Refusal
from app.sandbox.ids import Ulids, ulid
from app.sandbox.records import Account, Status
from app.sandbox.world import World

BRAND: Final = "@brand"
_SAFE_ID: Final = regex.compile(r"[A-Za-z0-9_-]{1,64}")
_UNSAFE: Final = regex.compile(r"[^A-Za-z0-9_]+")

Outcome = Literal["posted", "known"]


def replay_post(
    world: World,
    brand: Account,
    *,
    given_id: str,
    author: str,
    text: str,
    parent: str | None,
    at: datetime,
    to_brand: bool,
) -> Outcome:
    """Post one recorded post, or find that it was posted before. Raises Refusal when the id is another post's.

    A parent that is not there leaves the post a root until the parent comes, if it ever does.
    """
    at_ms = int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)
    who = brand if author == BRAND else _customer(world, author, at_ms)
    if given_id in world.given:
        known = world.statuses.get(world.given[given_id])
        if known and (known.account_id, known.created_ms) != (who.id, at_ms):
            raise Refusal(422, {"error": f"the id {given_id} already belongs to another post"})
        return "known"
    if to_brand and who.id != brand.id and brand not in publish.addressees(world, who, text):
        text = f"@{brand.acct} {text}"
    above = world.statuses.get(world.given.get(parent, "")) if parent else None
    status_id = _id_for(world, given_id, at_ms)
    status = Status(
        id=status_id,
        account_id=who.id,
        text=text,
        visibility="public",
        created_ms=at_ms,
        thread_id=above.thread_id if above else status_id,
        parent_id=above.id if above else None,
        parent_account_id=above.account_id if above else None,
        mentions=[account.id for account in publish.addressees(world, who, text)],
        given_id=given_id,
    )
    world.given[given_id] = status_id
    world.shelve(status)
    if parent and parent not in world.given:
        world.orphans.setdefault(parent, []).append(status_id)
    for child in world.orphans.pop(given_id, []):
        _adopt(world, status, child)
    publish.announce(world, status)
    return "posted"


def _customer(world: World, author: str, at_ms: int) -> Account:
    """Answer the account of a recorded author; a name no server would take is bent into one, always the same way."""
    handle = author.removeprefix("@")
    if not people.is_handle(handle):
        digest = hashlib.sha256(author.encode()).hexdigest()[:8]
        handle = f"{_UNSAFE.sub('_', handle).strip('_')[:20]}_{digest}".lstrip("_")
    known = world.account_named(handle)
    if known and known.brand:
        handle = f"{handle}_customer"
    account = people.settle(world, handle)
    account.created_ms = min(account.created_ms, at_ms)
    return account


def _id_for(world: World, given_id: str, at_ms: int) -> str:
    """Keep the given id where the server's ids could look so, else make one that is always the same for it."""
    numeric = not isinstance(world.flakes, Ulids)
    if numeric and _SAFE_ID.fullmatch(given_id) and given_id not in world.statuses:
        return given_id
    digest = int.from_bytes(hashlib.sha256(given_id.encode()).digest()[:10], "big")
    value = max(at_ms, 0) << 16 | digest & 0xFFFF if numeric else max(at_ms, 0) << 80 | digest
    while (made := str(value) if numeric else ulid(value)) in world.statuses:
        value += 1
    return made


def _adopt(world: World, parent: Status, child_id: str) -> None:
    """Hang a post that came before its parent where it belongs, with everything below it."""
    child = world.statuses.get(child_id)
    if not child:
        return
    world.unshelve(child)
    child.parent_id, child.parent_account_id = parent.id, parent.account_id
    world.shelve(child)
    below = [child_id]
    while below:
        one = below.pop()
        world.statuses[one].thread_id = parent.thread_id
        below.extend(world.replies.get(one, ()))
