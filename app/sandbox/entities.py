"""What travels: accounts, statuses and notifications as the entities of the client API."""

from datetime import UTC, datetime
from typing import Any, Final

from app.sandbox import html, links, people, text
from app.sandbox.records import Account, Json, Notice, Picture, Status, Version
from app.sandbox.world import World

EMOJIS: Final = ("sandbox_wave", "blobcat")


def stamp(ms: int) -> str:
    """Write an instant as the servers do: ISO 8601, UTC, milliseconds."""
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def account(world: World, one: Account) -> Json:
    """Make an Account."""
    shelf = world.by_account.get(one.id) or []
    newest = world.statuses[shelf[-1]] if shelf else None
    face = links.avatar(world, one)
    entity: Json = {
        "id": one.id, "username": one.username, "acct": one.acct, "display_name": one.name, "locked": one.locked,
        "bot": one.bot, "discoverable": True, "group": False, "created_at": stamp(one.created_ms - one.created_ms % 86_400_000),
        "note": html.render(world, one.note), "url": links.account(world, one),
        "avatar": face, "avatar_static": face, "avatar_description": "", "header": f"{world.address}/header.svg",
        "header_static": f"{world.address}/header.svg", "header_description": "",
        "followers_count": one.followers_shown or sum(one.id in ties for ties in world.follows.values()),
        "following_count": len(world.follows.get(one.id, ())), "statuses_count": len(shelf),
        "last_status_at": stamp(newest.created_ms)[:10] if newest else None,
        "emojis": emojis(world, one.name), "fields": [],
    }  # fmt: skip
    if world.flavour.policies:
        entity |= {
            "uri": links.account_uri(world, one), "indexable": False, "hide_collections": None,
            "roles": None if one.domain else [],
        }  # fmt: skip
    return entity


def credentials(world: World, one: Account) -> Json:
    """Make a CredentialAccount: the account and what only its owner sees."""
    source: Json = {
        "privacy": one.privacy, "sensitive": False, "language": one.language, "note": one.note, "fields": [],
        "follow_requests_count": 0,
    }  # fmt: skip
    if world.flavour.quotes:
        source["quote_policy"] = "public"
    role = {"id": "-99", "name": "", "color": "", "permissions": "65536", "highlighted": False}
    return account(world, one) | {"source": source, "role": role}


def mention(world: World, one: Account) -> Json:
    """Make the short form of an account that stands in a status's mentions."""
    return {"id": one.id, "username": one.username, "url": links.account(world, one), "acct": one.acct}


def picture(world: World, one: Picture) -> Json:
    """Make a MediaAttachment; its url is null until it is ready."""
    ready = one.ready_ms <= world.now_ms()
    where = links.picture(world, one)
    shape = {
        "width": one.width,
        "height": one.height,
        "size": f"{one.width}x{one.height}",
        "aspect": one.width / one.height,
    }
    return {
        "id": one.id, "type": "image", "url": where if ready else None, "preview_url": where if ready else None,
        "remote_url": None, "preview_remote_url": None, "text_url": None,
        "meta": {"original": shape, "small": shape} if ready else {}, "description": one.description,
        "blurhash": "UFBWY:8_0Jxv4mx]t8t64.%M-:IUWGWAt6M}" if ready else None,
    }  # fmt: skip


def emojis(world: World, words: str) -> list[Json]:
    """List the custom emoji of this server that a text uses."""
    return [emoji(world, code) for code in text.emojis(words) if code in EMOJIS] if ":" in words else []


def emoji(world: World, code: str) -> Json:
    """Make a CustomEmoji."""
    where = f"{world.address}/emoji/{code}.svg"
    return {"shortcode": code, "url": where, "static_url": where, "visible_in_picker": True, "category": "Sandbox"}


def status(world: World, one: Status, viewer: Account | None, *, nested: bool = False) -> Json:
    """Make a Status as a viewer sees it; a quoted one inside another is made `nested`, without its own quote."""
    author = world.accounts[one.account_id]
    inner = world.statuses.get(one.boost_of or "")
    entity: Json = {
        "id": one.id, "created_at": stamp(one.created_ms), "in_reply_to_id": one.parent_id,
        "in_reply_to_account_id": one.parent_account_id, "sensitive": one.sensitive, "spoiler_text": one.spoiler,
        "visibility": one.visibility, "language": one.language, "uri": links.status_uri(world, one),
        "url": links.status(world, one), "replies_count": len(world.replies.get(one.id, ())),
        "reblogs_count": len(world.boosts.get(one.id, ())), "favourites_count": len(one.favourited_by),
        "edited_at": stamp(one.edited_ms) if one.edited_ms else None,
        "favourited": bool(viewer and viewer.id in one.favourited_by), "reblogged": _boosted(world, one, viewer),
        "muted": False, "bookmarked": False, "content": "" if inner else html.content(world, one),
        "reblog": status(world, inner, viewer) if inner else None,
        "application": {"name": one.application, "website": one.website} if one.application else None,
        "account": account(world, author),
        "media_attachments": [picture(world, world.pictures[media]) for media in one.media_ids],
        "mentions": [mention(world, world.accounts[who]) for who in one.mentions],
        "tags": [{"name": tag, "url": f"{world.address}/tags/{tag}"} for tag in text.tags(one.text)],
        "emojis": emojis(world, f"{one.text} {one.spoiler}"), "card": None, "poll": None,
    }  # fmt: skip
    if world.flavour.quotes:
        entity |= _quoting(world, one, viewer, nested=nested) | {"filtered": [], "tagged_collections": []}
    else:
        entity |= {"text": one.text, "content_type": "text/plain", "interaction_policy": _interaction(one)}
    if not world.flavour.policies or (viewer and viewer.id == one.account_id):
        entity["pinned"] = False
    return entity


def deleted(entity: Json, one: Status) -> Json:
    """Make the answer to a deletion: the status with its plain text, on Mastodon in the place of the HTML."""
    if "text" in entity:
        return entity
    return {key: value for key, value in entity.items() if key != "content"} | {"text": one.text}


def source(one: Status) -> Json:
    """Make a StatusSource: the text as its author typed it."""
    return {"id": one.id, "text": one.text, "spoiler_text": one.spoiler}


def history(world: World, one: Status) -> list[Json]:
    """List every version of a status, oldest first."""
    author = account(world, world.accounts[one.account_id])
    now = Version(one.text, one.spoiler, one.sensitive, one.media_ids, one.edited_ms or one.created_ms)
    return [
        {
            "content": html.render(world, version.text, one.mentions), "spoiler_text": version.spoiler,
            "sensitive": version.sensitive, "created_at": stamp(version.at_ms), "account": author, "poll": None,
            "media_attachments": [picture(world, world.pictures[m]) for m in version.media_ids if m in world.pictures],
            "emojis": emojis(world, version.text),
        }
        for version in (*one.history, now)
    ]  # fmt: skip


def notice(world: World, one: Notice) -> Json:
    """Make a Notification, with its status as it reads now."""
    entity: Json = {
        "id": one.id, "type": one.kind, "created_at": stamp(one.created_ms),
        "account": account(world, world.accounts[one.from_id]),
    }  # fmt: skip
    if world.flavour.policies:
        entity["group_key"] = f"ungrouped-{one.id}"
        if one.filtered:
            entity["filtered"] = True
    about = world.statuses.get(one.status_id or "")
    if about:
        entity["status"] = status(world, about, world.accounts[one.owner_id])
    return entity


def relationship(world: World, viewer: Account, other: Account) -> Json:
    """Make a Relationship: how the viewer stands to somebody."""
    following = people.follows(world, viewer.id, other.id)
    return {
        "id": other.id, "following": following, "showing_reblogs": following, "notifying": False, "languages": None,
        "followed_by": people.follows(world, other.id, viewer.id), "blocking": people.blocks(world, viewer.id, other.id),
        "blocked_by": people.blocks(world, other.id, viewer.id), "muting": False, "muting_notifications": False,
        "muting_expires_at": None, "requested": False, "requested_by": False, "domain_blocking": False,
        "endorsed": False, "note": "",
    }  # fmt: skip


def _boosted(world: World, one: Status, viewer: Account | None) -> bool:
    if not viewer:
        return False
    return any(world.statuses[boost].account_id == viewer.id for boost in world.boosts.get(one.id, ()))


def _quoting(world: World, one: Status, viewer: Account | None, *, nested: bool) -> Json:
    closed = one.visibility in {"private", "direct"} or one.quote_policy == "nobody"
    approval: dict[str, Any] = {
        "automatic": [] if closed else [one.quote_policy],
        "manual": [],
        "current_user": "denied" if closed else "automatic",
    }
    quote: Json | None = None
    if one.quote_id:
        quoted = world.statuses.get(one.quote_id)
        if quoted is None:
            quote = {"state": "deleted", "quoted_status": None}
        elif nested:
            quote = {"state": "accepted", "quoted_status_id": quoted.id}
        else:
            quote = {"state": "accepted", "quoted_status": status(world, quoted, viewer, nested=True)}
    return {"quote": quote, "quotes_count": len(world.quotes.get(one.id, ())), "quote_approval": approval}


def _interaction(one: Status) -> Json:
    who = ["author", "mentioned", "me"] if one.visibility == "direct" else ["public", "me"]
    rule = {"automatic_approval": who, "manual_approval": [], "always": who, "with_approval": []}
    return {"can_favourite": rule, "can_reply": rule, "can_reblog": rule}
