"""A port that cannot be had is a sentence, and the next one is found."""

import socket

import pytest

from app.core.ports import HostNotOurs, PortTaken, find_port, need_port


@pytest.fixture
def taken() -> "socket.socket":
    listening = socket.create_server(("127.0.0.1", 0))
    yield listening
    listening.close()


def test_a_free_port_is_answered(taken: "socket.socket") -> None:
    port = taken.getsockname()[1]
    taken.close()
    assert need_port("127.0.0.1", port) == port


def test_a_taken_port_is_a_sentence(taken: "socket.socket") -> None:
    port = taken.getsockname()[1]
    with pytest.raises(PortTaken, match=f"Port {port} .* is taken"):
        need_port("127.0.0.1", port)


def test_the_next_free_port_is_found(taken: "socket.socket") -> None:
    port = taken.getsockname()[1]
    found = find_port("127.0.0.1", port, besides={port + 1})
    assert port + 1 < found < port + 50


def test_an_address_of_another_machine_is_a_sentence() -> None:
    with pytest.raises(HostNotOurs, match=r"Cannot listen on 192\.0\.2\.1"):
        need_port("192.0.2.1", 8400)
