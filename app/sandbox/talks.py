"""Conversations: private statuses gathered by thread, as the list of direct messages shows them."""

from dataclasses import dataclass

from app.sandbox import entities, sight
from app.sandbox.records import Account, Json, Status
from app.sandbox.world import World


@dataclass(slots=True)
class Talk:
    """One private conversation of one account; its id is the thread's."""

    id: str
    owner: Account
    last: Status
    others: list[str]
    unread: bool


def talks(world: World, owner: Account) -> list[Talk]:
    """List an account's private conversations, the one with the newest status last."""
    newest: dict[str, Status] = {}
    for status in world.statuses.values():
        if status.visibility == "direct" and owner.id in (status.account_id, *status.mentions):
            known = newest.get(status.thread_id)
            if (not known or world.key(known.id) < world.key(status.id)) and sight.may_see(world, status, owner):
                newest[status.thread_id] = status
    return [talk_of(world, owner, last) for last in sorted(newest.values(), key=lambda one: world.key(one.id))]


def talk_of(world: World, owner: Account, last: Status) -> Talk:
    """Make the conversation that ends in this status."""
    others = [who for who in dict.fromkeys((last.account_id, *last.mentions)) if who != owner.id]
    unread = last.account_id != owner.id and world.read_talks.get(f"{owner.id}:{last.thread_id}") != last.id
    return Talk(last.thread_id, owner, last, others, unread)


def mark_read(world: World, talk: Talk) -> Talk:
    """Note that the owner has read a conversation up to its last status."""
    world.read_talks[f"{talk.owner.id}:{talk.id}"] = talk.last.id
    world.touch()
    return talk_of(world, talk.owner, talk.last)


def entity(world: World, talk: Talk) -> Json:
    """Make a Conversation."""
    return {
        "id": talk.id,
        "unread": talk.unread,
        "accounts": [entities.account(world, world.accounts[who]) for who in talk.others],
        "last_status": entities.status(world, talk.last, talk.owner),
    }
