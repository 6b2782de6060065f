"""Every operation of the interface, asked with whatever its description allows and more: by a lead, by somebody who sees little, and by keys of each scope."""

import json
import time
from functools import cache
from typing import Any

import httpx2
import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.agents.permit import Actor
from app.core.http import PROBLEM
from app.core.paging import encode
from app.main import create_app
from tests.access.given import EVERY, a_key, bears
from tests.conftest import lean_network
from tests.described import description
from tests.lean import Lean
from tests.sandbox.pictures import PNG
from tests.security.stage import Brands, cookie, two_brands
from tests.world import World

APP = create_app()
DESCRIPTION = description()
SCHEMA = schemathesis.openapi.from_dict(DESCRIPTION)
ELSEWHERE = {"/api/v1/accounts/connect", "/api/v1/accounts/return"}
"""These ask servers on the net, whatever their name."""
KINDS = {"application/json", PROBLEM, "image/png"}
SECONDS = 10.0


class Asked:
    """The whole app on the real database, and who asks it."""

    def __init__(self, world: World, lean: Lean) -> None:
        self.world = world
        self.brands: Brands = world.run(two_brands(lean))
        people: list[Actor] = [self.brands.desk.lead, self.brands.zeta.agent]
        self.askers = [world.run(cookie(one)) for one in people]
        lead = self.brands.desk.lead
        self.askers += [bears(world.run(a_key(lead, scope))) for scope in EVERY]
        others = {"agent_id": self.brands.ana.agent_id, "team_id": self.brands.desk.team_id}  # of nobody who asks
        self.ids: dict[str, Any] = {**vars(self.brands.zeta), **others}

    def ask(self, method: str, url: str, who: int, **more: Any) -> httpx2.Response:
        """One answer: soon, of a kind that is known, a sentence when it is a refusal, and never a fault."""
        headers = {**more.pop("headers", {}), **self.askers[who]}
        begun = time.process_time()
        answer = self.world.run(self._ask(method, url, headers=headers, **more))
        assert time.process_time() - begun < SECONDS, (method, url)
        assert answer.status_code < 500, (method, url, more, answer.text)
        if answer.status_code == 204:
            assert answer.content == b""
            return answer
        assert answer.headers["content-type"].partition(";")[0] in KINDS, (method, url, answer.headers)
        if answer.status_code >= 400:
            said = answer.json()
            assert answer.headers["content-type"] == PROBLEM
            assert said["status"] == answer.status_code
            assert said["detail"]
        return answer

    async def _ask(self, method: str, url: str, **more: Any) -> httpx2.Response:
        transport = httpx2.ASGITransport(app=APP, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://desk.example") as client:
            return await client.request(method, url, **more)


@cache
def _validator(schema: str) -> jsonschema_rs.Draft202012Validator:
    """Of a shape of the description; made once, since that takes longer than most requests."""
    return jsonschema_rs.Draft202012Validator({**json.loads(schema), "components": DESCRIPTION["components"]})


def described(path: str, method: str, answer: httpx2.Response) -> None:
    """An answer is one that the description knows, good or bad, of a kind it names and in its shape."""
    operation = DESCRIPTION["paths"][path][method.lower()]
    known = operation["responses"]
    told = known.get(str(answer.status_code)) or (known["default"] if answer.status_code >= 400 else None)
    assert told, (method, path, answer.status_code)
    assert answer.headers["x-request-id"]
    if "content" in told:
        kind = answer.headers["content-type"].partition(";")[0]
        assert kind in told["content"], (method, path, kind)
        schema = told["content"][kind].get("schema")
        if schema and kind.endswith("json"):
            problems = [str(one) for one in _validator(json.dumps(schema)).iter_errors(answer.json())]
            assert problems == [], (method, path, problems[:3])
    # what cannot be read at all is refused before anybody is asked who they are
    if operation["security"] and "authorization" in answer.request.headers and answer.status_code not in {401, 422}:
        assert {"ratelimit", "ratelimit-policy"} <= set(answer.headers), (method, path, answer.status_code)


def every_operation(world: World, examples: int) -> None:
    with world.example(), lean_network() as lean:
        asked = Asked(world, lean)
        for found in SCHEMA.get_all_operations():
            operation = found.ok()
            if operation.path not in ELSEWHERE:
                _law(asked, operation, examples)


def _law(asked: Asked, operation: schemathesis.APIOperation, examples: int) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    @given(case=operation.as_strategy(), who=st.integers(0, 1 + len(EVERY)), really=st.booleans())
    def holds(case: schemathesis.Case, who: int, really: bool) -> None:
        if really:
            case.path_parameters.update({k: asked.ids[k] for k in case.path_parameters if k in asked.ids})
        wire = case.as_transport_kwargs(base_url="http://desk.example")
        body: dict[str, Any] = {k: wire[k] for k in ("json", "data", "params") if wire.get(k) is not None}
        if isinstance(body.get("data"), bytes):
            body["content"] = body.pop("data")
        given = dict(wire.get("headers") or {})
        heads = {k: v for k, v in given.items() if k.lower() not in {"cookie", "origin", "authorization"}}
        answer = asked.ask(case.method, wire["url"], who, headers=heads, **body)
        described(operation.path, case.method, answer)

    holds()


def test_every_operation_answers_as_it_is_described(world: World) -> None:
    every_operation(world, 3)


@pytest.mark.faults
def test_every_operation_answers_as_it_is_described_tried_for_long(world: World) -> None:
    every_operation(world, 100)


INJECTED = (
    "' or 1=1 --", "'; drop table tickets; --", "\\", "\\'", "''", "a' | 'b", "!(", "&&", ":*", "<->", "%", "_", "$$", "$1", "%s",
    "{}", "\u0000", "\ud7ff", "ﷺ" * 60, "\u0301", "'" * 200, "a:b", "((((", "漢字" * 90, "select pg_sleep(10)", "\U0001f469\u200d\U0001f469",
)  # fmt: skip
VALUES = st.sampled_from(INJECTED) | st.text(max_size=60)
MARKS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20)
    | st.sampled_from(["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999-14:00", "2026-01-01", "x' or '1'='1", "\0"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=5,
)  # fmt: skip


def test_words_filters_and_page_marks_are_values_and_never_sql(world: World) -> None:
    with world.example(), lean_network() as lean:
        asked = Asked(world, lean)
        before = asked.ask("GET", "/api/v1/tickets?state=open", 0).json()["items"]
        assert len(before) == 2

        @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
        @given(
            name=st.sampled_from(
                [
                    "q",
                    "brand",
                    "account",
                    "assignee",
                    "label",
                    "language",
                    "cursor",
                    "priority",
                    "state",
                    "order",
                    "view",
                ]
            ),
            value=VALUES,
            who=st.integers(0, 1),
        )
        def one_question(name: str, value: str, who: int) -> None:
            answer = asked.ask("GET", "/api/v1/tickets", who, params={name: value.encode("utf-8", "replace")})
            if answer.status_code == 200 and name not in {"q", "assignee"}:
                assert {card["id"] for card in answer.json()["items"]} <= {asked.brands.zeta.ticket_id} or who == 0

        @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
        @given(
            marks=st.lists(MARKS, max_size=4) | MARKS,
            order=st.sampled_from(["urgency", "newest"]),
            who=st.integers(0, 1),
        )
        def one_mark(marks: Any, order: str, who: int) -> None:
            try:
                cursor = encode(*marks) if isinstance(marks, list) else encode(marks)
            except TypeError:  # a number that no JSON of ours holds
                return
            answer = asked.ask(
                "GET", "/api/v1/tickets", who, params={"order": order, "cursor": cursor, "state": "open"}
            )
            if who and answer.status_code == 200:
                assert {card["id"] for card in answer.json()["items"]} <= {asked.brands.zeta.ticket_id}
            asked.ask("GET", f"/api/v1/accounts/{asked.brands.zeta.account_id}/rejects", 0, params={"before": cursor})

        one_question()
        one_mark()
        assert asked.ask("GET", "/api/v1/tickets?state=open", 0).json()["items"] == before


FEED = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}\r\nEND:VCALENDAR\r\n"
EVENT = "BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:{}\r\nSUMMARY:x\r\n{}\r\nEND:VEVENT"
LINES = st.sampled_from(
    [
        *("RRULE:FREQ=DAILY", "RRULE:FREQ=SECONDLY", "RRULE:FREQ=YEARLY;BYDAY=MO,TU;BYMONTHDAY=31;BYMONTH=2", "RRULE:FREQ=DAILY;INTERVAL=0"),
        *("RRULE:FREQ=YEARLY;BYEASTER=0", "RRULE:FREQ=MONTHLY;BYSETPOS=-366;BYDAY=FR", "RRULE:COUNT=999999999;FREQ=DAILY", "DURATION:P999999999W"),
        *("RRULE:FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9;BYMINUTE=0,1,2,3,4,5,6,7,8,9;BYSECOND=0,1,2,3,4,5,6,7,8,9", "DTEND;VALUE=DATE:99991231"),
        *("EXDATE:x", "EXDATE;VALUE=DATE:20260101", "DURATION:-P1D", "DTEND:20260101T000000", "RRULE:", "X:" + "y" * 5000, "STATUS:CANCELLED"),
        *("RRULE:FREQ=WEEKLY;UNTIL=x", "RRULE:FREQ=YEARLY;INTERVAL=99999999999", "RRULE:FREQ=YEARLY;BYMONTHDAY=30;BYMONTH=2", "BEGIN:VEVENT"),
    ]
)  # fmt: skip
DAYS = st.sampled_from(["20260101", "00010101", "99991231", "20260230", "x", "20260101T000000Z", ""])
FEEDS = st.builds(
    lambda day, lines: FEED.format(EVENT.format(day, "\r\n".join(lines))), DAYS, st.lists(LINES, max_size=3)
) | st.text(max_size=100)


def test_feeds_histories_and_uploads_are_read_or_refused_soon(world: World) -> None:
    with world.example(), lean_network() as lean:
        asked = Asked(world, lean)

        @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
        @given(text=FEEDS, year=st.sampled_from([1970, 2026, 2100]))
        def one_feed(text: str, year: int) -> None:
            sent = json.dumps({"text": text, "year": year}).encode()
            asked.ask("POST", "/api/v1/holidays/ical", 0, content=sent, headers={"content-type": "application/json"})

        @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
        @given(
            st.fixed_dictionaries(
                {"policy": _objects(), "facts": st.lists(_objects(), max_size=4)},
                optional={"calendar": _objects(), "until": MOMENTS},
            )
        )
        def one_history(history: dict[str, Any]) -> None:
            sent = json.dumps(history).encode()
            asked.ask("POST", "/api/v1/sla/simulate", 0, content=sent, headers={"content-type": "application/json"})

        @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
        @given(
            start=st.sampled_from([PNG, PNG[:8], b"\xff\xd8\xff", b"GIF8", b"RIFF0000WEBP", b"RIFF", b"<svg/>", b""]),
            rest=st.binary(max_size=50),
            name=st.text(max_size=300),
            alt=st.text(max_size=50),
        )
        def one_upload(start: bytes, rest: bytes, name: str, alt: str) -> None:
            where = f"/api/v1/tickets/{asked.brands.zeta.ticket_id}/pictures"
            files = {"file": (name.encode("utf-8", "replace").decode(), start + rest, "image/png")}
            answer = asked.ask("POST", where, 1, files=files, data={"alt": alt.encode("utf-8", "replace").decode()})
            if answer.status_code == 201:
                file = asked.ask("GET", f"/api/v1/pictures/{answer.json()['id']}/file", 1)
                assert file.content == start + rest
                assert start.startswith(PNG[:8])

        one_feed()
        one_history()
        one_upload()


MOMENTS = st.sampled_from(
    ["2026-03-02T09:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "x", ""]
)  # fmt: skip
_LEAVES = st.one_of(
    st.none(), st.integers(-(10**9), 10**12), st.floats(allow_nan=False), st.text(max_size=6), MOMENTS, st.just("Europe/Paris"), st.just("../../etc/passwd")
)  # fmt: skip


def _objects() -> st.SearchStrategy[dict[str, Any]]:
    names = st.sampled_from(
        [
            "tz",
            "hours",
            "Mon",
            "targets_s",
            "first_reply",
            "type",
            "at",
            "always",
            "holidays",
            "pauses",
            "reopen",
            "overrides",
            "state",
        ]
    )
    values = st.recursive(
        _LEAVES
        | st.sampled_from(
            ["customer_message", "agent_reply", [["09:00", "18:00"]], [["25:00", "x"]], {"first_reply": 3600}]
        ),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
        max_leaves=4,
    )
    return st.dictionaries(names, values, max_size=5)
