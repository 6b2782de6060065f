"""One id leads from the page that was asked for to the console, and from a click to the post; every line is JSON."""

import json
import logging
import sys
from collections import Counter
from typing import Any

import pytest
import structlog

from app.core import trace
from app.core.settings import Settings
from app.core.telemetry import as_json, configure
from tests.operating.conftest import ASKED, Installation, until


def steps(installed: Installation, known: str) -> list[dict[str, Any]]:
    return [line for line in installed.lines() if line.get("trace") == known]


def said_with(installed: Installation, known: str, awaited: Counter[str]) -> list[dict[str, Any]]:
    """What was said under a trace once it has these lines; a fact can be read before the line that tells of it."""
    until(lambda: awaited <= Counter(line["event"] for line in steps(installed, known)))
    return steps(installed, known)


def test_a_mention_is_followed_from_the_page_to_the_console(installed: Installation) -> None:
    events = installed.desk.ask("GET", "/events?limit=1000")["events"]
    (received,) = [e for e in events if e["type"] == "message.received" and e["ticket_id"] == installed.ticket_id]
    mine = said_with(installed, received["trace"], Counter(committed=1, pushed=1))
    # the log's reader may see a commit before its writer has heard of it: of the last two either speaks first
    assert [line["event"] for line in mine[:2]] == ["page_read", "posts_received"]
    committed, pushed = sorted(mine[2:], key=lambda line: line["event"])
    assert committed["facts"]["message.received"] == 1
    assert pushed["first"] <= received["seq"] <= pushed["last"]


def test_an_answer_is_followed_from_the_click_to_the_post(installed: Installation) -> None:
    events = installed.desk.ask("GET", "/events?limit=1000")["events"]
    mine = [e["type"] for e in events if e["trace"] == ASKED]
    assert [kind for kind in mine if kind.startswith("reply.")] == ["reply.queued", "reply.sending", "reply.sent"]
    said = [line["event"] for line in said_with(installed, ASKED, Counter(committed=3, reply_leaves=1))]
    assert said.count("committed") == 3
    assert said.index("reply_leaves") > said.index("committed")
    last = len(said) - 1 - said[::-1].index("committed")
    assert said.index("reply_leaves") < last, "it is sent once it has left"


def test_a_request_is_answered_with_the_id_it_brought(installed: Installation) -> None:
    http = installed.desk.http
    assert (
        http.get("/session", headers={"X-Request-Id": "from-the-proxy-1"}).headers["X-Request-Id"] == "from-the-proxy-1"
    )
    parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    assert http.get("/session", headers={"traceparent": parent}).headers["X-Request-Id"] == parent.split("-")[1]
    wrong = http.get("/tickets/nothing", headers={"X-Request-Id": "from-the-proxy-2"})
    assert wrong.json()["request_id"] == "from-the-proxy-2"
    for strange in ("short", "with space in it", "x" * 65, '{"a": "b c d"}'):
        assert http.get("/session", headers={"X-Request-Id": strange}).headers["X-Request-Id"] != strange


@pytest.mark.parametrize(
    "parent", ["", "00-zz-00-01", f"00-{'0' * 32}-{'1' * 16}-01", "00-" + "A" * 32 + "-" + "b" * 16 + "-01"]
)
def test_what_is_no_trace_is_none(parent: str) -> None:
    assert trace.from_headers(None, parent) is None


def test_any_trace_is_one_for_sentry() -> None:
    assert trace.as_hex(trace.adopt()) == trace.current()
    assert len(trace.as_hex("from-the-proxy-1")) == 32


def test_every_line_of_the_process_is_json(installed: Installation) -> None:
    said = installed.lines()
    assert len(said) > 10
    assert all(line["event"] and line["level"] for line in said)


def test_a_library_and_a_traceback_come_as_json_too(capsys: pytest.CaptureFixture[str]) -> None:
    before, hook = structlog.get_config(), sys.excepthook
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        configure(Settings(log_json=True))
        with trace.tracing("the-trace-of-this"):
            try:
                raise ValueError("a\nb Bearer abcdefgh ?access_token=hunter2&x=1 postgresql://desk:hunter3@host/x")
            except ValueError:
                logging.getLogger("some.library").exception("it broke: %s", "password='hunter4'")
                structlog.get_logger().exception("ours", numbers={1: float("nan")}, half="\ud800")
        sys.excepthook(ValueError, ValueError("at the end"), None)
    finally:
        structlog.configure(**before)
        sys.excepthook = hook
        logging.captureWarnings(capture=False)
        root.handlers[:] = handlers
        root.setLevel(level)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["event"][:8] for line in lines] == ["it broke", "ours", "crashed"]
    assert lines[0]["logger"] == "some.library"
    assert [line.get("trace") for line in lines[:2]] == ["the-trace-of-this"] * 2
    assert "Traceback" in lines[0]["exception"]
    assert not [word for word in ("hunter2", "hunter3", "hunter4", "abcdefgh") if word in str(lines)]


def test_what_json_cannot_say_is_said_another_way() -> None:
    assert json.loads(as_json({"n": float("inf"), 2: {3, 4}}))["n"] is None
    assert json.loads(as_json({"big": 2**80}))["big"] == str(2**80)
