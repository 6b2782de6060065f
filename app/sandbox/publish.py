"""Publishing a status: the checks a server makes, the row, and who hears of it."""

from typing import Final

import orjson

from app.sandbox import entities, notices, people, sight
from app.sandbox.failures import Refusal, invalid, not_found
from app.sandbox.records import VISIBILITIES, Account, Picture, Status
from app.sandbox.text import length, mentioned, tags
from app.sandbox.wish import Wish
from app.sandbox.world import World

KEY_LIFE_MS: Final = 3_600_000
"""How long Mastodon remembers an Idempotency-Key."""


def publish(world: World, author: Account, wish: Wish) -> Status:
    """Publish what an account wants to say, once per Idempotency-Key and hour where the server honours keys.

    Raises Refusal as the server would. Nothing is changed then.
    """
    known = _repeat(world, author, wish.key)
    if known:
        return known
    parent = _parent(world, author, wish)
    check(world, wish.text, wish.spoiler, has_media=bool(wish.media_ids))
    visibility = wish.visibility or author.privacy
    if visibility not in VISIBILITIES:
        raise Refusal(422, {"error": f"Validation failed: Visibility {visibility} is not included in the list"})
    addressed = addressees(world, author, wish.text)
    _only_expected(world, addressed, wish.allowed)
    quoted = _quoted(world, author, wish.quote_id)
    pictures = usable(world, author, wish.media_ids, status_id=None)
    now = world.now_ms()
    status_id = world.new_id(now)
    status = Status(
        id=status_id,
        account_id=author.id,
        text=wish.text,
        visibility=visibility,
        created_ms=now,
        thread_id=parent.thread_id if parent else status_id,
        spoiler=wish.spoiler,
        sensitive=wish.sensitive or bool(wish.spoiler),
        language=wish.language or author.language,
        parent_id=parent.id if parent else None,
        parent_account_id=parent.account_id if parent else None,
        mentions=[account.id for account in addressed],
        media_ids=[picture.id for picture in pictures],
        quote_id=quoted.id if quoted else None,
        quote_policy=wish.quote_policy,
        application=wish.application,
        website=wish.website,
    )
    for picture in pictures:
        picture.status_id = status.id
    if wish.key and world.flavour.honours_keys:
        world.keys[f"{author.id}:{wish.key}"] = (status.id, now)
    world.shelve(status)
    announce(world, status)
    return status


def check(world: World, text: str, spoiler: str, *, has_media: bool) -> None:
    """Refuse a text that is empty or too long, in the server's own words."""
    flavour = world.flavour
    if not text.strip() and not has_media and not spoiler:
        raise invalid(flavour, "Validation failed: Text can't be blank", "status contains no text, media or poll")
    if length(flavour, text, spoiler) > flavour.max_characters:
        raise invalid(
            flavour,
            f"Validation failed: Text character limit of {flavour.max_characters} exceeded",
            f"text with spoiler exceed max chars ({flavour.max_characters})",
        )


def addressees(world: World, author: Account, text: str) -> list[Account]:
    """List whom a text mentions, without its author; a handle nobody has stays plain text."""
    found = {account.id: account for handle in mentioned(text) if (account := world.account_named(handle))}
    found.pop(author.id, None)
    return list(found.values())


def usable(world: World, author: Account, media_ids: list[str], *, status_id: str | None) -> list[Picture]:
    """Answer the pictures a status may carry; each is the author's own, ready, and used by no other status."""
    flavour = world.flavour
    if len(media_ids) > flavour.max_media:
        raise invalid(flavour, f"Validation failed: Cannot attach more than {flavour.max_media} files")
    found: list[Picture] = []
    for media_id in dict.fromkeys(media_ids):
        picture = world.pictures.get(media_id)
        if not picture or picture.account_id != author.id or picture.status_id not in {None, status_id}:
            words = f"Validation failed: Media {media_id} not found or already attached to another post"
            raise invalid(flavour, words, f"media already attached to status: {media_id}")
        if picture.ready_ms > world.now_ms():
            words = "Cannot attach files that have not finished processing. Try again in a moment!"
            raise invalid(flavour, f"Validation failed: {words}")
        found.append(picture)
    return found


def announce(world: World, status: Status) -> None:
    """Tell those concerned: the mentioned, the quoted, and the home streams of the author and followers."""
    author = world.accounts[status.account_id]
    for who in status.mentions:
        notices.tell(world, world.accounts[who], "mention", author.id, status)
    quoted = world.statuses.get(status.quote_id or "")
    if quoted and quoted.account_id not in status.mentions:
        notices.tell(world, world.accounts[quoted.account_id], "quote", author.id, status)
    tell_home(world, status, "update")
    if status.visibility == "public":
        streams = ("public", "public:local", *(f"hashtag:{tag}" for tag in tags(status.text)))
        world.hub.tell_all(streams, "update", lambda: _entity(world, status, None))
    if status.visibility == "direct":
        for who in (author.id, *status.mentions):
            tell_direct(world, who, status)


def tell_home(world: World, status: Status, event: str, *, also: tuple[str, ...] = ()) -> None:
    """Send a status as an event to whoever has it on the home stream, and to those in `also`."""
    followers = [who for who, ties in world.follows.items() if status.account_id in ties]
    for who in dict.fromkeys((status.account_id, *followers, *also)):
        viewer = world.accounts[who]
        if sight.may_see(world, status, viewer):
            world.hub.tell(who, ("user",), event, lambda v=viewer: _entity(world, status, v))  # type: ignore[misc]


def tell_direct(world: World, who: str, status: Status) -> None:
    """Send the conversation a private status belongs to, on the stream for those."""
    from app.sandbox.talks import entity, talk_of

    def payload() -> str:
        return orjson.dumps(entity(world, talk_of(world, world.accounts[who], status))).decode()

    world.hub.tell(who, ("direct",), "conversation", payload)


def _entity(world: World, status: Status, viewer: Account | None) -> str:
    return orjson.dumps(entities.status(world, status, viewer)).decode()


def _repeat(world: World, author: Account, key: str | None) -> Status | None:
    """Find the status an earlier request with this key made, whatever the new one says."""
    if not key or not world.flavour.honours_keys:
        return None
    status_id, at_ms = world.keys.get(f"{author.id}:{key}", ("", 0))
    if not status_id or world.now_ms() - at_ms >= KEY_LIFE_MS:
        return None
    if status_id not in world.statuses:
        raise not_found(world.flavour)
    return world.statuses[status_id]


def _parent(world: World, author: Account, wish: Wish) -> Status | None:
    if not wish.parent_id:
        return None
    parent = sight.seen(world, wish.parent_id, author)
    if not parent:
        raise not_found(world.flavour, "The post you are trying to reply to does not appear to exist.")
    return world.statuses[parent.boost_of] if parent.boost_of else parent


def _only_expected(world: World, addressed: list[Account], allowed: list[str] | None) -> None:
    if allowed is None or not world.flavour.policies:
        return
    unexpected = [account for account in addressed if account.id not in allowed]
    if unexpected:
        shown = [entities.account(world, account) for account in unexpected]
        body = {"error": "Post would be sent to unexpected accounts", "unexpected_accounts": shown}
        raise Refusal(422, body)


def _quoted(world: World, author: Account, quote_id: str | None) -> Status | None:
    if not quote_id or not world.flavour.quotes:
        return None
    quoted = sight.seen(world, quote_id, author)
    if not quoted:
        raise not_found(world.flavour, "The post you are trying to quote does not appear to exist.")
    own = quoted.account_id == author.id
    closed = quoted.visibility in {"direct", "private"} or quoted.quote_policy == "nobody"
    if quoted.boost_of or (closed and not own) or people.apart(world, author.id, quoted.account_id):
        raise Refusal(422, {"error": "Validation failed: This post may not be quoted"})
    return quoted
