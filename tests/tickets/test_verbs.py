"""Every verb: what it does to the row, the fact it leaves, the card it answers with, and what it refuses."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from app.agents.edit import edit_agent
from app.agents.permit import Actor
from app.agents.queries import agents
from app.core.db import Tx
from app.core.errors import DeskError
from app.core.transaction import transaction
from app.tickets.assign import assign_ticket
from app.tickets.dismiss import dismiss_ticket
from app.tickets.errors import (
    AgentNotAvailable,
    LabelInvalid,
    MoveNotAllowed,
    NoteEmpty,
    SnoozeInThePast,
    StaleTicket,
    TicketNotFound,
)
from app.tickets.inbox import labels
from app.tickets.label import label_ticket
from app.tickets.move import move_ticket, next_snooze, wake_snoozed
from app.tickets.note import add_note
from app.tickets.prioritise import prioritise_ticket
from app.tickets.queries import card_by_number, open_ticket, ticket_card
from app.tickets.state import ACTIVE, MOVES
from app.tickets.views import TicketCard
from tests.conftest import Turned
from tests.given import a_second_brand
from tests.tickets.conftest import Heard

Verb = Callable[..., Awaitable[Any]]


async def does(verb: Verb, *what: Any, **more: Any) -> Any:
    async with transaction() as tx:
        return await verb(tx, *what, **more)


async def last(heard: Heard) -> tuple[str, dict[str, Any], dict[str, Any] | None]:
    """What was done last, with the card its transaction left: on the last fact, which may be the clocks' own."""
    events = await heard.events()
    event = [e for e in events if not e.type.startswith("timer.")][-1]
    return event.type, event.fact, events[-1].card


async def told_once(heard: Heard, card: TicketCard, kind: str, **fact: Any) -> None:
    """The newest event says this, with the card that the verb answered with and that the inbox shows."""
    happened, said, shown = await last(heard)
    assert happened == kind
    assert {k: said[k] for k in fact} == fact
    assert shown == (await heard.card(card.id)).model_dump(mode="json")
    assert without_promises(shown) == without_promises(card.model_dump(mode="json"))


def without_promises(card: dict[str, Any]) -> dict[str, Any]:
    """A verb answers before the promises have reacted to it; the event's card brings what they made of it."""
    own = {"next_due_at", "next_due_metric", "next_warn_at", "promise_revision"}
    return {k: v for k, v in card.items() if k not in own}


async def test_assigning_says_from_whom_to_whom_and_why(heard: Heard) -> None:
    card = await heard.ticket()
    ana, ben = heard.desk.agents
    taken = await does(assign_ticket, ana, card.id, ana.agent_id, card.revision)
    await told_once(heard, taken, "ticket.assigned", agent_id=ana.agent_id, before_id=None, why="taken")
    given = await does(assign_ticket, ana, card.id, ben.agent_id, taken.revision)
    await told_once(heard, given, "ticket.assigned", agent_id=ben.agent_id, before_id=ana.agent_id, why="by_hand")
    nobody = await does(assign_ticket, heard.lead, card.id, None, given.revision)
    await told_once(heard, nobody, "ticket.assigned", agent_id=None, before_id=ben.agent_id, why="by_hand")
    assert nobody.assignee_id is None
    assert nobody.revision == card.revision + 3


async def test_assigning_to_whom_it_belongs_changes_nothing(heard: Heard) -> None:
    card = await heard.ticket()
    before = len(await heard.events())
    assert await does(assign_ticket, heard.ana, card.id, None, card.revision) == card
    assert len(await heard.events()) == before


async def test_only_who_works_for_the_brand_can_be_given_a_ticket(heard: Heard) -> None:
    card = await heard.ticket()
    stranger = (await a_second_brand(heard.desk)).agents[0]
    async with transaction() as tx:
        ben = next(a for a in await agents(tx, heard.lead) if a.id == heard.desk.agents[1].agent_id)
        await edit_agent(tx, heard.lead, ben.id, revision=ben.revision, disabled=True)
    for agent_id in (stranger.agent_id, ben.id, "ag_nobody"):
        with pytest.raises(AgentNotAvailable):
            await does(assign_ticket, heard.lead, card.id, agent_id, card.revision)
    assert (await does(assign_ticket, heard.ana, card.id, heard.lead.agent_id, None)).assignee_id == heard.lead.agent_id


@pytest.mark.parametrize("before", ["open", "waiting", "on_hold", "snoozed", "resolved", "closed"])
@pytest.mark.parametrize("to", ["open", "waiting", "on_hold", "snoozed", "resolved", "closed"])
async def test_every_move_is_done_or_refused_as_the_table_says(
    heard: Heard, turned: Turned, before: str, to: str
) -> None:
    card = await heard.ticket()
    soon = turned.at + timedelta(hours=1)
    if before == "closed":
        card = await does(dismiss_ticket, heard.ana, card.id, "spam", card.revision)
    elif before != "open":
        card = await does(move_ticket, heard.ana, card.id, before, card.revision, until=soon)
    assert card.state == before
    if to in MOVES[before]:
        moved = await does(move_ticket, heard.ana, card.id, to, card.revision, until=soon)
        await told_once(heard, moved, "ticket.moved", before=before, to=to, why="by_hand")
        assert moved.state == to
        assert (moved.snoozed_until is not None) is (to == "snoozed")
        assert (moved.resolved_at is not None) is (to == "resolved")
        assert moved.dismissed is None
    else:
        with pytest.raises(MoveNotAllowed):
            await does(move_ticket, heard.ana, card.id, to, card.revision, until=soon)
        assert (await heard.card(card.id)).revision == card.revision


async def test_a_snooze_needs_a_time_to_come_and_wakes_by_itself(heard: Heard, turned: Turned) -> None:
    card = await heard.ticket()
    for until in (None, turned.at, turned.at - timedelta(seconds=1)):
        with pytest.raises(SnoozeInThePast):
            await does(move_ticket, heard.ana, card.id, "snoozed", card.revision, until=until)
    until = turned.at + timedelta(hours=2)
    await does(move_ticket, heard.ana, card.id, "snoozed", card.revision, until=until)
    assert await next_snooze() == until
    assert not await wake_snoozed()
    turned.set(until)
    assert await wake_snoozed()
    assert not await wake_snoozed()
    woken = await heard.card(card.id)
    assert (woken.state, woken.snoozed_until) == ("open", None)
    await told_once(heard, woken, "ticket.moved", before="snoozed", to="open", why="woke_up")
    assert await next_snooze() is None


async def test_a_new_word_wakes_what_is_snoozed_and_leaves_on_hold_what_is(heard: Heard, turned: Turned) -> None:
    for state, after in (("snoozed", "open"), ("waiting", "open"), ("resolved", "open"), ("on_hold", "on_hold")):
        who = f"cust-{state}"
        card = await heard.ticket(who)
        until = turned.at + timedelta(hours=2)
        await does(move_ticket, heard.ana, card.id, state, card.revision, until=until)
        await heard.hear(heard.post(f"more-{who}", who, at=30, under=f"{who}-{heard.said}"))
        now_is = await heard.card(card.id)
        assert (now_is.state, now_is.waiting, now_is.snoozed_until) == (after, 2, None)


async def test_dismissing_closes_with_a_reason_and_opening_takes_it_back(heard: Heard) -> None:
    card = await heard.ticket()
    gone = await does(dismiss_ticket, heard.ana, card.id, "praise", card.revision)
    await told_once(heard, gone, "ticket.dismissed", before="open", reason="praise")
    assert (gone.state, gone.dismissed) == ("closed", "praise")
    assert gone.state not in ACTIVE
    with pytest.raises(MoveNotAllowed):
        await does(dismiss_ticket, heard.ana, card.id, "spam", gone.revision)
    back = await does(move_ticket, heard.ana, card.id, "open", gone.revision)
    assert (back.state, back.dismissed) == ("open", None)


async def test_labels_come_and_go_once_tidied(heard: Heard) -> None:
    card = await heard.ticket()
    with_two = await does(
        label_ticket, heard.ana, card.id, ["  Late   Delivery ", "refund", "REFUND"], [], card.revision
    )
    assert with_two.labels == ["late delivery", "refund"]
    await told_once(heard, with_two, "ticket.labelled", added=["late delivery", "refund"], removed=[])
    same = await does(label_ticket, heard.ana, card.id, ["refund"], ["never there"], with_two.revision)
    assert same == with_two
    one = await does(label_ticket, heard.ana, card.id, ["refund"], ["Late delivery"], with_two.revision)
    assert one.labels == ["refund"]
    async with transaction() as tx:
        assert [found.name for found in await labels(tx)] == ["late delivery", "refund"]
    for bad in ("", "   ", "x" * 41, "\0"):
        with pytest.raises(LabelInvalid):
            await does(label_ticket, heard.ana, card.id, [bad], [], None)


async def test_a_label_added_and_removed_at_once_ends_as_it_was(heard: Heard) -> None:
    card = await heard.ticket()
    both = await does(label_ticket, heard.ana, card.id, ["refund"], ["refund"], card.revision)
    assert both.labels in ([], ["refund"])
    shown = (await last(heard))[2]
    assert shown is None or shown["labels"] == both.labels


async def test_priority_follows_the_word_and_the_same_word_is_no_event(heard: Heard) -> None:
    card = await heard.ticket()
    for priority in ("urgent", "low", "high", "normal"):
        before = card
        card = await does(prioritise_ticket, heard.ana, card.id, priority, card.revision)
        await told_once(heard, card, "ticket.prioritised", before=before.priority, to=priority)
    count = len(await heard.events())
    assert (await does(prioritise_ticket, heard.ana, card.id, "normal", card.revision)).revision == card.revision
    assert len(await heard.events()) == count


async def test_a_note_is_written_once_per_key_and_found(heard: Heard) -> None:
    card = await heard.ticket()
    note = await does(add_note, heard.ana, card.id, "  the invoice is in the drawer \n", "key")
    assert await does(add_note, heard.ana, card.id, "something else", "key") == note
    theirs = await does(add_note, heard.desk.agents[1], card.id, "mine too", "key")
    assert theirs.id != note.id
    assert [n.text for n in (await heard.story(card.id)).notes] == ["the invoice is in the drawer", "mine too"]
    assert [e.type for e in await heard.events()].count("note.added") == 2
    assert [c.id for c in await heard.cards(q="drawer")] == [card.id]
    for empty in ("", " \n ", "\0"):
        with pytest.raises(NoteEmpty):
            await does(add_note, heard.ana, card.id, empty, "other")


def verbs(card: TicketCard, actor: Actor, revision: int | None) -> dict[str, tuple[Verb, tuple[Any, ...]]]:
    """Every verb that compares revisions, about to change the ticket."""
    return {
        "assign": (assign_ticket, (actor, card.id, actor.agent_id, revision)),
        "move": (move_ticket, (actor, card.id, "waiting", revision)),
        "dismiss": (dismiss_ticket, (actor, card.id, "spam", revision)),
        "label": (label_ticket, (actor, card.id, ["x"], [], revision)),
        "prioritise": (prioritise_ticket, (actor, card.id, "urgent", revision)),
    }


async def test_a_stale_write_is_refused_with_the_present_card_and_does_nothing(heard: Heard) -> None:
    seen = await heard.ticket()
    present = await does(prioritise_ticket, heard.lead, seen.id, "high", seen.revision)
    count = len(await heard.events())
    for revision in (seen.revision, seen.revision - 1, present.revision + 1, 0):
        for verb, what in verbs(seen, heard.lead, revision).values():
            with pytest.raises(StaleTicket) as stale:
                await does(verb, *what)
            assert without_promises(stale.value.details["card"]) == without_promises(present.model_dump(mode="json"))
    assert without_promises((await heard.card(seen.id)).model_dump()) == without_promises(present.model_dump())
    assert len(await heard.events()) == count


async def test_the_ticket_of_another_brand_is_not_there(heard: Heard) -> None:
    card = await heard.ticket()
    stranger = (await a_second_brand(heard.desk)).agents[0]
    asked: list[tuple[Verb, tuple[Any, ...]]] = [
        *verbs(card, stranger, card.revision).values(),
        *verbs(card, stranger, 99).values(),
        (add_note, (stranger, card.id, "hello", "key")),
        (ticket_card, (stranger, card.id)),
        (open_ticket, (stranger, card.id)),
        (card_by_number, (stranger, card.number)),
        (ticket_card, (heard.lead, "tk_nothing")),
        (card_by_number, (heard.lead, card.number + 1)),
    ]
    for verb, what in asked:
        with pytest.raises(TicketNotFound) as missing:
            await does(verb, *what)
        assert missing.value.status == 404
    assert await heard.cards(stranger) == []
    assert await heard.card(card.id) == card


async def test_two_at_once_on_one_revision_are_one_and_a_refusal(heard: Heard) -> None:
    import asyncio

    card = await heard.ticket()
    people = [heard.lead, *heard.desk.agents]
    done = await asyncio.gather(
        *(does(assign_ticket, p, card.id, p.agent_id, card.revision) for p in people), return_exceptions=True
    )
    assert sorted(type(d).__name__ for d in done) == ["StaleTicket", "StaleTicket", "TicketCard"]


async def test_a_verb_that_fails_later_in_its_transaction_never_happened(heard: Heard) -> None:
    card = await heard.ticket()
    count = len(await heard.events())

    async def half(tx: Tx) -> None:
        await assign_ticket(tx, heard.ana, card.id, heard.ana.agent_id, card.revision)
        raise DeskError

    with pytest.raises(DeskError):
        await does(half)
    assert await heard.card(card.id) == card
    assert len(await heard.events()) == count
