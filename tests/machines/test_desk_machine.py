"""Random verbs by random people: the log is 1..n, the rows are what the facts say, and every card is the inbox's card."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from app.core.eventlog import Logged
from app.stream.catalogue import EventView
from app.tickets.views import TicketCard
from tests.conftest import lean_network
from tests.lean import Lean
from tests.machines.acts import VERBS, Acts
from tests.world import World

TRANSCRIPTS = Path(__file__).parent.parent / "transcripts"
NUMBERS = st.integers(0, 1000)


def as_json(card: TicketCard) -> dict[str, Any]:
    return card.model_dump(mode="json")


def check(events: list[Logged], cards: dict[str, TicketCard]) -> None:
    """The log and the rows agree."""
    assert [e.seq for e in events] == list(range(1, len(events) + 1))
    newest = {e.ticket_id: e.card for e in events if e.ticket_id}
    assert newest.keys() == cards.keys()
    for key, card in cards.items():
        assert newest[key] == as_json(card)
    for key, card in cards.items():
        told = fold([e for e in events if e.ticket_id == key])
        row = {name: getattr(card, name) for name in told}
        assert row == told


def fold(events: list[Logged]) -> dict[str, Any]:
    """A ticket's state, owner, priority and labels from its facts alone."""
    assert events[0].type == "ticket.opened"
    at: dict[str, Any] = {"state": "open", "assignee_id": None, "priority": "normal", "labels": [], "dismissed": None}
    revisions = [e.card["revision"] for e in events if e.card]
    assert revisions == sorted(revisions)
    for event in events:
        fact = event.fact
        match event.type:
            case "ticket.moved":
                assert fact["before"] == at["state"]
                at["state"], at["dismissed"] = fact["to"], None
            case "ticket.dismissed":
                assert fact["before"] == at["state"]
                at["state"], at["dismissed"] = "closed", fact["reason"]
            case "ticket.assigned":
                assert fact["before_id"] == at["assignee_id"]
                at["assignee_id"] = fact["agent_id"]
            case "ticket.prioritised":
                assert fact["before"] == at["priority"]
                at["priority"] = fact["to"]
            case "ticket.labelled":
                at["labels"] = sorted((set(at["labels"]) | set(fact["added"])) - set(fact["removed"]))
    return at


def machine(world: World, begin: Callable[[Lean], Acts] = Acts) -> type[RuleBasedStateMachine]:
    """A machine on this world, where every example is by itself; `begin` makes what carries out its acts."""

    class DeskMachine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self._example = world.example()
            self._example.__enter__()
            self._network = lean_network()
            self.acts = begin(self._network.__enter__())
            world.run(self.acts.begin())

        @rule(who=NUMBERS, under=st.none() | NUMBERS, private=st.booleans())
        def customer_speaks(self, who: int, under: int | None, private: bool) -> None:
            world.run(self.acts.customer_speaks(who, under, private=private))

        @rule(under=NUMBERS)
        def brand_answers_outside(self, under: int) -> None:
            world.run(self.acts.brand_answers_outside(under))

        @rule(which=NUMBERS)
        def post_is_edited(self, which: int) -> None:
            world.run(self.acts.post_is_edited(which))

        @rule(which=NUMBERS)
        def post_is_deleted(self, which: int) -> None:
            world.run(self.acts.post_is_deleted(which))

        @rule(name=st.sampled_from(VERBS), who=NUMBERS, ticket=NUMBERS, choice=NUMBERS, stale=st.booleans())
        def an_agent_acts(self, name: str, who: int, ticket: int, choice: int, stale: bool) -> None:
            world.run(self.acts.verb(name, who, ticket, choice, behind=1 if stale and choice % 3 == 0 else 0))

        @rule(minutes=st.sampled_from([1, 45, 60 * 24 * 8]))
        def time_passes(self, minutes: int) -> None:
            world.run(self.acts.time_passes(minutes))

        @invariant()
        def rows_match_facts(self) -> None:
            check(*world.run(self.acts.books()))

        def teardown(self) -> None:
            self._network.__exit__(None, None, None)
            self._example.__exit__(None, None, None)

    return DeskMachine


def test_whatever_people_do_the_log_and_the_rows_agree(world: World) -> None:
    chosen = settings(max_examples=12, stateful_step_count=15, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(machine(world), settings=chosen)


# --- the same, written down for the console --------------------------------------------------------------------------


async def transcript(lean: Lean, dice: random.Random) -> dict[str, Any]:
    """A snapshot, what happened then, and the snapshot after it."""
    acts = Acts(lean)
    await acts.begin()
    for _ in range(3):
        await acts.customer_speaks(dice.randrange(3), None, private=False)
    before = await acts.cards()
    begun = len(await acts.events())
    for _ in range(12):
        what, n = dice.randrange(10), dice.randrange(1000)
        if what < 2:
            await acts.customer_speaks(n, n if n % 2 else None, private=n % 5 == 0)
        elif what == 2:
            await acts.brand_answers_outside(n)
        elif what == 3:
            await acts.time_passes(n % 60)
        else:
            await acts.verb(dice.choice(VERBS), dice.randrange(3), dice.randrange(9), n, behind=0)
    return {
        "before": {"tickets": {k: as_json(c) for k, c in before.items()}},
        "events": [as_envelope(e) for e in await acts.events(begun)],
        "after": {"tickets": {k: as_json(c) for k, c in (await acts.cards()).items()}},
    }


def laid_out(written: dict[str, Any]) -> str:
    """JSON with a line for each card and event, so that a change can be read."""

    def line(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def snapshot(name: str) -> str:
        cards = ",\n".join(f"{line(key)}:{line(card)}" for key, card in written[name]["tickets"].items())
        return f'"{name}":{{"tickets":{{\n{cards}\n}}}}'

    events = ",\n".join(map(line, written["events"]))
    return f'{{{snapshot("before")},\n"events":[\n{events}\n],\n{snapshot("after")}}}\n'


def as_envelope(event: Logged) -> dict[str, Any]:
    """The event as a console hears it."""
    body = {name: getattr(event, name) for name in Logged.__slots__ if name != "audience"}
    return EventView.model_validate(body).model_dump(mode="json")


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_consoles_transcripts_are_of_todays_shape(world: World, number: int, pytestconfig: pytest.Config) -> None:
    """Written anew with --write-transcripts; vitest replays them. A field that came or went is noticed here."""
    path = TRANSCRIPTS / f"desk-{number}.json"
    if pytestconfig.getoption("--write-transcripts"):
        with world.example(), lean_network() as lean:
            written = world.run(transcript(lean, random.Random(number)))
        path.write_text(laid_out(written), encoding="utf-8")
    read = json.loads(path.read_text(encoding="utf-8"))
    for cards in (read["before"]["tickets"], read["after"]["tickets"]):
        for card in cards.values():
            assert as_json(TicketCard.model_validate(card)) == card
    for event in read["events"]:
        assert EventView.model_validate(event).model_dump(mode="json") == event
