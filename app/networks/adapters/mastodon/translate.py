"""Statuses and notifications of the Mastodon API to our words; total: any JSON gives an answer, never an exception."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from app.networks.foreign import identifier, member, moment, objects, plausible, raw, whole, words
from app.networks.html import clean, plain, read_html, web_address
from app.networks.port import Author, Inbound, Media, Published, Reject, Role, Visibility

_VISIBILITY: Final[dict[str, Visibility]] = {
    "public": "public",
    "unlisted": "unlisted",
    "private": "followers",
    "direct": "direct",
}
_WORD_FOR: Final = {ours: theirs for theirs, ours in _VISIBILITY.items()}
_MEDIA: Final = {"image": "image", "video": "video", "gifv": "video", "audio": "audio"}

_TELLS_US: Final = frozenset(("mention", "quote", "update", "status", "pending.reply"))
"""Kinds of notification that may hand us a post. `pending.reply` is GoToSocial's for a reply that awaits approval."""
_TELLS_NOTHING: Final = frozenset(
    (
        *("favourite", "reblog", "follow", "follow_request", "poll", "admin.sign_up", "admin.report"),
        *("severed_relationships", "moderation_warning", "annual_report", "quoted_update"),
        *("added_to_collection", "collection_update", "pending.favourite", "pending.reblog"),
        *("move", "pleroma:emoji_reaction", "pleroma:report", "emoji_reaction", "reaction"),
        *("pleroma:event_reminder", "pleroma:participation_accepted", "pleroma:participation_request"),
    )
)
_CLOCKS_DIFFER: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Reader:
    """On whose behalf we read: the account's id and the domain of its server; and when."""

    account_id: str
    domain: str
    now: datetime

    def full_handle(self, acct: str) -> str:
        """The handle with its domain, which a server leaves out for its own people."""
        return acct if "@" in acct else f"{acct}@{self.domain}"


def their_visibility(visibility: Visibility) -> str:
    """The API's word for a visibility of ours."""
    return _WORD_FOR[visibility]


def to_inbound(status: Any, reader: Reader, *, role: Role | None = None, arrived: Any = None) -> Inbound | Reject:
    """Translate a status. `role` is what the server already told us it is; `arrived` its word for when it came.

    The role "direct" follows from the visibility, "own" from the author, "mention" from the list of mentions. A boost
    is no post and comes back as a Reject; so does what lacks an id, an address or an author.
    """
    told = status if isinstance(status, dict) else {}
    remote_id = identifier(told.get("id"), 200)
    if isinstance(told.get("reblog"), dict):
        return Reject(remote_id, "a boost is no post", raw(status))
    uri = identifier(told.get("uri")) or identifier(told.get("url"))
    author = _author(told.get("account"), reader)
    if remote_id is None or uri is None or author is None:
        missing = "id" if remote_id is None else "address" if uri is None else "author"
        return Reject(remote_id, f"the post has no readable {missing}", raw(status))
    visibility = _VISIBILITY.get(str(told.get("visibility")), "followers")
    mentions = objects(told.get("mentions"))
    names_us = any(identifier(one.get("id"), 200) == reader.account_id for one in mentions)
    emojis = {
        code: picture
        for one in objects(told.get("emojis"))
        if (code := words(one.get("shortcode"))) and (picture := web_address(one.get("url")))
    }
    quoted = _quoted(status)
    segments = read_html(_text(told.get("content")), emojis, hide_quote=told.get("quote") is not None)
    arrival = plausible(moment(arrived), reader.now + _CLOCKS_DIFFER, reader.now)
    posted_at = plausible(moment(told.get("created_at")), reader.now + _CLOCKS_DIFFER, arrival)
    edited_at = moment(told.get("edited_at"))
    return Inbound(
        uri=uri,
        remote_id=remote_id,
        author=author,
        role=_role(author.remote_id == reader.account_id, visibility, role or ("mention" if names_us else "other")),
        segments=segments,
        text=plain(segments),
        posted_at=posted_at,
        visibility=visibility,
        url=web_address(told.get("url")),
        edited_at=plausible(edited_at, reader.now + _CLOCKS_DIFFER, reader.now) if edited_at else None,
        in_reply_to=identifier(told.get("in_reply_to_id"), 200),
        in_reply_to_author=identifier(told.get("in_reply_to_account_id"), 200),
        content_warning=words(told.get("spoiler_text"), 5_000),
        language=words(told.get("language"), 35),
        media=tuple(_media(one) for one in objects(told.get("media_attachments"))[:64]),
        addressed=tuple(dict.fromkeys(handle for one in mentions if (handle := _handle(one, reader)))),
        quotes=quoted,
        sent_by=words(member(status, "application", "name"), 200),
    )


def to_outcome(notification: Any, reader: Reader) -> Inbound | Reject | None:
    """Translate a notification: a post for us, a Reject to set aside, or None for what concerns nobody's post to us.

    Never a boost and never the account's own post.
    """
    number = identifier(member(notification, "id"), 200)
    kind = member(notification, "type")
    if isinstance(kind, str) and kind in _TELLS_NOTHING:
        return None
    if not isinstance(kind, str) or kind not in _TELLS_US:
        return Reject(number, f"unknown type: {words(kind, 60) or 'none'}", raw(notification))
    status = member(notification, "status")
    if status is None:
        return Reject(number, f"a {kind} without its post", raw(notification))
    if isinstance(member(status, "reblog"), dict):
        return None
    told: Role | None = {"mention": "mention", "quote": "quote", "pending.reply": "mention"}.get(kind)  # type: ignore[assignment]
    read = to_inbound(status, reader, role=told, arrived=member(notification, "created_at"))
    if isinstance(read, Reject):
        return Reject(number, read.reason, raw(notification))
    if read.role == "own" or (kind == "status" and read.role == "other"):
        return None
    return read


def to_published(status: Any, reader: Reader) -> Published | None:
    """Translate our own post as the server answers it; None when it cannot be read."""
    read = to_inbound(status, reader)
    if isinstance(read, Reject):
        return None
    return Published(read.remote_id, read.uri, read.url, read.posted_at, read.segments, read.text)


def _role(own: bool, visibility: Visibility, told: Role) -> Role:
    if own:
        return "own"
    return "direct" if visibility == "direct" and told == "mention" else told


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _author(account: Any, reader: Reader) -> Author | None:
    remote_id = identifier(member(account, "id"), 200)
    handle = _handle(account, reader)
    if remote_id is None or handle is None:
        return None
    return Author(
        remote_id=remote_id,
        handle=handle,
        name=words(member(account, "display_name"), 200) or handle.partition("@")[0],
        url=web_address(member(account, "url")),
        avatar_url=web_address(member(account, "avatar")) or web_address(member(account, "avatar_static")),
        followers=whole(member(account, "followers_count")),
        bot=member(account, "bot") is True,
    )


def _handle(account: Any, reader: Reader) -> str | None:
    acct = identifier(member(account, "acct"), 500) or identifier(member(account, "username"), 500)
    bare = clean(acct or "").strip().removeprefix("@")
    return reader.full_handle(bare) if bare.split() == [bare] else None


def _quoted(status: Any) -> str | None:
    """The address of the post it quotes; other software puts the post itself where Mastodon wraps it with a state."""
    quote = member(status, "quote")
    return identifier(member(quote, "quoted_status", "uri")) or identifier(member(quote, "uri"))


def _media(attachment: dict[str, Any]) -> Media:
    original = member(attachment, "meta", "original")
    kind: Any = _MEDIA.get(str(attachment.get("type")), "other")
    return Media(
        kind=kind,
        url=web_address(attachment.get("url")) or web_address(attachment.get("remote_url")),
        preview_url=web_address(attachment.get("preview_url")),
        alt=words(attachment.get("description"), 10_000),
        width=whole(member(original, "width"), 100_000),
        height=whole(member(original, "height"), 100_000),
    )
