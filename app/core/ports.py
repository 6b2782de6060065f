"""Finds out before a server starts whether it can listen, so that a taken port is a sentence and not a traceback."""

import errno
import socket
from collections.abc import Collection

from app.core.errors import Unavailable


class PortTaken(Unavailable):
    """Another program listens on this port already."""


class HostNotOurs(Unavailable):
    """This machine has no such address to listen on."""


def listening_fails(host: str, port: int) -> OSError | None:
    """Try to listen and let go again: nothing when it works, else what the system says."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as uvicorn does
            trial.bind(address)
            trial.listen(1)
    except OSError as error:
        return error
    return None


def need_port(host: str, port: int) -> int:
    """Answer the port when it can be listened on. Raises PortTaken or HostNotOurs, which say what to do."""
    error = listening_fails(host, port)
    if error is None:
        return port
    if error.errno == errno.EADDRINUSE:
        raise PortTaken(f"Port {port} on {host} is taken by another program: choose another one with PORT or --port.")
    if error.errno == errno.EACCES:
        raise PortTaken(f"Port {port} may not be used without special rights: choose one above 1023.")
    raise HostNotOurs(f"Cannot listen on {host}, port {port}: {error.strerror or error}.")


def find_port(host: str, first: int, *, besides: Collection[int] = (), tries: int = 50) -> int:
    """Answer the first port from `first` on that can be listened on and is not `besides`. Raises like need_port()."""
    for port in range(first, min(first + tries, 65_536)):
        if port not in besides and listening_fails(host, port) is None:
            return port
    return need_port(host, first)
