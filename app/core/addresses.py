"""Which internet addresses the house may call: the check that keeps a typed-in host from reaching inside the network."""

import asyncio
import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

from app.core.errors import Invalid, Unavailable
from app.core.settings import settings

_UNICAST: Final = IPv6Network("2000::/3")
"""All of IPv6 that is given out to the open internet; what lies elsewhere is local, reserved, or a wrapping."""
_NAT64: Final = IPv6Network("64:ff9b::/96")
_EXAMPLES: Final = IPv6Network("3fff::/20")  # RFC 9637, which older Pythons do not know
_RELAYS: Final = IPv4Network("192.88.99.0/24")  # RFC 7526: given up


class HostRefused(Invalid):
    """This address lies inside a private network, where accounts may not live unless the operator allows it."""


class HostUnknown(Unavailable):
    """There is no server of this name."""


async def checked_addresses(host: str, port: int) -> tuple[str, ...]:
    """Resolve a host once and keep the addresses we may connect to, in the resolver's order.

    Connect to one of these and never to the name again: a second look-up may answer something else. Raises
    HostRefused when every address is private, loopback, link-local, multicast or otherwise not public and
    settings().allow_private_networks is off; HostUnknown when the name does not resolve.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as failure:
        raise HostUnknown(f"There is no server named {host[:253]}.") from failure
    addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
    if settings().allow_private_networks:
        return addresses
    public = tuple(address for address in addresses if is_public(address))
    if not public:
        raise HostRefused
    return public


def is_public(address: str) -> bool:
    """Say whether an IP address belongs to the open internet, looking through addresses wrapped in IPv6 ones.

    Wrappings: IPv4-mapped (RFC 4291), 6to4 (RFC 3056), Teredo (RFC 4380) and NAT64 (RFC 6052).
    """
    bare = ip_address(address.partition("%")[0])
    if isinstance(bare, IPv4Address):
        return bare.is_global and not bare.is_multicast and bare not in _RELAYS
    inner = _unwrap(bare)
    if inner is not None:
        return is_public(str(inner))
    return bare.is_global and bare in _UNICAST and bare not in _EXAMPLES


def _unwrap(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if address.teredo:
        return address.teredo[1]
    return address.ipv4_mapped or address.sixtofour
