"""Telling somebody that something happened: the notification, the filter in front of it, and the live event."""

import orjson

from app.sandbox import entities, people
from app.sandbox.records import Account, Notice, Status
from app.sandbox.world import World


def tell(world: World, owner: Account, kind: str, from_id: str, status: Status | None) -> None:
    """Notify an account of this server, unless it did the thing itself, a block stands between, or its policy drops it."""
    if owner.domain or owner.id == from_id or people.apart(world, owner.id, from_id):
        return
    verdict = _verdict(owner, status)
    if verdict == "drop":
        return
    notice = Notice(
        id=world.new_notice_id(),
        owner_id=owner.id,
        from_id=from_id,
        kind=kind,
        status_id=status.id if status else None,
        created_ms=world.now_ms(),
        filtered=verdict == "filter",
    )
    world.note(notice)
    if not notice.filtered:
        world.hub.tell(
            owner.id,
            ("user", "user:notification"),
            "notification",
            lambda: orjson.dumps(entities.notice(world, notice)).decode(),
        )


def _verdict(owner: Account, status: Status | None) -> str:
    """Apply the one rule of the policy that matters here: private mentions of people the owner did not write to."""
    if status and status.visibility == "direct" and status.parent_account_id != owner.id:
        return owner.policy.get("for_private_mentions", "accept")
    return "accept"


def forget(world: World, status: Status) -> None:
    """Remove every notification about a status that is gone."""
    for notice_id in tuple(world.notices_about.get(status.id, ())):
        world.drop_notice(world.notices[notice_id])
