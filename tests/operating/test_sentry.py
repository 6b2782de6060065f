"""Sentry hears of faults and, when switched on, of both corridors under our own trace; no secret goes there."""

import psycopg
import pytest

from app.core import trace
from app.core.sentry import before_breadcrumb, before_send_transaction
from tests.operating.conftest import ASKED, Installation, until


def ops(transaction: dict) -> set[str]:
    return {span["op"] for span in transaction["spans"]}


def test_the_way_in_is_a_trace(installed: Installation) -> None:
    polls = until(lambda: [t for t in installed.sentry.of("transaction", "poll mastodon") if "receive" in ops(t)])
    assert polls[0]["contexts"]["trace"]["op"] == "poll"
    assert {"http.client", "receive", "commit", "db"} <= ops(polls[0])
    known = polls[0]["tags"]["trace"]
    assert trace.as_hex(known) == polls[0]["contexts"]["trace"]["trace_id"]
    assert "committed" in [line["event"] for line in installed.lines() if line.get("trace") == known]


def test_the_way_out_is_one_trace_from_the_click_to_the_post(installed: Installation) -> None:
    (delivered,) = until(lambda: installed.sentry.of("transaction", "deliver mastodon"))
    asked = "POST /api/v1/tickets/{ticket_id}/replies"
    (sent,) = until(lambda: installed.sentry.of("transaction", asked))
    assert {"publish", "http.client", "settle", "commit"} <= ops(delivered)
    assert {t["contexts"]["trace"]["trace_id"] for t in (delivered, sent)} == {trace.as_hex(ASKED)}
    assert delivered["tags"]["trace"] == ASKED


def test_a_fault_is_reported_under_its_trace_and_nothing_secret_leaves(installed: Installation) -> None:
    desk = installed.desk
    desk.http.get("/accounts/return?code=hunter5&state=hunter6", follow_redirects=False)
    with psycopg.connect(installed.url, autocommit=True) as connection:
        connection.execute("alter table labels rename to hidden")
        try:
            headers = {"X-Request-Id": "a-request-that-fails", "Authorization": "Basic hunter7"}
            answer = desk.http.get("/labels?access_token=hunter8&q=private-words", headers=headers)
        finally:
            connection.execute("alter table hidden rename to labels")
    assert (answer.status_code, answer.json()["request_id"]) == (500, "a-request-that-fails")
    faults = until(
        lambda: [e for e in installed.sentry.of("event") if e["tags"].get("trace") == "a-request-that-fails"]
    )
    assert "UndefinedTable" in str(faults[0]["exception"])
    until(lambda: installed.sentry.of("transaction", "GET /api/v1/accounts/return"))
    everything = "".join(installed.sentry.raw)
    leaked = [s for s in (*installed.secrets, "hunter5", "hunter6", "hunter7", "hunter8") if s in everything]
    assert leaked == []
    assert "private-words" not in everything
    assert "it is down" not in everything


def test_what_machines_ask_every_few_seconds_is_no_trace(installed: Installation) -> None:
    names = {item["transaction"] for item in installed.sentry.of("transaction")}
    assert not [name for name in names if name.endswith(("/healthz", "/readyz", "/metrics", "/api/v1/alive"))]


def test_networks_are_told_nothing_of_our_traces(installed: Installation) -> None:
    polls = until(lambda: installed.sentry.of("transaction", "poll mastodon"))
    assert "sentry-trace" not in str(polls)
    assert "baggage" not in str(polls)


@pytest.mark.parametrize("data", [{"url": "http://a.example/x?code=abc#f"}, {"http.query": "code=abc", "n": 1}])
def test_crumbs_and_spans_keep_no_query(data: dict) -> None:
    crumb = before_breadcrumb({"message": "Bearer abcdefgh", "data": dict(data)}, {})
    assert "abc" not in str(crumb)
    told = before_send_transaction({"spans": [{"op": "http.client", "data": dict(data)}]}, {})
    assert "abc" not in str(told)
