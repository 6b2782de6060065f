"""Addresses and limits: what is typed or told as a server becomes one we may call; pure but for one setting."""

from typing import Any, Final
from urllib.parse import urlsplit

from app.core.settings import settings
from app.networks.errors import Rejected
from app.networks.foreign import member, objects
from app.networks.port import Limits

ENTRANCE: Final = "https://bsky.social"
DIRECTORY: Final = "https://plc.directory"
LONGEST: Final = 300
LONGEST_BYTES: Final = 3_000
LARGEST_PICTURE: Final = 2_000_000
MOST_PICTURES: Final = 4
_PICTURES: Final = ("image/jpeg", "image/png", "image/gif", "image/webp")


class ServerAddressWrong(Rejected):
    """This is not the address of a server. Write it like bsky.social."""


def server_address(said: str, schemes: tuple[str, str] = ("https", "http")) -> str:
    """Make a base URL of what people type or servers tell; the insecure scheme only where private networks are allowed.

    Raises ServerAddressWrong.
    """
    text = said.strip().rstrip("/")
    scheme, _, rest = text.rpartition("://")
    scheme = scheme.lower() or schemes[0]
    try:
        parts = urlsplit(f"{scheme}://{rest}")
        host, port = parts.hostname, parts.port
    except ValueError as wrong:
        raise ServerAddressWrong from wrong
    allowed = set(schemes) if settings().allow_private_networks else {schemes[0]}
    readable = host and host.isprintable() and not any(c.isspace() or c in "<>\"'\\^`{|}%" for c in host)
    if scheme not in allowed or not host or not readable or ("." not in host and ":" not in host and port is None):
        raise ServerAddressWrong
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}" + (f":{port}" if port is not None else "")


def home_of(document: Any) -> str | None:
    """The server that a DID's document names as the home of its account; None when it names none that may be called."""
    for service in objects(member(document, "service"))[:50]:
        told = service.get("serviceEndpoint")
        if str(service.get("id")).endswith("#atproto_pds") and isinstance(told, str):
            try:
                return server_address(told)
            except ServerAddressWrong:
                return None
    return None


def limits() -> Limits:
    """How every server of this network counts."""
    return Limits(
        max_characters=LONGEST,
        unit="graphemes",
        link_weight=None,
        short_mentions=False,
        counts_warning=False,
        max_media=MOST_PICTURES,
        media_types=_PICTURES,
        max_media_bytes=LARGEST_PICTURE,
        max_alt=2_000,
        max_bytes=LONGEST_BYTES,
        private=Limits(
            max_characters=1_000,
            unit="graphemes",
            link_weight=None,
            short_mentions=False,
            counts_warning=False,
            max_media=0,
            media_types=(),
            max_media_bytes=0,
            max_alt=0,
            max_bytes=10_000,
        ),
    )
