"""Ids made later sort later, whatever the machine's clock does and whichever process makes them."""

from itertools import pairwise

import pytest
import uuid_utils

from app.core import ids

HOUR = 3_600_000
NOW = 1_790_000_000_000


@pytest.fixture
def turned(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The machine's clock, in milliseconds."""
    clock = [NOW]

    def uuid7(*, nanoseconds: int | None = None) -> uuid_utils.UUID:
        return uuid_utils.uuid7(nanoseconds=clock[0] * 1_000_000 if nanoseconds is None else nanoseconds)

    monkeypatch.setattr(ids, "uuid7", uuid7)
    monkeypatch.setattr(ids._Latest, "milliseconds", 0)
    return clock


def test_a_clock_that_is_set_back_does_not_take_ids_with_it(turned: list[int]) -> None:
    made = [ids.new_id("rp")]
    turned[0] -= HOUR
    made += [ids.new_id("rp") for _ in range(1000)]
    turned[0] += 2 * HOUR
    made.append(ids.new_id("rp"))
    assert all(a < b for a, b in pairwise(made))
    assert len(set(made)) == len(made)


def test_a_process_goes_on_where_the_one_before_it_stopped(turned: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    before = [ids.new_id("ms") for _ in range(5)]
    monkeypatch.setattr(ids._Latest, "milliseconds", 0)
    turned[0] -= HOUR
    ids.go_on_after(max(before))
    after = [ids.new_id("ms") for _ in range(5)]
    assert max(before) < min(after)
    assert after == sorted(after)
