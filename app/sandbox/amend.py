"""Changing a status after it was published: editing, deleting, boosting, liking."""

from app.sandbox import notices, people
from app.sandbox.failures import Refusal, invalid
from app.sandbox.publish import addressees, check, tell_home, usable
from app.sandbox.records import Account, Status, Version
from app.sandbox.wish import Wish
from app.sandbox.world import World


def edit(world: World, author: Account, status: Status, wish: Wish) -> Status:
    """Give a status a new text, warning, language or pictures; id, uri, visibility and parent stay."""
    check(world, wish.text, wish.spoiler, has_media=bool(wish.media_ids))
    pictures = usable(world, author, wish.media_ids, status_id=status.id)
    before = (status.text, status.spoiler, status.sensitive, status.media_ids)
    wanted = (wish.text, wish.spoiler, wish.sensitive or bool(wish.spoiler), [one.id for one in pictures])
    if before == wanted:
        return status
    at_ms = status.edited_ms or status.created_ms
    status.history.append(Version(status.text, status.spoiler, status.sensitive, status.media_ids, at_ms))
    status.text, status.spoiler, status.sensitive, status.media_ids = wanted
    status.language = wish.language or status.language
    status.edited_ms = max(world.now_ms(), at_ms + 1)
    for picture in pictures:
        picture.status_id = status.id
    earlier = set(status.mentions)
    addressed = [account.id for account in addressees(world, author, wish.text)]
    status.mentions = addressed
    world.rendered.pop(status.id, None)
    world.touch()
    _tell_of_edit(world, status, earlier)
    return status


def _tell_of_edit(world: World, status: Status, earlier: set[str]) -> None:
    for who in status.mentions:
        if who not in earlier:
            notices.tell(world, world.accounts[who], "mention", status.account_id, status)
    reacted = {world.statuses[boost].account_id for boost in world.boosts.get(status.id, ())}
    if world.flavour.edit_tells == "reacted":
        reacted |= {world.statuses[reply].account_id for reply in world.replies.get(status.id, ())}
        reacted |= set(status.favourited_by)
    for who in sorted(reacted):
        notices.tell(world, world.accounts[who], "update", status.account_id, status)
    for quoting in world.quotes.get(status.id, ()):
        quoter = world.accounts[world.statuses[quoting].account_id]
        notices.tell(world, quoter, "quoted_update", status.account_id, world.statuses[quoting])
    pushed = tuple(status.mentions) if world.flavour.edit_tells == "boosted" else ()
    tell_home(world, status, "status.update", also=pushed)


def delete(world: World, status: Status) -> None:
    """Remove a status: its answers lose their parent, its notifications vanish, those concerned hear of it."""
    followers = [who for who, ties in world.follows.items() if status.account_id in ties]
    for boost in tuple(world.boosts.get(status.id, ())):
        delete(world, world.statuses[boost])
    notices.forget(world, status)
    for reply in world.replies.pop(status.id, []):
        world.statuses[reply].parent_id = None  # the parent's author stays known, as on Mastodon
    for who in dict.fromkeys((status.account_id, *followers, *status.mentions)):
        world.hub.tell(who, ("user",), "delete", lambda: status.id)
    world.unshelve(status)


def boost(world: World, who: Account, status: Status) -> Status:
    """Boost a status; doing it again gives the same boost."""
    if status.visibility == "direct" or (status.visibility == "private" and status.account_id != who.id):
        raise Refusal(422, {"error": "Validation failed: This post may not be boosted"})
    for known in world.boosts.get(status.id, ()):
        if world.statuses[known].account_id == who.id:
            return world.statuses[known]
    now = world.now_ms()
    made_id = world.new_id(now)
    made = Status(made_id, who.id, "", status.visibility, now, made_id, boost_of=status.id)
    world.shelve(made)
    notices.tell(world, world.accounts[status.account_id], "reblog", who.id, status)
    tell_home(world, made, "update")
    return made


def unboost(world: World, who: Account, status: Status) -> None:
    """Take a boost back."""
    for known in tuple(world.boosts.get(status.id, ())):
        if world.statuses[known].account_id == who.id:
            delete(world, world.statuses[known])


def favourite(world: World, who: Account, status: Status, on: bool) -> None:
    """Like a status, or no longer; only the first time tells its author."""
    if on and who.id not in status.favourited_by:
        status.favourited_by.append(who.id)
        notices.tell(world, world.accounts[status.account_id], "favourite", who.id, status)
    elif not on and who.id in status.favourited_by:
        status.favourited_by.remove(who.id)
    world.touch()


def follow(world: World, who: Account, whom: Account, on: bool) -> None:
    """Follow somebody, or no longer."""
    if who.id == whom.id:
        raise invalid(world.flavour, "Validation failed: You cannot follow yourself")
    if on and not people.follows(world, who.id, whom.id) and not people.apart(world, who.id, whom.id):
        people.link(world, world.follows, who.id, whom.id, on=True)
        notices.tell(world, whom, "follow", who.id, None)
    elif not on:
        people.link(world, world.follows, who.id, whom.id, on=False)
