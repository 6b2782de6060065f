"""The ways to choose, on paper."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.agents.permit import Actor
from app.assignment.deal import Seat, deal
from app.assignment.queries import assignment_strategies
from app.assignment.strategies import strategies
from app.assignment.strategies.least_loaded import choose as least_loaded
from app.assignment.strategies.round_robin import choose as round_robin
from app.assignment.strategy import Candidate

AT = datetime(2026, 3, 4, 10, tzinfo=UTC)


def test_what_a_brand_can_be_set_to() -> None:
    assert set(strategies()) == {"round_robin", "least_loaded"}
    actor = Actor("ag", "agent", frozenset())
    assert [s.name for s in assignment_strategies(actor)] == ["off", "least_loaded", "round_robin"]


def test_nobody_there() -> None:
    assert round_robin([]) is None
    assert least_loaded([]) is None


def test_round_robin_looks_at_turns_and_least_loaded_at_work() -> None:
    ana = Candidate("ana", 0, AT)
    ben = Candidate("ben", 9, AT - timedelta(hours=1))
    new = Candidate("new", 9, None)
    assert round_robin([ana, ben]) == ben
    assert round_robin([ana, ben, new]) == new
    assert least_loaded([ana, ben, new]) == ana
    assert least_loaded([ben, new]) == new


@given(st.integers(1, 6), st.integers(0, 40), st.sampled_from(sorted(strategies())))
def test_among_equals_everybody_gets_the_same(people: int, tickets: int, way: str) -> None:
    seats = [Seat(Candidate(f"a{n}", 0, None), frozenset({"b"})) for n in range(people)]
    given_to, last = deal([(f"t{n}", "b") for n in range(tickets)], seats, {"b": strategies()[way]}, AT)
    shares = [list(given_to.values()).count(f"a{n}") for n in range(people)]
    assert sum(shares) == tickets
    assert max(shares) - min(shares) <= 1
    assert len(last) == min(people, tickets)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=6), st.integers(0, 40))
def test_least_loaded_fills_up_the_valleys(loads: list[int], tickets: int) -> None:
    seats = [Seat(Candidate(f"a{n}", load, None), frozenset({"b"})) for n, load in enumerate(loads)]
    given_to, _ = deal([(f"t{n}", "b") for n in range(tickets)], seats, {"b": least_loaded}, AT)
    after = [load + list(given_to.values()).count(f"a{n}") for n, load in enumerate(loads)]
    raised = [total for total, load in zip(after, loads, strict=True) if total > load]
    assert all(total <= min(after) + 1 for total in raised)


def test_nobody_gets_another_brands_ticket() -> None:
    seats = [Seat(Candidate("ana", 0, None), frozenset({"a"})), Seat(Candidate("ben", 0, None), frozenset({"b"}))]
    ways = {"a": round_robin, "b": round_robin}
    given_to, _ = deal([("1", "a"), ("2", "a"), ("3", "b"), ("4", "c")], seats, ways, AT)
    assert given_to == {"1": "ana", "2": "ana", "3": "ben"}
