"""Taking a port before anything else is started, and the address under which browsers find it."""

import socket


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


def address_of(bound: socket.socket, host: str) -> str:
    """Where a browser on this machine finds a bound port."""
    shown = "127.0.0.1" if host in {"", "0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    port = bound.getsockname()[1]
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
