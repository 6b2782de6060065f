"""Simulating a file: the answer's shape, time order, and one sentence with the place for every bad file."""

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest

from app.sla.errors import SimulationError
from app.sla.simulate import run_file, simulate

FILE: dict[str, Any] = {
    "calendar": {
        "tz": "Europe/Berlin",
        "hours": {"Wed": [["09:00", "12:00"], ["13:30", "18:00"]]},
        "holidays": ["2026-04-03"],
    },
    "policy": {
        "targets_s": {"first_reply": 1800, "next_reply": 2700, "resolution": 14400},
        "pauses": {"resolution": ["waiting"]},
        "reopen": "resume",
    },
    "facts": [
        {"at": "2026-03-04T10:00:00Z", "type": "customer_message"},
        {"at": "2026-03-04T10:25:00Z", "type": "reply_submitted"},
        {"at": "2026-03-04T10:33:00Z", "type": "reply_accepted"},
        {"at": "2026-03-04T11:00:00Z", "type": "moved", "to": "resolved"},
    ],
    "until": "2026-03-04T18:00:00Z",
}


def clocks(data: dict[str, Any]) -> dict[tuple[str, int], dict[str, Any]]:
    return {(one["metric"], one["cycle"]): one for one in simulate(json.dumps(data))["clocks"]}


def changed(**entries: Any) -> dict[str, Any]:
    return {**copy.deepcopy(FILE), **entries}


def test_the_answer_has_every_promised_entry() -> None:
    first = clocks(FILE)["first_reply", 1]
    expected = {
        "metric": "first_reply",
        "cycle": 1,
        "state": "breached",
        "started_at": "2026-03-04T10:00:00Z",
        "due_at": "2026-03-04T10:30:00Z",
        "met_at": "2026-03-04T10:33:00Z",
        "breached_at": "2026-03-04T10:30:00Z",
        "detected_at": "2026-03-04T10:30:00Z",
        "consumed_s": 1980,
        "over_s": 180,
        "cause": "delivery_delay",
    }
    assert expected.items() <= first.items()
    assert [step["what"] for step in first["history"]] == ["started", "breached", "met_late"]
    assert clocks(FILE)["resolution", 1]["due_at"] == "2026-03-04T15:30:00Z", "lunch is not working time"


def test_facts_are_sorted_by_time_and_keep_their_order_within_an_instant() -> None:
    data = changed(
        facts=[
            *FILE["facts"],
            {"at": "2026-03-04T10:20:00Z", "type": "policy_changed", "targets_s": {"first_reply": 900}},
        ]
    )
    answer = simulate(data)
    first = answer["clocks"][0]
    assert (first["due_at"], first["cause"], first["over_s"]) == ("2026-03-04T10:20:00Z", "policy_change", 780)
    for seed in range(5):
        random.Random(seed).shuffle(data["facts"])
        assert simulate(data) == answer
    same = [{"at": "2026-03-04T10:10:00Z", "type": "moved", "to": to} for to in ("waiting", "open", "resolved")]
    assert clocks(changed(facts=[FILE["facts"][0], *same]))["resolution", 1]["state"] == "met"
    assert clocks(changed(facts=[FILE["facts"][0], *reversed(same)]))["resolution", 1]["state"] == "paused"


@pytest.mark.parametrize("state", ["waiting", "snoozed", "resolved"])
def test_a_message_reopens(state: str) -> None:
    facts = [
        *FILE["facts"][:3],
        {"at": "2026-03-04T10:40:00Z", "type": "moved", "to": state},
        {"at": "2026-03-04T10:50:00Z", "type": "customer_message"},
    ]
    found = clocks(changed(facts=facts))
    assert found["next_reply", 1]["started_at"] == "2026-03-04T10:50:00Z"
    assert found["resolution", 1]["state"] == "breached", "it ran on after reopening"
    again = {"at": "2026-03-04T10:50:00Z", "type": "moved", "to": "open"}
    assert {key: one["due_at"] for key, one in clocks(changed(facts=[*facts, again])).items()} == {
        key: one["due_at"] for key, one in found.items()
    }


@pytest.mark.parametrize("state", ["closed", "on_hold"])
def test_a_message_does_not_reopen(state: str) -> None:
    facts = [
        FILE["facts"][0],
        {"at": "2026-03-04T10:10:00Z", "type": "moved", "to": state},
        {"at": "2026-03-04T10:20:00Z", "type": "customer_message"},
    ]
    policy = {"targets_s": {"resolution": 14400}, "pauses": {"resolution": ["on_hold"]}}
    resolution = clocks(changed(facts=facts, policy=policy))["resolution", 1]
    assert (resolution["state"], resolution["consumed_s"]) == ("met" if state == "closed" else "paused", 600)


def test_until_decides_what_has_happened() -> None:
    assert clocks(changed(until="2026-03-04T10:10:00Z"))["first_reply", 1]["consumed_s"] == 600
    assert clocks(changed(until="2026-03-04T10:10:00Z"))["first_reply", 1]["met_at"] is None
    assert clocks(changed(until="2026-03-04T10:30:00Z"))["first_reply", 1]["state"] == "breached"
    assert clocks(changed(until="2026-03-04T09:00:00Z")) == {}
    assert clocks(changed(facts=[])) == {}


def test_a_calendar_of_null_is_always_open_and_parts_of_seconds_count() -> None:
    facts = [{"at": "2026-03-07T23:59:59.5+01:00", "type": "customer_message"}]
    first = clocks(changed(calendar=None, facts=facts, until="2026-03-08T00:00:00Z"))["first_reply", 1]
    assert (first["due_at"], first["breached_at"]) == ("2026-03-07T23:29:59.500000Z", "2026-03-07T23:29:59.500000Z")
    assert first["over_s"] == 1800.5


def test_a_warning_is_at_its_own_time() -> None:
    policy = {**FILE["policy"], "warn": {"resolution": {"percent": 50}}}
    facts = FILE["facts"][:1]
    assert clocks(changed(policy=policy, facts=facts))["resolution", 1]["warned_at"] == "2026-03-04T13:30:00Z"


def test_pauses_and_policy_are_explained() -> None:
    facts = [
        FILE["facts"][0],
        {"at": "2026-03-04T10:30:00Z", "type": "moved", "to": "waiting"},
        {"at": "2026-03-04T12:45:00Z", "type": "moved", "to": "open"},
    ]
    data = changed(facts=facts, policy={**FILE["policy"], "name": "Gold"}, until="2026-03-04T13:00:00Z")
    resolution = clocks(data)["resolution", 1]
    assert resolution["policy"]["id"] == "Gold"
    assert resolution["pauses"] == [{"from": "2026-03-04T10:30:00Z", "to": "2026-03-04T12:45:00Z", "cause": "waiting"}]
    assert resolution["intervals"] == [
        {"from": "2026-03-04T10:00:00Z", "to": "2026-03-04T10:30:00Z", "s": 1800},
        {"from": "2026-03-04T12:45:00Z", "to": "2026-03-04T13:00:00Z", "s": 900},
    ]
    assert resolution["flags"] == ["customer_unanswered"]


def at_fact(**entries: Any) -> dict[str, Any]:
    return changed(facts=[{"at": "2026-03-04T10:00:00Z", "type": "customer_message", **entries}])


WRONG = [
    (
        changed(calendar={"tz": "Europe/Atlantis", "hours": {}}),
        r"^calendar\.tz: there is no time zone named 'Europe/Atlantis'",
    ),
    (changed(calendar={"tz": "../etc/passwd", "hours": {}}), r"^calendar\.tz"),
    (changed(calendar={"tz": "Europe", "hours": {}}), r"^calendar\.tz"),
    (changed(calendar={"tz": 3, "hours": {}}), r"^calendar\.tz"),
    (changed(calendar=[]), r"^calendar: "),
    (changed(calendar={"tz": "UTC", "hours": {}}), r"^calendar: The calendar is never open"),
    (changed(calendar={"tz": "UTC", "hours": {"Mo": []}}), r"^calendar\.hours\.Mo: there is no such weekday"),
    (changed(calendar={"tz": "UTC", "hours": {"Mon": [["09:00"]]}}), r"^calendar\.hours\.Mon\[0\]: "),
    (changed(calendar={"tz": "UTC", "hours": {"Mon": [["09:00", "25:00"]]}}), r"^calendar\.hours\.Mon\[0\]\[1\]: "),
    (changed(calendar={"tz": "UTC", "hour": {}}), r"^calendar\.hour: "),
    (
        changed(calendar={"tz": "UTC", "holidays": ["2026-02-30"]}),
        r"^calendar\.holidays\[0\]: '2026-02-30' is not a date",
    ),
    (changed(policy={"targets_s": {"first_reply": 14}}), r"^policy\.targets_s\.first_reply: a target is 15 seconds"),
    (changed(policy={"targets_s": {"first_reply": "1800"}}), r"^policy\.targets_s\.first_reply: "),
    (changed(policy={"targets_s": {"first_reply": True}}), r"^policy\.targets_s\.first_reply: "),
    (changed(policy={"targets_s": {"first_reply": float("nan")}}), r"^policy\.targets_s\.first_reply: "),
    (changed(policy={"targets_s": {"first_replay": 60}}), r"^policy\.targets_s\.first_replay: there is no such metric"),
    (changed(policy={"targets_s": [1]}), r"^policy\.targets_s: "),
    (
        changed(policy={"pauses": {"resolution": ["asleep"]}}),
        r"^policy\.pauses\.resolution\[0\]: 'asleep' is not one of",
    ),
    (changed(policy={"reopen": "again"}), r"^policy\.reopen: 'again' is not one of resume, restart, keep"),
    (changed(policy={"warn": {"resolution": {}}}), r"^policy\.warn\.resolution: "),
    (changed(policy=None), r"^policy: "),
    ({"facts": []}, r"^policy: this entry is missing"),
    ({"policy": {}}, r"^facts: this entry is missing"),
    ({"policy": {}, "facts": []}, r"^until: "),
    (changed(facts={}), r"^facts: "),
    (changed(facts=["x"]), r"^facts\[0\]: "),
    (at_fact(type="customer_massage"), r"^facts\[0\]\.type: 'customer_massage' is not one of customer_message"),
    (at_fact(type=["x"]), r"^facts\[0\]\.type: "),
    (at_fact(at="2026-03-04T10:00:00"), r"^facts\[0\]\.at: .* is not a time with its offset"),
    (at_fact(at="yesterday"), r"^facts\[0\]\.at: "),
    (at_fact(at=5), r"^facts\[0\]\.at: "),
    (at_fact(at=None), r"^facts\[0\]\.at: "),
    (at_fact(at="0001-01-01T00:00:00+05:00"), r"^facts\[0\]\.at: "),
    (at_fact(type="moved"), r"^facts\[0\]\.to: "),
    (at_fact(type="moved", to="sleeping"), r"^facts\[0\]\.to: "),
    (at_fact(type="reply_accepted", automatic="perhaps"), r"^facts\[0\]\.automatic: "),
    (at_fact(type="policy_changed", targets_s={"first_reply": 1}), r"^facts\[0\]\.targets_s\.first_reply: "),
    (
        at_fact(type="policy_changed", calendar={"tz": "UTC", "hours": {}}),
        r"^facts\[0\]\.calendar: The calendar is never open",
    ),
    (changed(until="9999-12-31T23:59:59Z"), r"^until: "),
    (at_fact(received_at="0001-01-01T00:00:00+05:00"), r"^facts\[0\]\.received_at: "),
    (changed(until="soon"), r"^until: "),
]


@pytest.mark.parametrize(("data", "sentence"), WRONG)
def test_a_bad_file_is_refused_with_one_sentence_naming_the_place(
    data: dict[str, Any], sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(SimulationError, match=sentence):
        simulate(data)
    path = tmp_path / "promise.json"
    path.write_text(json.dumps(data))
    status, text = run_file(path)
    assert status == 2
    assert "\n" not in text
    assert text.endswith(".")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{", "line 1, column 2: this is not JSON"),
        (b"", "line 1, column 1: this is not JSON"),
        (b"[]", "must hold one JSON object"),
        (b"\xff\xfe\x00", "not JSON text"),
        (b"[" * 200_000, "not JSON text"),
        (b'{"until": ' + b"9" * 5000 + b"}", "not JSON text"),
    ],
)
def test_a_file_that_is_no_json(content: bytes, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "promise.json"
    path.write_bytes(content)
    status, text = run_file(path)
    assert (status, sentence in text) == (2, True), text


def test_a_file_that_is_not_there_or_is_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nothing.json"):
        status, text = run_file(path)
        assert status == 2
        assert str(path) in text


def test_a_good_file_is_answered_as_json(tmp_path: Path) -> None:
    path = tmp_path / "promise.json"
    path.write_text(json.dumps(FILE))
    status, text = run_file(path)
    assert status == 0
    assert json.loads(text) == simulate(FILE)
