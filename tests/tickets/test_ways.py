"""Whichever way the inbox finds its tickets, through the newest or by the index of words, state by state: the same pages."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.tickets.inbox import Filter
from tests.tickets.conftest import EVERY_STATE, START, Heard
from tests.tickets.test_queries import crowd, rewrite, walk


async def talkative(heard: Heard) -> dict[str, set[str]]:
    """Twelve tickets and what is said in each: a common word everywhere, a middling and a rare one, in two posts."""
    said: dict[str, set[str]] = {}
    for n in range(12):
        words = {"parcel"} | ({"hugo"} if n % 3 == 0 else set()) | ({"zebra"} if n == 2 else set())
        who = f"writer{n:02}"
        (ticket_id,) = (
            await heard.hear(heard.post(f"a{n}", who, at=n, text=f"@acme {' '.join(words - {'hugo'})}"))
        ).ticket_ids
        await heard.hear(
            heard.post(f"b{n}", who, at=20 + n, text=f"@acme {' '.join(words & {'hugo'})} again", under=f"a{n}")
        )
        said[ticket_id] = words
    return said


@pytest.mark.parametrize(
    ("glanced_at", "frequent", "rare", "looked_through"),
    [(1, 1, 0, 1), (1, 1, 1, 5), (3, 2, 4, 12), (1, 0, 9, 12), (200, 4, 2000, 3000)],
)
async def test_a_search_finds_the_same_pages_every_way(
    heard: Heard, monkeypatch: pytest.MonkeyPatch, glanced_at: int, frequent: int, rare: int, looked_through: int
) -> None:
    for name, value in (("GLANCED_AT", glanced_at), ("FREQUENT", frequent), ("RARE", rare)):
        monkeypatch.setattr(f"app.tickets.search.{name}", value)
    monkeypatch.setattr("app.tickets.search.LOOKED_THROUGH", looked_through)
    said = await talkative(heard)
    for asked in ("parcel", "hugo", "zebra", "parcel hugo", "hugo parc", "zebra hugo", "parcel nowhere"):
        wanted = [key for key, words in said.items() if all(any(w.startswith(a) for w in words) for a in asked.split())]
        for limit in (1, 4, 50):
            assert await walk(heard, Filter(q=asked), limit) == wanted[::-1], (asked, limit)
        assert sorted(await walk(heard, Filter(q=asked, order="urgency"), 3)) == sorted(wanted), asked


async def test_a_search_keeps_to_its_filters_every_way(heard: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    said = list(await talkative(heard))
    await rewrite(said[0], language="fr", state="resolved")
    await rewrite(said[3], language="fr")
    for rare, looked_through in ((0, 1), (0, 1000), (2000, 1)):
        monkeypatch.setattr("app.tickets.search.GLANCED_AT", 1)
        monkeypatch.setattr("app.tickets.search.RARE", rare)
        monkeypatch.setattr("app.tickets.search.LOOKED_THROUGH", looked_through)
        assert await walk(heard, Filter(q="hugo", languages=["fr"]), 1) == [said[3], said[0]]
        assert await walk(heard, Filter(q="hugo", languages=["fr"], view="resolved"), 1) == [said[0]]


async def test_labels_and_priorities_keep_the_order_of_urgency(heard: Heard) -> None:
    ids = await crowd(heard, 18)
    for n, key in enumerate(ids):
        due = START + timedelta(minutes=(n * 7) % 18)
        labels = [["press"], ["press", "legal"], []][n % 3]
        await rewrite(key, next_due_at=due, priority=n % 4, labels=labels, state=("open", "on_hold")[n % 2])
    order = sorted(range(18), key=lambda n: (n * 7) % 18)
    asked: list[tuple[Filter, Callable[[int], bool]]] = [
        (Filter(labels=["press"]), lambda n: n % 3 < 2),
        (Filter(labels=["press", "legal"]), lambda n: n % 3 == 1),
        (Filter(priorities=["urgent", "low"]), lambda n: n % 4 in {0, 3}),
        (Filter(priorities=["urgent", "normal"]), lambda n: n % 4 in {1, 3}),
        (Filter(priorities=["high"], labels=["press"], states=["open"]), lambda n: n % 4 == 2 and n % 3 < 2),
    ]
    for wanted, fits in asked:
        assert await walk(heard, wanted, 2) == [ids[n] for n in order if fits(n)]


async def test_the_most_urgent_of_every_state_come_in_one_order(heard: Heard) -> None:
    ids = await crowd(heard, 24)
    due = {key: None if n % 4 == 0 else START + timedelta(minutes=(n * 7) % 24) for n, key in enumerate(ids)}
    state = {key: EVERY_STATE[n % 6] for n, key in enumerate(ids)}
    for key in ids:
        await rewrite(key, next_due_at=due[key], state=state[key])

    def sorted_by_urgency(states: tuple[str, ...]) -> list[str]:
        at = {key: START + timedelta(minutes=n) for n, key in enumerate(ids)}
        found = [key for key in ids if state[key] in states]
        return sorted(found, key=lambda key: (due[key] is None, due[key] or START, at[key], key))

    for states in (EVERY_STATE, ("open", "waiting"), ("snoozed",)):
        assert await walk(heard, Filter(states=states, order="urgency"), 5) == sorted_by_urgency(states)  # type: ignore[arg-type]
    assert await walk(heard, Filter(), 5) == sorted_by_urgency(("open", "on_hold"))
