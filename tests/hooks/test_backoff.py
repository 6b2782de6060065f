"""When deliveries are tried again, when addresses rest, and when both are given up."""

from datetime import UTC, datetime, timedelta
from itertools import accumulate

import pytest

from app.hooks.backoff import WAITS, asked_for, given_up, next_try, rest_until

AT = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


def test_eight_tries_over_a_day_and_a_half() -> None:
    times = [next_try(tries, AT, 0.5) for tries in range(1, 9)]
    assert times[-1] is None
    waits = [then - AT for then in times[:-1] if then]
    assert waits == list(WAITS)
    assert timedelta(hours=34) < list(accumulate(waits, initial=timedelta()))[-1] < timedelta(hours=38)


def test_waits_are_up_to_a_fifth_shorter_or_longer_and_never_before_what_was_asked_for() -> None:
    assert next_try(2, AT, 0.0) == AT + timedelta(minutes=4)
    assert next_try(2, AT, 1.0) == AT + timedelta(minutes=6)
    assert next_try(1, AT, 0.5, AT + timedelta(hours=1)) == AT + timedelta(hours=1)
    assert next_try(3, AT, 0.5, AT + timedelta(seconds=1)) == AT + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("99999999999999999999", 86_400),
        ("Wed, 04 Mar 2026 10:10:00 GMT", 600),
        ("Wed, 04 Mar 2036 10:10:00 GMT", 86_400),
        ("Wed, 04 Mar 2020 10:10:00 GMT", None),
        ("Wed, 04 Mar 2026 10:10:00 -0000", None),
        ("-5", None),
        ("soon", None),
        ("²", None),
        ("", None),
    ],
)
def test_retry_after_is_honoured_within_a_day(said: str, seconds: int | None) -> None:
    assert asked_for({"retry-after": said}, AT) == (None if seconds is None else AT + timedelta(seconds=seconds))


def test_an_address_rests_after_five_failures_and_a_minute_at_most() -> None:
    rests = [rest_until(failures, AT) for failures in (1, 4, 5, 6, 10, 11, 500)]
    assert [rest and (rest - AT).seconds for rest in rests] == [None, None, 1, 2, 32, 60, 60]
    assert rest_until(1, AT, AT + timedelta(minutes=9)) == AT + timedelta(minutes=9)


def test_it_is_given_up_after_three_days_without_success_and_never_for_a_single_failure() -> None:
    assert given_up(5, AT - timedelta(days=3), AT)
    assert not given_up(5, AT - timedelta(days=2, hours=23), AT)
    assert not given_up(4, AT - timedelta(days=9), AT)
