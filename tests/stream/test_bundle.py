"""What goes into one frame: in order, nothing of others, never past an event that may change who hears what."""

import json
from typing import Any

from app.agents.permit import Actor
from app.core.clock import now
from app.core.eventlog import Logged
from app.stream.audience import reach_of
from app.stream.bundle import LARGEST, Bundle, bundle, packet

MINE = reach_of(Actor("ag", "agent", frozenset({"br"})))


def an_event(seq: int, brand: str = "br", kind: str = "ticket.prioritised", **fact: Any) -> Logged:
    audience = {"sign_in.ended": "nobody", "team.changed": "all"}.get(kind, "brand")
    return Logged(seq, now(), kind, None, brand, "tk", audience, {"type": kind, **fact}, None)


def joined(*events: Logged) -> Bundle:
    return bundle([packet(e) for e in events], MINE)


def seqs(one: Bundle) -> list[int]:
    return [] if one.frame is None else [e["seq"] for e in json.loads(one.frame)["events"]]


def test_what_is_not_for_this_reach_is_stepped_over() -> None:
    one = joined(an_event(4), an_event(5, "other"), an_event(6), an_event(7, "other"))
    assert (one.reached, seqs(one), one.turn) == (7, [4, 6], None)


def test_without_anything_to_hear_there_is_no_frame_and_yet_a_number() -> None:
    one = joined(an_event(4, "other"), an_event(5, "other"))
    assert (one.reached, one.frame) == (5, None)


def test_a_turn_stands_alone() -> None:
    events = [an_event(1), an_event(2, kind="team.changed"), an_event(3), an_event(4, kind="sign_in.ended")]
    before = joined(*events)
    assert (before.reached, before.turn) == (1, None)
    turn = joined(*events[1:])
    assert (turn.reached, seqs(turn), turn.turn) == (2, [2], events[1])
    after = joined(*events[2:])
    assert (after.reached, after.turn) == (3, None)
    ended = joined(*events[3:])
    assert (ended.reached, ended.frame, ended.turn) == (4, None, events[3])


def test_a_full_frame_ends_and_a_large_event_goes_alone() -> None:
    large = "x" * (LARGEST // 2)
    events = [an_event(1), an_event(2, note=large), an_event(3, note=large), an_event(4, note=large * 3), an_event(5)]
    found = []
    while events:
        one = joined(*events)
        found.append(seqs(one))
        events = [e for e in events if e.seq > one.reached]
    assert found == [[1, 2], [3], [4], [5]]


def test_an_event_keeps_its_audience_to_itself() -> None:
    (event,) = json.loads(joined(an_event(3)).frame or "")["events"]
    assert event["seq"] == 3
    assert "audience" not in event
