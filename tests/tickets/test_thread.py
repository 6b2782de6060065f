"""Threading on the real database: what pure placing decides is what the rows say, whatever was loaded of them."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import select, text, update

from app.brands.attach import attach_account
from app.brands.models import Brand
from app.core.clock import now
from app.core.transaction import transaction
from app.networks.port import Inbound
from app.networks.registry import networks
from app.tickets.models import Message, Ticket
from app.tickets.placing import Post
from app.tickets.vanish import vanish_messages
from tests.conftest import lean_network
from tests.given import a_desk, a_lean_account, take_in
from tests.lean import a_post, lean_account
from tests.tickets import talk
from tests.tickets.conftest import Heard, edited
from tests.tickets.talk import Arrival, arrivals
from tests.world import World


def inbound(post: Post) -> Inbound:
    return a_post(post.remote_id, post.author, post.posted_at, under=post.in_reply_to)


async def rows_say() -> tuple[set[frozenset[str]], set[frozenset[str]]]:
    """The tickets and the conversations as sets of posts."""
    by_ticket: dict[str, set[str]] = {}
    by_conversation: dict[str, set[str]] = {}
    async with transaction() as tx:
        for m in await tx.scalars(select(Message)):
            by_conversation.setdefault(m.conversation_id, set()).add(m.remote_id)
            if m.ticket_id:
                by_ticket.setdefault(m.ticket_id, set()).add(m.remote_id)
    return set(map(frozenset, by_ticket.values())), set(map(frozenset, by_conversation.values()))


async def arrive(pages: Sequence[Sequence[Post]]) -> tuple[set[frozenset[str]], set[frozenset[str]]]:
    desk = await a_desk()
    account = await a_lean_account(desk)
    async with transaction() as tx:
        await tx.execute(update(Brand).values(join_seconds=0))
    for page in pages:
        await take_in(account.id, *map(inbound, page))
    async with transaction() as tx:
        waiting = [t.waiting for t in await tx.scalars(select(Ticket).where(Ticket.dismissed.is_(None)))]
    assert all(n >= 0 for n in waiting)
    return await rows_say()


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(arrival=arrivals())
def test_the_rows_are_what_placing_says_in_any_order_and_any_pages(world: World, arrival: Arrival) -> None:
    once = talk.hear(talk.empty(), arrival.posts, talk.windows())
    with world.example(), lean_network():
        assert world.run(arrive(arrival.pages)) == (talk.tickets(once), talk.conversations(once))


async def test_joins_within_one_page_are_followed_to_their_end(heard: Heard) -> None:
    await heard.hear(heard.post("w", at=4, under="c"))
    await heard.hear(heard.post("b", at=2, under="a"))
    await heard.hear(heard.post("r", at=0))
    await heard.hear(heard.post("c", "omar", at=3, under="b"), heard.post("a", "omar", at=5, under="r"))
    tickets, conversations = await rows_say()
    assert conversations == {frozenset("rabcw")}
    assert tickets == {frozenset("rbw"), frozenset("ac")}


async def test_of_two_tickets_that_turn_out_to_be_one_the_later_is_a_duplicate(heard: Heard) -> None:
    await off_join()
    await heard.hear(heard.post("b", at=1, under="a", text="@acme broken fridge"))
    await heard.hear(heard.post("d", at=3, under="c", text="@acme warm milk"))
    assert len(await heard.cards(states=("open",))) == 2
    await heard.hear(heard.post("c", "omar", at=2, under="a"))
    nora = [c for c in await heard.cards() if c.customer.handle.startswith("nora")]
    kept, gone = sorted(nora, key=lambda c: c.opened_at)
    assert (kept.state, kept.waiting, kept.dismissed) == ("open", 2, None)
    assert (gone.state, gone.dismissed, gone.follows_id) == ("closed", "duplicate", kept.id)
    assert [c.id for c in await heard.cards(q="warm milk")] == [kept.id]
    told = await heard.story(kept.id)
    assert [m.text for m in told.messages if m.kind == "customer"] == [
        "@acme broken fridge",
        "@acme c",
        "@acme warm milk",
    ]
    (fact,) = [e for e in await heard.events() if e.type == "ticket.dismissed"]
    assert (fact.ticket_id, fact.fact["reason"]) == (gone.id, "duplicate")
    last = [e for e in await heard.events() if e.ticket_id == gone.id][-1]
    assert last.card is not None
    assert last.card["state"] == "closed"


async def test_everyone_who_answers_the_brands_own_post_has_a_ticket(heard: Heard) -> None:
    root = heard.post("launch", "acme")
    asking = [heard.post(f"q{n}", f"customer{n}", at=n + 1, under="launch") for n in range(5)]
    await heard.hear(root, *asking)
    cards = await heard.cards()
    assert len(cards) == 5
    assert {c.waiting for c in cards} == {1}
    assert [m.remote_id for m in await messages()].count("launch") == 1
    told = await heard.story(cards[0].id)
    assert [m.kind for m in told.messages] == ["brand", "customer"]


async def test_a_deleted_post_leaves_a_tombstone_and_its_answers_stay_in_the_thread(heard: Heard) -> None:
    await heard.hear(heard.post("a"), heard.post("b", at=1, under="a"))
    first = next(m for m in await messages() if m.remote_id == "a")
    for _ in range(2):
        async with transaction() as tx:
            await vanish_messages(tx, heard.desk.brand_id, [first.id], why="deleted", at=now())
    await heard.hear(heard.post("c", at=2, under="a"))
    (card,) = await heard.cards()
    assert card.waiting == 2
    told = await heard.story(card.id)
    assert [(m.text, m.vanished_why) for m in told.messages] == [
        ("@acme a", "deleted"),
        ("@acme b", None),
        ("@acme c", None),
    ]
    assert [e.type for e in await heard.events()].count("message.vanished") == 1


async def test_what_is_said_after_two_tickets_became_one_belongs_to_the_one_that_was_kept(heard: Heard) -> None:
    await off_join()
    await heard.hear(heard.post("b", at=1, under="a"))
    await heard.hear(heard.post("d", at=3, under="c"))
    await heard.hear(heard.post("a", at=0), heard.post("c", at=2, under="a"))
    await heard.hear(heard.post("e", at=4, under="a"))
    tickets, _ = await rows_say()
    assert tickets == {frozenset("abcde")}
    assert [(c.state, c.waiting) for c in await heard.cards() if c.state != "closed"] == [("open", 5)]


async def test_nothing_is_kept_of_what_vanished_where_the_network_forgets(
    heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    await heard.hear(heard.post("a"), heard.post("b", "acme", at=1, under="a"))
    (card,) = await heard.cards()
    adapter = networks()[card.network]
    monkeypatch.setattr(adapter, "can", adapter.can | {"forget"})
    async with transaction() as tx:
        once = [{"text": "@acme a, once", "segments": [], "content_warning": None, "until": now().isoformat()}]
        await tx.execute(update(Message).where(Message.remote_id == "a").values(versions=once))
        gone = [one.id for one in await tx.scalars(select(Message))]
        await vanish_messages(tx, heard.desk.brand_id, gone, why="deleted", at=now())
    told = await heard.story(card.id)
    assert [(m.text, m.segments == [], m.vanished_why) for m in told.messages] == [
        ("", True, "deleted"),
        ("@acme b", False, "deleted"),
    ]
    assert told.card.preview == ""
    async with transaction() as tx:
        said = "select cast(m as text) from messages m union all select cast(e as text) from events e"
        kept = list(await tx.scalars(text(f"{said} union all select cast(s as text) from search_entries s")))
    assert any("acme b" in one for one in kept)
    assert not [one for one in kept if "acme a" in one]


async def test_a_parent_nobody_can_find_holds_its_answers_together(heard: Heard) -> None:
    await heard.hear(heard.post("b", at=1, under="gone"))
    await heard.hear(heard.post("c", at=2, under="gone"), heard.post("d", "omar", at=3, under="gone"))
    tickets, conversations = await rows_say()
    assert (tickets, conversations) == ({frozenset("bc"), frozenset("d")}, {frozenset("bcd")})


async def test_an_answer_that_was_read_before_its_question_is_found_and_shown(heard: Heard) -> None:
    await heard.hear(heard.post("x", "acme", at=5, under="a", text="@nora we are on it"))
    assert await heard.cards() == []
    await heard.hear(heard.post("a"))
    (card,) = await heard.cards()
    assert (card.state, card.waiting) == ("waiting", 0)
    told = await heard.story(card.id)
    assert [(m.kind, m.answered_at is not None) for m in told.messages] == [("customer", True), ("brand", False)]
    assert [e.type for e in await heard.events() if e.ticket_id and not e.type.startswith("timer.")][:3] == [
        "ticket.opened",
        "message.received",
        "ticket.answered_outside",
    ]
    assert [c.id for c in await heard.cards(q="on it")] == [card.id]


async def test_an_edit_is_taken_once_and_only_when_it_is_newer(heard: Heard) -> None:
    said = heard.post("a", text="@acme my number is 123")
    await heard.hear(said)
    hidden = edited(said, "@acme my number is hidden")
    await heard.hear(hidden)
    await heard.hear(hidden)
    await heard.hear(said)
    (card,) = await heard.cards()
    assert card.preview == "@acme my number is hidden"
    (message,) = (await heard.story(card.id)).messages
    assert [v.text for v in message.versions] == ["@acme my number is 123"]
    assert [e.type for e in await heard.events()].count("message.edited") == 1
    assert await heard.cards(q="123") == []
    assert len(await heard.cards(q="hidden")) == 1


async def test_the_same_thread_seen_by_two_accounts_is_two_threads_of_the_brand(heard: Heard) -> None:
    """Each account reads and answers for itself: a post both of them hear is a message of each."""
    async with transaction() as tx:
        second = lean_account()
        other = replace(second, account=replace(second.account, remote_id="id-help", handle="help"))
        account = await attach_account(tx, heard.lead, heard.desk.brand_id, other)
    both = heard.post("a", text="@acme @help hello")
    await heard.hear(both)
    await take_in(account.id, both)
    found = await messages()
    assert len(found) == 2
    assert len({m.conversation_id for m in found}) == 2
    # the customer is the same person, and their root posts lie within the joining window
    assert len({m.ticket_id for m in found}) == 1


async def test_text_that_no_database_can_hold_is_cleaned(heard: Heard) -> None:
    await heard.hear(heard.post("a", text="@acme nul \0 and half a pair \ud83d here"))
    (card,) = await heard.cards()
    assert card.preview == "@acme nul  and half a pair ? here"


async def messages() -> list[Message]:
    async with transaction() as tx:
        return list(await tx.scalars(select(Message).order_by(Message.posted_at)))


async def off_join() -> None:
    async with transaction() as tx:
        await tx.execute(update(Brand).values(join_seconds=0))
