"""Promises over HTTP: shapes, sentences with their field, and who sees what."""

from typing import Any

from app.sla.routes import router
from tests.agents.people import an_agent, asking, cookie
from tests.conftest import Turned
from tests.sla.stage import a_stage, only

API = "/api/v1"


async def test_a_lead_writes_a_calendar_and_a_policy_and_sees_why(database: str, turned: Turned) -> None:
    stage = await a_stage()
    async with asking(router, secret=await cookie(stage.lead.agent_id)) as browser:
        week = {"Wed": [["09:00", "12:00"], ["13:00", "18:00"]]}
        office = await browser.post(f"{API}/calendars", json={"name": "Office", "tz": "Europe/Berlin", "hours": week})
        assert office.status_code == 201
        assert office.json()["hours"] == week
        [standard] = (await browser.get(f"{API}/policies")).json()
        changed = {
            **{k: v for k, v in standard.items() if k not in {"id", "place"}},
            "calendar_id": office.json()["id"],
            "targets": only("first_reply", 7200),
        }
        saved = await browser.put(f"{API}/policies/{standard['id']}", json=changed)
        assert (saved.status_code, saved.json()["revision"]) == (200, 2)
        ticket = await stage.ticket()
        [clock] = (await browser.get(f"{API}/tickets/{ticket}/clocks")).json()["clocks"]
        assert clock["due_at"] == "2026-03-04T13:00:00Z"
        assert clock["label"] == "desk.metric.first_reply"
        assert clock["policy"]["name"] == "Standard"
        assert clock["history"][0]["what"] == "started"
        stale = await browser.put(f"{API}/policies/{standard['id']}", json=changed)
        assert (stale.status_code, stale.json()["code"], stale.json()["policy"]["revision"]) == (409, "stale_policy", 2)
        order = await browser.put(f"{API}/policies/order", json={"ids": [standard["id"]]})
        assert [one["id"] for one in order.json()] == [standard["id"]]
        gone = await browser.delete(f"{API}/calendars/{office.json()['id']}", params={"revision": 1})
        assert (gone.status_code, gone.json()["policies"]) == (409, ["Standard"])
        rebuilt = await browser.post(f"{API}/tickets/{ticket}/clocks/rebuild", json={})
        assert rebuilt.json() == []


async def test_wrong_values_are_answered_with_a_sentence_and_the_field(database: str) -> None:
    stage = await a_stage()
    wrong: list[tuple[str, Any, str]] = [
        ("calendars", {"name": "X", "tz": "Mars/Olympus", "always": True}, "tz"),
        ("calendars", {"name": "X", "tz": "UTC"}, "hours"),
        ("calendars", {"name": "X", "tz": "UTC", "hours": {"Mon": [["9", "10:00"]]}}, "hours.Mon[0][0]"),
        ("calendars", {"name": "X", "tz": "UTC", "hours": {"Monday": []}}, "hours.Monday.[key]"),
        ("policies", {"name": "X", "targets": only("first_reply", 14)}, "targets.0.seconds"),
        ("policies", {"name": "X", "targets": only("no_such", 60)}, "targets.0.metric"),
        ("policies", {"name": "X", "colour": "red"}, "colour"),
        ("policies", {"name": "X", "calendar_id": "ca_none"}, "calendar_id"),
        ("sla/simulate", {"policy": {}, "facts": [{"type": "dance"}]}, "facts[0].type"),
        ("holidays/ical", {"text": "x", "year": 2026}, "feed"),
    ]
    async with asking(router, secret=await cookie(stage.lead.agent_id)) as browser:
        for path, body, field in wrong:
            answer = await browser.post(f"{API}/{path}", json=body)
            assert answer.status_code in {404, 422}, path
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["field"] == field
            assert answer.json()["detail"].endswith(".") or answer.json()["code"] == "not_acceptable"
        unknown = await browser.get(f"{API}/holidays", params={"country": "XX", "year": 2026})
        assert (unknown.status_code, unknown.json()["field"]) == (422, "country")


async def test_what_would_be_due_when(database: str) -> None:
    stage = await a_stage()
    ask = {
        "policy": {"name": "Try", "targets": [*only("first_reply", 3600, warn={"percent": 50})]},
        "calendar": {
            "name": "Try",
            "tz": "Europe/Berlin",
            "hours": {"Mon": [["09:00", "10:30"]], "Tue": [["09:00", "12:00"]]},
        },
        "at": "2026-03-02T10:00:00+01:00",
    }
    async with asking(router, secret=await cookie(stage.lead.agent_id)) as browser:
        answer = await browser.post(f"{API}/sla/preview", json=ask)
        assert answer.json() == [
            {
                "metric": "first_reply",
                "label": "desk.metric.first_reply",
                "target_s": 3600,
                "due_at": "2026-03-03T08:30:00Z",
                "warn_at": "2026-03-03T08:00:00Z",
            }
        ]
        kept = [p["name"] for p in (await browser.get(f"{API}/policies")).json()]
        assert kept == ["Standard"]
        simulated = await browser.post(
            f"{API}/sla/simulate",
            json={
                "calendar": None,
                "policy": {"targets_s": {"first_reply": 60}},
                "facts": [{"at": "2026-03-04T10:00:00Z", "type": "customer_message"}],
                "until": "2026-03-04T10:02:00Z",
            },
        )
        assert simulated.json()["clocks"][0]["state"] == "breached"
        metrics = {m["name"]: m["pauses"] for m in (await browser.get(f"{API}/sla/metrics")).json()}
        assert metrics == {"first_reply": [], "next_reply": [], "resolution": ["waiting"], "update": ["waiting"]}
        germany = next(c for c in (await browser.get(f"{API}/holidays/countries")).json() if c["code"] == "DE")
        assert "BY" in germany["subdivisions"]
        asked = {"country": "DE", "subdivision": "BY", "year": 2026}
        days = {d["day"] for d in (await browser.get(f"{API}/holidays", params=asked)).json()}
        assert {"2026-01-06", "2026-10-03"} <= days


async def test_who_does_not_see_the_ticket_sees_no_clock(database: str) -> None:
    stage = await a_stage()
    ticket = await stage.ticket()
    stranger = await an_agent("Ina")
    async with asking(router, secret=await cookie(stranger)) as browser:
        hidden = await browser.get(f"{API}/tickets/{ticket}/clocks")
        assert (hidden.status_code, hidden.json()["code"]) == (404, "ticket_not_found")
        refused = await browser.post(f"{API}/policies", json={"name": "Mine"})
        assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
        assert (await browser.get(f"{API}/policies")).status_code == 200
        tried = {"policy": {}, "facts": []}
        assert (await browser.post(f"{API}/sla/simulate", json=tried)).status_code == 403
    async with asking(router) as browser:
        for path in (f"tickets/{ticket}/clocks", "policies", "calendars", "sla/metrics", "holidays/countries"):
            assert (await browser.get(f"{API}/{path}")).status_code == 401
