"""Posts and messages of X to our words; total: any JSON gives an answer, never an exception."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from app.networks.adapters.x import ids, names
from app.networks.adapters.x.read_text import named, opening_names, read_text
from app.networks.foreign import identifier, member, moment, objects, plausible, raw, whole, words
from app.networks.html import clean, plain, web_address
from app.networks.port import Author, Inbound, Media, Published, Reject, Role, Segment

SITE: Final = "https://x.com"
ENCRYPTED_SAID: Final = "🔒 x.com/messages"
"""What stands for a message that only X can show: no words of ours, since people read many languages."""
_CLOCKS_DIFFER: Final = timedelta(minutes=10)
_NO_LANGUAGE: Final = ("und", "zxx", "art", "q")
_MEDIA: Final = {"photo": "image", "video": "video", "animated_gif": "video"}
_MOST_MEDIA: Final = 64


@dataclass(frozen=True, slots=True)
class Reader:
    """On whose behalf we read: the account's id and handle; and when."""

    account_id: str
    handle: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Around:
    """What came along with posts, by id or key: people, posts that they refer to, pictures."""

    people: dict[str, Any] = field(default_factory=dict)
    posts: dict[str, Any] = field(default_factory=dict)
    media: dict[str, Any] = field(default_factory=dict)


def around(includes: Any, people: dict[str, dict[str, Any]] | None = None) -> Around:
    """Sort what came along; webhooks wrap people once more."""
    found = dict(people or {})
    for person in objects(member(includes, "users")):
        wrapped = person.get("data")
        inner = wrapped if isinstance(wrapped, dict) else person
        if (number := identifier(inner.get("id"), 60)) is not None:
            found[number] = inner
    posts = {number: one for one in objects(names.included(includes)) if (number := identifier(one.get("id"), 60))}
    media = {key: one for one in objects(member(includes, "media")) if (key := identifier(one.get("media_key"), 60))}
    return Around(found, posts, media)


def to_inbound(post: Any, reader: Reader, near: Around | None = None, role: Role | None = None) -> Inbound | Reject:
    """Translate a post. `role` is what we know it to be beside what it says itself; "own" follows from the author.

    A post is known by the id of its first version, whichever was read. A repost is no post and comes back as a Reject;
    so does what lacks an id or an author.
    """
    near = near or Around()
    number = identifier(member(post, "id"), 60)
    if number is not None and not ids.is_number(number):
        number = None
    author_id = identifier(member(post, "author_id"), 60)
    if number is None or author_id is None:
        return Reject(number, f"the post has no readable {'id' if number is None else 'author'}", raw(post))
    refers = _references(post)
    if "retweeted" in refers:
        return Reject(number, "a repost is no post", raw(post))
    first, latest = versions(post, number)
    parent, quoted = refers.get("replied_to"), refers.get("quoted")
    note = names.note(post)
    said = member(note, "text") if isinstance(member(note, "text"), str) else member(post, "text")
    entities = member(note, "entities") if isinstance(member(note, "text"), str) else member(post, "entities")
    segments = read_text(said if isinstance(said, str) else "", entities, hide_status=quoted)
    mentioned = named(entities)
    ours = [one for one in mentioned if one[1] == reader.account_id or one[0].lower() == reader.handle.lower()]
    quotes_us = identifier(member(near.posts.get(quoted or ""), "author_id"), 60) == reader.account_id
    replies_to = identifier(member(post, "in_reply_to_user_id"), 60)
    author = _author(author_id, near)
    posted_at = plausible(
        ids.instant(first) if first != number else moment(member(post, "created_at")) or ids.instant(number),
        reader.now + _CLOCKS_DIFFER,
        reader.now,
    )
    edited = ids.instant(number) if first != number else None
    leading = opening_names(said if isinstance(said, str) else "")
    return Inbound(
        uri=post_uri(first),
        remote_id=first,
        author=author,
        role=_role(
            own=author_id == reader.account_id,
            named=bool(ours) or replies_to == reader.account_id,
            quotes=quotes_us,
            told=role,
        ),
        segments=segments,
        text=plain(segments),
        posted_at=posted_at,
        visibility="followers" if member(near.people.get(author_id), "protected") is True else "public",
        url=f"{SITE}/{author.handle}/status/{latest}" if author.handle != author_id else f"{SITE}/i/status/{latest}",
        edited_at=plausible(edited, reader.now + _CLOCKS_DIFFER, reader.now) if edited else None,
        in_reply_to=_first_version(parent, near),
        in_reply_to_author=replies_to,
        language=_language(member(post, "lang")),
        media=_media_of(post, near),
        addressed=tuple(dict.fromkeys(handle for handle, _ in mentioned)),
        quotes=post_uri(_first_version(quoted, near) or quoted) if quoted else None,
        facts={
            "id": latest,
            "author": author_id,
            "names_us": bool(ours),
            "only_as_reply": bool(ours)
            and replies_to == reader.account_id
            and all(handle.lower() in leading for handle, _ in ours)
            and _count_of(said, reader.handle) <= 1,
            "quotes_us": quotes_us,
            "settings": words(member(post, "reply_settings"), 40) or "everyone",
        },
    )


def to_outcomes(page: Any, reader: Reader) -> tuple[Inbound | Reject, ...]:
    """Translate a whole page with what came along, in its order; reposts are left out, since they hand us no post."""
    near = around(member(page, "includes"))
    posts = [one for one in objects(member(page, "data")) if "retweeted" not in _references(one)]
    return tuple(to_inbound(one, reader, near) for one in posts)


def to_message(event: Any, reader: Reader, near: Around | None = None) -> Inbound | Reject | None:
    """Translate an event of the direct messages; None for what is no message."""
    if member(event, "event_type") != "MessageCreate":
        return None
    number = identifier(member(event, "id"), 60)
    sender = identifier(member(event, "sender_id"), 60)
    talk = identifier(member(event, "dm_conversation_id"), 60)
    if number is None or sender is None or talk is None or ids.read_name(ids.message_name(number, talk)) is None:
        return Reject(number, "the message has no readable id, sender or conversation", raw(event))
    text = member(event, "text")
    segments = read_text(text if isinstance(text, str) else "", member(event, "entities"), hide_status=None)
    written = moment(member(event, "created_at")) or ids.instant(number)
    name = ids.message_name(number, talk)
    return Inbound(
        uri=f"x:dm:{number}",
        remote_id=name,
        author=_author(sender, near or Around()),
        role="own" if sender == reader.account_id else "direct",
        segments=segments,
        text=plain(segments),
        posted_at=plausible(written, reader.now + _CLOCKS_DIFFER, reader.now),
        visibility="direct",
        url=f"{SITE}/messages/{talk}",
        in_reply_to=f"dms-{talk}",
        media=_media_of(event, near or Around()),
        facts={"talk": talk},
    )


def to_encrypted(payload: Any, reader: Reader, near: Around | None = None) -> Inbound | Reject:
    """Translate the news of an encrypted message, of which nothing but sender and time can be known here."""
    number = identifier(member(payload, "id"), 100)
    sender = identifier(member(payload, "sender_id"), 60)
    milliseconds = identifier(member(payload, "created_at_msec"), 15) or f"{reader.now.timestamp() * 1000:.0f}"
    known = number is not None and sender is not None and milliseconds.isdigit()
    name = ids.encrypted_name(number or "", sender or "", int(milliseconds)) if known else ""
    if ids.read_name(name) is None:
        return Reject(number, "the encrypted message has no readable id, sender or time", raw(payload))
    return encrypted(name, reader, near)


def encrypted(name: str, reader: Reader, near: Around | None = None) -> Inbound:
    """An encrypted message from our own name of it, which says all there is."""
    read = ids.read_name(name)
    assert read is not None
    return Inbound(
        uri=f"x:chat:{read.id}",
        remote_id=name,
        author=_author(read.sender, near or Around()),
        role="own" if read.sender == reader.account_id else "direct",
        segments=(Segment("text", ENCRYPTED_SAID),),
        text=ENCRYPTED_SAID,
        posted_at=plausible(read.at, reader.now + _CLOCKS_DIFFER, reader.now),
        visibility="direct",
        url=f"{SITE}/messages",
        facts={"encrypted": True},
    )


def to_published(post: Any, reader: Reader) -> Published | None:
    """Translate our own post as X answers it, with or without its author; None when it cannot be read."""
    known = {**post, "author_id": reader.account_id} if isinstance(post, dict) else post
    people = {reader.account_id: {"id": reader.account_id, "username": reader.handle}}
    read = to_inbound(known, reader, Around(people=people))
    if isinstance(read, Reject):
        return None
    return Published(read.remote_id, read.uri, read.url, read.posted_at, read.segments, read.text, read.facts)


def to_instant(entity: Any) -> datetime | None:
    """When it was made, by its word or by its id."""
    return moment(member(entity, "created_at")) or ids.instant(identifier(member(entity, "id"), 60) or "")


def versions(post: Any, number: str) -> tuple[str, str]:
    """The ids of a post's first and of its latest version."""
    listed = names.history(post)
    known = [one for one in listed if isinstance(one, str) and ids.is_number(one)] if isinstance(listed, list) else []
    return (min(known, key=ids.age), max(known, key=ids.age)) if number in known else (number, number)


def post_uri(first: str) -> str:
    """By what a post is known for ever."""
    return f"{SITE}/i/status/{first}"


def authors(posts: list[dict[str, Any]]) -> list[str]:
    """Whose profiles are needed to show these."""
    return [number for one in posts if (number := identifier(one.get("author_id") or one.get("sender_id"), 60))]


def _references(post: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in objects(names.references(post)):
        number = identifier(one.get("id"), 60)
        if number is not None and ids.is_number(number):
            found.setdefault(str(one.get("type"))[:20], number)
    return found


def _first_version(number: str | None, near: Around) -> str | None:
    return versions(near.posts.get(number), number)[0] if number else None


def _role(*, own: bool, named: bool, quotes: bool, told: Role | None) -> Role:
    if own:
        return "own"
    if named:
        return "mention"
    return "quote" if quotes else told or "other"


def _author(number: str, near: Around) -> Author:
    """Who it is; of people X does not show, their number is all there is."""
    person = near.people.get(number)
    handle = identifier(member(person, "username"), 60) or number
    return Author(
        remote_id=number,
        handle=handle,
        name=words(member(person, "name"), 200) or handle,
        url=f"{SITE}/{handle}" if handle != number else f"{SITE}/i/user/{number}",
        avatar_url=web_address(member(person, "profile_image_url")),
        followers=whole(member(person, "public_metrics", "followers_count")),
    )


def _language(value: Any) -> str | None:
    said = words(value, 35)
    return None if said is None or said.startswith(_NO_LANGUAGE) else said


def _count_of(said: Any, handle: str) -> int:
    return clean(said).lower().count(f"@{handle.lower()}") if isinstance(said, str) else 0


def _media_of(post: Any, near: Around) -> tuple[Media, ...]:
    keys = member(post, "attachments", "media_keys")
    listed = keys[:_MOST_MEDIA] if isinstance(keys, list) else []
    return tuple(_media(near.media.get(key)) for key in listed if isinstance(key, str))


def _media(entity: Any) -> Media:
    kind: Any = _MEDIA.get(str(member(entity, "type")), "other")
    films = [one for one in objects(member(entity, "variants"))[:50] if web_address(one.get("url"))]
    best = max(films, key=lambda one: whole(one.get("bit_rate")) or 0, default=None)
    return Media(
        kind=kind,
        url=web_address(member(entity, "url")) or web_address(member(best, "url")),
        preview_url=web_address(member(entity, "preview_image_url")),
        alt=words(member(entity, "alt_text"), 10_000),
        width=whole(member(entity, "width"), 100_000),
        height=whole(member(entity, "height"), 100_000),
    )
