"""Shared frames: a text for many websockets becomes a frame once, and is written at once to each line that takes it."""

from collections.abc import Callable
from typing import Any, Final

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State

_OFFER: Final = "mentiondesk.shared_frame"
_SWITCHED: Final = 101

WriteShared = Callable[[bytes], bool]
"""Writes a ready frame to one line and says so; False when the line must be asked the ordinary way, or has ended."""


def shared_frame(text: str) -> bytes:
    """A text as the frame that carries it, the same for every line that has no extensions."""
    return Frame(Opcode.TEXT, text.encode()).serialize(mask=False)


class SharedFrames(WebSocketsSansIOProtocol):
    """The server's own websocket, which also offers apps to write a frame that was made for many.

    An ordinary send makes the text into a frame anew for each line and passes through the app's every layer, which is
    more than half of what a broadcast costs: docs/decisions/0015.
    """

    def handle_connect(self, event: Request) -> None:
        """Accept as ever, with the offer in the scope; the app begins to run after this."""
        super().handle_connect(event)
        if self.response.status_code == _SWITCHED:
            (self.scope["extensions"] or {})[_OFFER] = {"write": self.write_shared}

    def write_shared(self, frame: bytes) -> bool:
        """Write a ready frame, unless the line is not open, waits for its other side or would change the frame."""
        if self.close_sent or self.disconnected or not self.handshake_complete or not self.writable.is_set():
            return False
        if self.conn.state is not State.OPEN or self.conn.extensions or self.transport.is_closing():
            return False
        self.transport.write(frame)
        return True


def offered(scope: Any) -> WriteShared:
    """How to write shared frames to the line of this scope; a server without the offer takes none."""
    offer = (scope.get("extensions") or {}).get(_OFFER)
    return offer["write"] if offer else lambda _: False
