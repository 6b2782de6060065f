"""Taking a port before anything else is started, and the address under which browsers find it."""

import socket
from typing import Final

from app.core.errors import Unavailable

_DEAF_SECONDS: Final = 60
"""A peer that takes nothing for so long has gone, and what waits for it is dropped with its connection."""


class PortTaken(Unavailable):
    """Something else listens on this port already; choose another one with --port."""


def take_port(host: str, port: int) -> socket.socket:
    """Bind a TCP socket (port 0: any free one). Raises OSError or OverflowError; the caller has the sentence for it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's delay off only where the protocol is named; without it every answer takes 40 ms
    taken = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
    except (OSError, OverflowError):
        taken.close()
        raise
    return taken


def bind(host: str, port: int, *, what: str = "The console", option: str = "--port") -> socket.socket:
    """Take the port before anything else is started. Raises PortTaken with one sentence."""
    try:
        taken = take_port(host, port)
    except (OSError, OverflowError) as problem:
        why = getattr(problem, "strerror", None) or problem
        raise PortTaken(f"{what} cannot have {host}:{port} ({why}); choose another port with {option}.") from problem
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux; passed on to every connection accepted here
        taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _DEAF_SECONDS * 1000)
    return taken


def address_of(bound: socket.socket, host: str) -> str:
    """Where a browser on this machine finds a bound port."""
    shown = "127.0.0.1" if host in {"", "0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    port = bound.getsockname()[1]
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
