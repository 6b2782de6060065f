"""The promise that stands in the examples of the interface, its calendar, and a clock that runs under it."""

from typing import Any, Final

from app.agents.examples import AT, BRAND_ID, LATER

POLICY_ID: Final = "po_06h1ii2n41qeb6fgppdokr9cj8"
OTHER_POLICY_ID: Final = "po_06h1ii2n41qeb6fgppeb688cr8"
CALENDAR_ID: Final = "ca_06h1ii2n41qeb6fgppeb688cr8"

CALENDAR_ASKED: Final[dict[str, Any]] = {
    "name": "Office hours",
    "tz": "Europe/Paris",
    "hours": {"Mon": [["09:00", "18:00"]], "Tue": [["09:00", "12:00"], ["13:00", "18:00"]]},
    "country": "FR",
    "by_hand": [{"day": "2026-05-15", "name": "Bridge day"}],
    "overrides": {"2026-12-24": [["09:00", "13:00"]]},
}
CALENDAR: Final[dict[str, Any]] = CALENDAR_ASKED | {
    "id": CALENDAR_ID,
    "always": False,
    "subdivision": None,
    "feed": None,
    "switched_off": [],
    "revision": 1,
}
CONDITIONS: Final[dict[str, Any]] = {
    "brands": [BRAND_ID],
    "networks": [],
    "priorities": ["high", "urgent"],
    "labels": [],
    "teams": [],
    "languages": [],
    "lanes": [],
}
POLICY_ASKED: Final[dict[str, Any]] = {
    "name": "Urgent within the hour",
    "conditions": {"brands": [BRAND_ID], "priorities": ["high", "urgent"]},
    "targets": [{"metric": "first_reply", "seconds": 3_600, "warn": {"percent": 75}}],
    "calendar_id": CALENDAR_ID,
}
POLICY: Final[dict[str, Any]] = {
    "id": POLICY_ID,
    "name": "Urgent within the hour",
    "place": 1,
    "enabled": True,
    "conditions": CONDITIONS,
    "targets": [
        {
            "metric": "first_reply",
            "priority": None,
            "seconds": 3_600,
            "warn": {"percent": 75, "before_s": None, "urgent": False},
        }
    ],
    "pauses": None,
    "reopen": "resume",
    "count_automatic": False,
    "ingest_lag_s": 300,
    "calendar_id": CALENDAR_ID,
    "revision": 1,
}
LINE: Final[dict[str, Any]] = {
    "metric": "first_reply",
    "label": "metric.first_reply",
    "cycle": 1,
    "state": "running",
    "started_at": AT,
    "target_s": 3_600,
    "due_at": LATER,
    "warn_at": None,
    "warned_at": None,
    "met_at": None,
    "breached_at": None,
    "cancelled_at": None,
    "consumed_s": 420,
    "over_s": 0,
    "cause": None,
}
CLOCK: Final[dict[str, Any]] = LINE | {
    "current": True,
    "received_at": AT,
    "submitted_at": None,
    "detected_at": None,
    "causes": [],
    "flags": [],
    "policy": {"id": POLICY_ID, "name": "Urgent within the hour", "why": [], "passed_over": []},
    "calendar": {"tz": "Europe/Paris", "always": False},
    "pauses": [],
    "intervals": [{"since": AT, "to": LATER, "seconds": 420}],
    "intervals_left_out": 0,
    "history": [],
}
SIMULATED: Final[dict[str, Any]] = {
    "calendar": {"tz": "Europe/Berlin", "hours": {"Mon": [["09:00", "17:00"]]}},
    "policy": {"targets_s": {"first_reply": 3_600}},
    "facts": [{"at": "2026-03-02T09:00:00Z", "type": "customer_message"}],
}
FEED: Final = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//EN\r\nBEGIN:VEVENT\r\nUID:1\r\n"
    "DTSTART;VALUE=DATE:20260515\r\nSUMMARY:Bridge day\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
