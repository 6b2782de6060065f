"""bundle(): what consoles of one reach may hear of a stretch of the log, as one frame, which all of them share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import orjson

from app.core.eventlog import Logged
from app.core.shared_frame import shared_frame
from app.stream.audience import Reach, may_hear

LARGEST: Final = 256 * 1024
"""Characters after which a frame is full; a single larger event goes alone."""
_TURNS: Final = frozenset({"agent.changed", "team.changed", "brand.changed", "sign_in.ended", "key.revoked"})


@dataclass(frozen=True, slots=True)
class Packet:
    """An event, serialised once for every console. A `turn` may change who may hear what comes after it."""

    seq: int
    audience: str
    brand_id: str | None
    text: str
    turn: Logged | None


@dataclass(frozen=True, slots=True)
class Bundle:
    """The log up to `reached` for one reach, of which the frame tells as far as `told`; no frame when nothing may be heard.

    `ready` is the frame as it lies on the wire, made once for all who share it.
    A turn is always alone: who takes it looks again at what it may hear before it goes on.
    """

    reached: int
    told: int
    frame: str | None
    ready: bytes | None
    turn: Logged | None


def packet(event: Logged) -> Packet:
    """Serialise an event as the console reads it; the audience stays inside."""
    body = {name: getattr(event, name) for name in Logged.__slots__ if name != "audience"}
    turn = event if event.type in _TURNS else None
    return Packet(event.seq, event.audience, event.brand_id, orjson.dumps(body).decode(), turn)


def bundle(packets: Sequence[Packet], reach: Reach) -> Bundle:
    """The first frame's worth of these events, at least one: up to the next turn, or until it is full."""
    heard: list[str] = []
    reached, told, size = packets[0].seq, 0, 0
    for one in packets:
        if one is not packets[0] and (one.turn or packets[0].turn):
            break
        if may_hear(reach, one.audience, one.brand_id):
            if heard and size + len(one.text) > LARGEST:
                break
            heard.append(one.text)
            size += len(one.text)
            told = one.seq
        reached = one.seq
    frame = f'{{"kind":"events","events":[{",".join(heard)}]}}' if heard else None
    return Bundle(reached, told, frame, shared_frame(frame) if frame else None, packets[0].turn)
