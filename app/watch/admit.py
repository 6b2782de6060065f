"""may_read(): who may read the metrics - whoever has the token, or without one only this machine itself; pure."""

import secrets
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

_PASSED_ON: Final = ("x-forwarded-for", "x-forwarded-host", "x-real-ip", "forwarded", "via")
"""What a proxy adds: then whoever asks is somewhere else, even when the proxy is on this machine."""


def may_read(token: str | None, headers: Mapping[str, str], peer: str | None) -> bool:
    """Whether this request may see the numbers; `headers` by names in small letters, `peer` the other end's address.

    With a token set, only `Authorization: Bearer …` counts. Without one the request must come from this machine, not
    through a proxy, and ask for this machine by name, so that no foreign page can point a name of its own at it.
    """
    if token is not None:
        kind, _, given = headers.get("authorization", "").partition(" ")
        return kind.lower() == "bearer" and secrets.compare_digest(given.strip().encode(), token.encode())
    return (
        peer is not None
        and _loopback(peer)
        and not any(name in headers for name in _PASSED_ON)
        and _loopback(urlsplit(f"//{headers.get('host', '')}").hostname or "")
    )


def _loopback(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
