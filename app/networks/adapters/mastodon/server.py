"""What a server says about itself, as traits of the account: its family, how it counts, where it streams; pure."""

import re
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from app.networks.foreign import identifier, member, whole, words
from app.networks.port import Limits

KEEPS_KEYS: Final = frozenset(("mastodon", "pleroma", "akkoma", "iceshrimp.net"))
"""Families that answer a repeated Idempotency-Key with the first post: Mastodon for one hour, the others longer."""
REPEAT_SECONDS: Final = 3300.0
"""A repeat is safe for 55 minutes: five less than Mastodon keeps a key."""

_FORKS: Final = {"hometown": "mastodon", "glitchsoc": "mastodon", "kmyblue": "mastodon", "fedibird": "mastodon"}
_COMPATIBLE: Final = re.compile(r"\(compatible; ([^\s/)]+)")
_DOUBLE_VERSION: Final = re.compile(r"^\d+\.\d+\.\d+\+\d+\.\d+")
_PICTURES: Final = ("image/jpeg", "image/png", "image/gif", "image/webp")


def traits(instance: Any, software: str | None, server: str) -> dict[str, Any]:
    """Read an instance (v2, or v1) and the name its nodeinfo gives, into what we keep with the account."""
    configuration = member(instance, "configuration")
    statuses = member(configuration, "statuses")
    media = member(configuration, "media_attachments")
    types = member(media, "supported_mime_types")
    pictures = [one for one in types if isinstance(one, str) and one.startswith("image/")] if _listed(types) else []
    limit = (
        whole(member(statuses, "max_characters"), 1_000_000)
        or whole(member(instance, "max_toot_chars"), 1_000_000)
        or whole(member(instance, "max_characters"), 1_000_000)
    )
    return {
        "family": family(instance, software),
        "version": words(member(instance, "version"), 100) or "",
        "api": whole(member(instance, "api_versions", "mastodon")) or 0,
        "domain": _domain(instance) or urlsplit(server).netloc,
        "streaming": streaming_address(
            words(member(configuration, "urls", "streaming")) or words(member(instance, "urls", "streaming_api")),
            server,
        ),
        "max_characters": limit or 500,
        "link_weight": whole(member(statuses, "characters_reserved_per_url"), 1_000) or 23,
        "max_media": whole(member(statuses, "max_media_attachments"), 100) or 4,
        "media_types": pictures[:50] or list(_PICTURES),
        "max_media_bytes": whole(member(media, "image_size_limit")) or 16 * 1024 * 1024,
        "max_alt": whole(member(media, "description_limit"), 1_000_000) or 1_500,
    }


def family(instance: Any, software: str | None) -> str:
    """Name the kind of software, in lower case: nodeinfo's word first, else what the version betrays.

    A server we cannot name is "unknown", and is trusted with nothing: neither to keep keys nor to discount links.
    """
    version = words(member(instance, "version"), 100) or ""
    named = software or ((_COMPATIBLE.search(version) or [None, None])[1])
    if named:
        name = named.strip().lower()[:40]
        return _FORKS.get(name, name)
    if _DOUBLE_VERSION.match(version):  # "3.5.3+0.20.0": Mastodon's number for old clients, then its own
        return "gotosocial"
    return "mastodon" if whole(member(instance, "api_versions", "mastodon")) else "unknown"


def limits(known: dict[str, Any]) -> Limits:
    """How a server with these traits counts; only Mastodon's own family discounts links and mentions."""
    discounts = known.get("family") == "mastodon"
    return Limits(
        max_characters=int(known.get("max_characters", 500)),
        unit="graphemes" if discounts else "code_points",
        link_weight=int(known.get("link_weight", 23)) if discounts else None,
        short_mentions=discounts,
        counts_warning=True,
        max_media=int(known.get("max_media", 4)),
        media_types=tuple(known.get("media_types", _PICTURES)),
        max_media_bytes=int(known.get("max_media_bytes", 16 * 1024 * 1024)),
        max_alt=int(known.get("max_alt", 1_500)),
    )


def streaming_address(advertised: str | None, server: str) -> str:
    """Where to listen: the advertised address, but without TLS when it is a host that itself has none.

    GoToSocial advertises wss:// even where it serves plain http.
    """
    own = urlsplit(server)
    try:
        told = urlsplit(advertised or "")
        usable = told.scheme in {"ws", "wss", "http", "https"} and bool(told.hostname) and told.port != 0
    except ValueError:
        usable = False
    if not usable:
        told = own
    secure = told.scheme in {"wss", "https"} and not (own.scheme == "http" and told.hostname == own.hostname)
    path = told.path.rstrip("/")
    if not path.endswith("/api/v1/streaming"):
        path += "/api/v1/streaming"
    return urlunsplit(("wss" if secure else "ws", told.netloc, path, "", ""))


def _listed(value: Any) -> bool:
    return isinstance(value, list)


def _domain(instance: Any) -> str | None:
    """The domain in its people's handles. GoToSocial names it apart from the host; v1 calls it `uri`."""
    for name in ("account_domain", "domain", "uri"):
        told = identifier(member(instance, name), 260)
        if told:
            return told.partition("://")[2].rstrip("/") if "://" in told else told
    return None
