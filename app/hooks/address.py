"""check_address(): whether deliveries may go to a URL; asked when it is typed in, and its name again at every connection."""

from typing import Final
from urllib.parse import urlsplit

from app.core.addresses import HostRefused, HostUnknown, checked_addresses
from app.core.settings import settings
from app.hooks.errors import AddressInside, AddressRefused, AddressUnknown

_PORTS: Final = frozenset({443, 8443})
_DEFAULT: Final = {"https": 443, "http": 80}


def host_of(url: str, *, lenient: bool) -> tuple[str, int]:
    """The host and port a URL leads to; `lenient` allows http and any port. Raises AddressRefused."""
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise AddressRefused(field="url")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _DEFAULT.get(parts.scheme, 0)
    except ValueError as problem:
        raise AddressRefused(field="url") from problem
    allowed = parts.scheme == "https" and port in _PORTS
    if not (allowed or (lenient and parts.scheme in _DEFAULT)) or not host or "@" in parts.netloc or parts.fragment:
        raise AddressRefused(field="url")
    return host, port


async def check_address(url: str) -> None:
    """Refuse what is no address of the open internet; private ones are the operator's to allow.

    Raises AddressRefused, AddressInside, AddressUnknown.
    """
    host, port = host_of(url, lenient=settings().allow_private_networks)
    try:
        await checked_addresses(host, port)
    except HostRefused as problem:
        raise AddressInside(field="url") from problem
    except HostUnknown as problem:
        raise AddressUnknown(field="url") from problem
