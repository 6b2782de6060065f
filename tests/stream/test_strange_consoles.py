"""A console that says strange things, and one whose database goes away, are sent away with a code and nothing else."""

import contextlib
from typing import Any

import pytest
import websockets

from tests.given import a_desk
from tests.kept import cut_off
from tests.stream.conftest import Served, signed_in


@pytest.mark.parametrize(
    "frame",
    [
        {"kind": "presence", "ticket_id": "tk\0", "doing": "viewing"},
        {"kind": "presence", "ticket_id": "tk", "doing": []},
        {"kind": [], "ticket_id": "tk", "doing": "viewing"},
        {"kind": "event", "ticket_id": None, "doing": "viewing"},
    ],
)
async def test_a_strange_frame_ends_the_line(
    served: Served, frame: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    secret = await signed_in((await a_desk()).lead)
    async with served.console(secret) as console:
        await console.frame()
        await console.say(**frame)
        assert await console.closed() == 1008
    assert "Traceback" not in caplog.text


async def test_a_database_that_restarts_sends_consoles_away_for_a_moment(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    desk = await a_desk()
    secret = await signed_in(desk.lead)
    async with served.console(secret) as console:
        await console.frame()
        await cut_off()
        with contextlib.suppress(websockets.ConnectionClosed):
            for _ in range(20):  # one of these meets a connection that is gone, unless the tail met it first
                await console.say(kind="presence", ticket_id="tk_none", doing="viewing")
    async with served.console(secret) as again:
        assert (await again.frame())["kind"] in {"events", "heartbeat"}
    assert "Traceback" not in caplog.text
