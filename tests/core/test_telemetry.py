"""No secret reaches a log line or an error report, at any depth; an answer below 500 is no report."""

import json
from typing import Any

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.core import errors
from app.core.sentry import before_send
from app.core.settings import Settings
from app.core.strike import strike
from app.core.telemetry import configure
from app.core.transaction import transaction
from app.networks.port import Account

SECRETS = {
    "password": "hunter2",
    "old_password": "hunter3",
    "access_token": "tok-1",
    "Authorization": "Bearer tok-2",
    "cookie": "mentiondesk=abc",
    "client_secret": "cs-1",
    "credentials": {"token": "tok-3"},
    "code_verifier": "cv-1",
    "sealed": "gAAAA",
}
VALUES = ("hunter2", "hunter3", "tok-1", "tok-2", "tok-3", "abc", "cs-1", "cv-1", "gAAAA")


def nested(value: Any) -> Any:
    return {"request": {"headers": [value, (value,)], "plain": "kept"}, **value}


def test_secrets_are_struck_out_at_any_depth_and_the_rest_is_kept() -> None:
    said = json.dumps(strike(nested(SECRETS)))
    assert not [v for v in VALUES if v in said]
    assert "kept" in said


def test_a_log_line_holds_no_secret(capsys: pytest.CaptureFixture[str]) -> None:
    before = structlog.get_config()
    try:
        configure(Settings(log_json=True))
        structlog.get_logger().info("connected", **nested(SECRETS))
    finally:
        structlog.configure(**before)
    out = capsys.readouterr().out
    assert "connected" in out
    assert not [v for v in VALUES if v in out]


def test_an_account_shows_no_credential_wherever_it_is_printed() -> None:
    account = Account("lean", "https://lean.example", "1", "acme", {"token": "tok-1"})
    assert "tok-1" not in f"{account} {account!r} {[account]}"


def reported(error: BaseException, **event: Any) -> dict[str, Any] | None:
    return before_send(event, {"exc_info": (type(error), error, None)})  # type: ignore[arg-type,return-value]


def test_a_report_holds_no_secret_and_answers_below_500_are_not_reported() -> None:
    told = reported(RuntimeError("x"), extra=nested(SECRETS), request={"cookies": {"mentiondesk": "abc"}})
    assert told is not None
    assert not [v for v in VALUES if v in json.dumps(told)]
    assert reported(errors.NotFound()) is None
    assert reported(errors.Conflict()) is None
    assert reported(errors.Unavailable()) is not None
    told = before_send({"message": "hello"}, {})
    assert told is not None
    assert told["message"] == "hello"


async def test_a_failing_statement_does_not_say_what_was_in_it(database: str) -> None:
    with pytest.raises(DBAPIError) as failed:
        async with transaction() as tx:
            await tx.execute(text("select cast(:token as integer)"), {"token": "tok-1"})
    assert "[SQL parameters hidden" in str(failed.value)


def test_a_report_leaves_out_the_question_of_an_address_and_headers_nobody_knows() -> None:
    asked = {
        "url": "https://desk.example/api/v1/accounts/return?code=hunter2",
        "query_string": "code=hunter2",
        "headers": {"Host": "desk.example", "X-Api-Key": "hunter2"},
        "data": {"x": "hunter2"},
        "method": "GET",
    }
    told = reported(RuntimeError("x"), request=asked)
    assert told is not None
    assert told["request"] == {
        "method": "GET",
        "url": "https://desk.example/api/v1/accounts/return",
        "headers": {"Host": "desk.example"},
    }
