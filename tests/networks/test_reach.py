"""What publishes has a connection of its own, so that no other request's answer is taken for its own."""

from asyncio import StreamWriter

import pytest

from app.core import client
from app.core.settings import settings
from app.networks.reach import reaching
from tests.rude import Asked, answer, rude_server


async def test_an_answer_given_twice_does_not_answer_the_next_reply(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "allow_private_networks", True)
    asked: list[int] = []
    connections: set[StreamWriter] = set()

    async def twice(one: Asked) -> bytes:
        asked.append(len(asked))
        connections.add(one.writer)
        return answer(asked[-1]) * 2

    async with rude_server(twice) as url:
        assert (await client.request("GET", url)).json() == 0  # as reading does, on a connection that is kept
        for number in (1, 2, 3):
            with reaching(wrote=True):
                assert (await client.request("POST", url, content={})).json() == number
        with reaching():
            await client.request("GET", url)
    assert len(connections) == 4
