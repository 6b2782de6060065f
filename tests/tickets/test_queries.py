"""What the inbox shows, in which order, page by page; what is found; and what it costs."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import orjson
import pytest
from sqlalchemy import update

from app.core.clock import now
from app.core.paging import BadCursor, encode
from app.core.transaction import transaction
from app.networks.port import Media, Segment
from app.tickets.assign import assign_ticket
from app.tickets.inbox import Filter, ViewName, counts, inbox, page_of
from app.tickets.label import label_ticket
from app.tickets.models import Ticket
from app.tickets.move import move_ticket
from app.tickets.note import add_note
from app.tickets.prioritise import prioritise_ticket
from app.tickets.queries import customer_cards, open_ticket, ticket_told
from app.tickets.references import Given, give_references
from app.tickets.search_words import fold, query_words, words
from app.tickets.vanish import vanish_messages
from tests.conftest import Statements, Turned
from tests.given import a_second_brand, take_in
from tests.tickets.conftest import START, Heard, edited


async def crowd(heard: Heard, n: int) -> list[str]:
    """So many tickets of so many people; their ids, first asked first."""
    posts = [heard.post(f"c{k}", f"customer{k:03}", at=k, language=("en", "fr")[k % 2]) for k in range(n)]
    await heard.hear(*posts)
    cards = await heard.cards()
    return [c.id for c in sorted(cards, key=lambda c: c.opened_at)]


async def rewrite(ticket_id: str, **values: object) -> None:
    """Set columns that only the promise engine writes."""
    async with transaction() as tx:
        await tx.execute(update(Ticket).where(Ticket.id == ticket_id).values(**values))


async def walk(heard: Heard, f: Filter, limit: int) -> list[str]:
    """Every id of a view, page after page."""
    found, cursor = [], None
    for _ in range(200):
        async with transaction() as tx:
            page = await inbox(tx, heard.lead, f, cursor=cursor, limit=limit)
        found += [c.id for c in page.items]
        assert len(page.items) == limit or page.next is None
        cursor = page.next
        if cursor is None:
            return found
    raise AssertionError("the pages never end")


@pytest.mark.parametrize("order", ["urgency", "newest"])
async def test_pages_show_every_ticket_once_with_nulls_and_ties(heard: Heard, order: str) -> None:
    ids = await crowd(heard, 23)
    due = [None, START, START, START + timedelta(hours=1)]
    for n, ticket_id in enumerate(ids):
        same = {"last_message_at": START, "last_customer_at": START} if n % 3 == 0 else {}
        await rewrite(ticket_id, next_due_at=due[n % 4], **same)
    for limit in (1, 4, 7, 22, 23, 24):
        found = await walk(heard, Filter(order=order), limit)  # type: ignore[arg-type]
        assert len(found) == 23
        assert set(found) == set(ids)
        assert found == await walk(heard, Filter(order=order), 100)  # type: ignore[arg-type]


async def test_the_most_urgent_comes_first_then_who_waits_longest(heard: Heard) -> None:
    ids = await crowd(heard, 5)
    for ticket_id in ids:
        await rewrite(ticket_id, next_due_at=None)
    await rewrite(ids[3], next_due_at=START + timedelta(hours=1))
    await rewrite(ids[4], next_due_at=START - timedelta(hours=1))
    assert await walk(heard, Filter(), 10) == [ids[4], ids[3], ids[0], ids[1], ids[2]]
    newest = [c.last_message_at for c in await heard.cards(order="newest")]
    assert all(a >= b for a, b in pairwise(newest))


async def test_a_bad_page_mark_is_said_to_be_one(heard: Heard) -> None:
    marks = ["!", "abc", encode(1), encode("x", "y", "z"), encode(None, None, None, None), encode("2026-01-01", 3)]
    for cursor in marks:
        for order in ("urgency", "newest"):
            async with transaction() as tx:
                with pytest.raises(BadCursor):
                    await inbox(tx, heard.lead, Filter(order=order), cursor=cursor)  # type: ignore[arg-type]


async def test_every_view_holds_what_its_name_says_and_is_counted(heard: Heard, turned: Turned) -> None:
    ids = await crowd(heard, 8)
    turned.set(START + timedelta(hours=1))
    for ticket_id in ids:
        await rewrite(ticket_id, next_due_at=None)
    moves = {1: "waiting", 2: "on_hold", 3: "snoozed", 4: "resolved"}
    async with transaction() as tx:
        for n, to in moves.items():
            await move_ticket(tx, heard.lead, ids[n], to, None, until=now() + timedelta(hours=1))  # type: ignore[arg-type]
        await assign_ticket(tx, heard.lead, ids[5], heard.ana.agent_id, None)
        await assign_ticket(tx, heard.lead, ids[6], heard.desk.agents[1].agent_id, None)
    for ticket_id in ids:
        await rewrite(ticket_id, next_due_at=None)
    for n in (1, 4, 7):  # late, late but done, late
        await rewrite(ids[n], next_due_at=START)
    expected: dict[ViewName, set[int]] = {
        "all_open": {0, 2, 5, 6, 7},
        "mine": {5},
        "unassigned": {0, 2, 7},
        "late": {1, 7},
        "waiting": {1},
        "snoozed": {3},
        "resolved": {4},
    }
    for view, numbers in expected.items():
        async with transaction() as tx:
            page = await inbox(tx, heard.ana, Filter(view=view), limit=50)
            counted = await counts(tx, heard.ana)
        assert {c.id for c in page.items} == {ids[n] for n in numbers}, view
        assert getattr(counted, view) == len(numbers)


async def test_every_filter_narrows_and_several_narrow_together(heard: Heard) -> None:
    ids = await crowd(heard, 6)
    ana = heard.ana
    async with transaction() as tx:
        await label_ticket(tx, ana, ids[0], ["refund", "late"], [], None)
        await label_ticket(tx, ana, ids[1], ["refund"], [], None)
        await prioritise_ticket(tx, ana, ids[2], "urgent", None)
        await assign_ticket(tx, ana, ids[0], ana.agent_id, None)
        await move_ticket(tx, ana, ids[5], "resolved", None)

    async def found(**wanted: object) -> set[int]:
        return {ids.index(c.id) for c in await heard.cards(**wanted)}

    assert await found(labels=["refund"]) == {0, 1}
    assert await found(labels=["refund", "late"]) == {0}
    assert await found(priorities=["urgent", "low"]) == {2}
    assert await found(assignees=[ana.agent_id]) == {0}
    assert await found(assignees=["none"]) == {1, 2, 3, 4}
    assert await found(assignees=["none", ana.agent_id]) == {0, 1, 2, 3, 4}
    assert await found(states=["resolved"]) == {5}
    assert await found(states=["resolved", "open"]) == {0, 1, 2, 3, 4, 5}
    assert await found(languages=["fr"]) == {1, 3}
    assert await found(accounts=[heard.account_id]) == {0, 1, 2, 3, 4}
    assert await found(accounts=["ac_other"]) == set()
    assert await found(brands=[heard.desk.brand_id], labels=["refund"], languages=["fr"]) == {1}
    card = await heard.card(ids[4])
    assert await found(customers=[card.customer.id]) == {4}


async def test_who_sees_one_brand_sees_its_tickets_alone_whatever_they_ask_for(heard: Heard) -> None:
    other = await a_second_brand(heard.desk)
    await crowd(heard, 2)
    for wanted in ({}, {"brands": [heard.desk.brand_id]}, {"q": "c1"}, {"states": ["open"]}):
        assert await heard.cards(other.agents[0], **(wanted or {"view": "all_open"})) == []
    async with transaction() as tx:
        assert (await counts(tx, other.agents[0])).all_open == 0
        assert (await counts(tx, other.agents[0], [heard.desk.brand_id])).all_open == 0
        assert (await counts(tx, heard.lead, [heard.desk.brand_id])).all_open == 2
        customer = (await inbox(tx, heard.lead, Filter())).items[0].customer.id
        assert await customer_cards(tx, other.agents[0], customer) == []
        assert len(await customer_cards(tx, heard.lead, customer)) == 1


# --- what it costs ---------------------------------------------------------------------------------------------------


async def test_the_inbox_costs_the_same_however_full(heard: Heard, statements: Statements) -> None:
    costs = []
    for n in (1, 40):
        await crowd(heard, n)
        statements.clear()
        async with transaction() as tx:
            page = await inbox(tx, heard.lead, Filter(), limit=50)
        assert len(page.items) == n
        costs.append(len(statements))
        statements.clear()
        async with transaction() as tx:
            await counts(tx, heard.lead)
        assert len(statements) == 2
    assert costs == [3, 3]


async def test_a_ticket_costs_the_same_with_one_post_and_with_two_hundred(heard: Heard, statements: Statements) -> None:
    await heard.hear(heard.post("r"))
    (card,) = await heard.cards()
    costs = []
    for _ in range(2):
        statements.clear()
        told = await heard.story(card.id)
        costs.append(len(statements))
        await heard.hear(*(heard.post(f"m{n}", at=n + 1, under="r") for n in range(199)))
        async with transaction() as tx:
            await add_note(tx, heard.ana, card.id, "a note", "key")
    assert costs == [4, 4]
    assert len(told.messages) == 200


async def test_answers_that_nobody_checks_are_what_the_views_say(heard: Heard) -> None:
    asked = replace(
        heard.post("r", under="theirs"), media=(Media("image", "https://lean.example/a.png", None, "A leak"),)
    )
    segments = (Segment("text", '"Look" \N{SNOWMAN} '), Segment("link", "here", "https://lean.example/?a=1&b=2"))
    careful = replace(heard.post("c", at=3, under="own"), content_warning="water", segments=segments)
    theirs = heard.post("theirs", "zoe", at=-1, role="other")
    await heard.hear(theirs, asked, heard.post("own", at=1, under="r", role="own"), careful)
    await heard.hear(heard.post("gone", at=4, under="c"))
    await heard.hear(edited(asked, "It leaks more"))
    card = next(c for c in await heard.cards() if c.customer.handle.startswith("nora"))
    gone = next(m.id for m in (await heard.story(card.id)).messages if "gone" in m.text)
    async with transaction() as tx:
        await vanish_messages(tx, card.brand_id, [gone], why="deleted", at=now())
        await label_ticket(tx, heard.ana, card.id, ["leak"], [], None)
        for n in range(3):
            await add_note(tx, heard.ana, card.id, f"note {n}", f"key{n}")
        named = [
            Given(card.brand_id, card.id, f"ERP-{n}", f"https://erp.example/{n}", heard.ana.agent_id) for n in "71"
        ]
        await give_references(tx, named)
    async with transaction() as tx:
        story = await ticket_told(tx, heard.lead, card.id)
        page = await page_of(tx, heard.lead, Filter())
        view = await open_ticket(tx, heard.lead, card.id)
    kinds = {(m.ticket_id is None, m.kind) for m in view.messages}
    assert kinds == {(True, "other"), (False, "customer"), (False, "brand")}
    for some in ("versions", "media", "content_warning", "vanished_at", "answerable", "answered_at", "in_reply_to"):
        said = [bool(getattr(m, some)) for m in view.messages]
        assert any(said), some
        assert not all(said), some
    assert [n.text for n in view.notes] == ["note 0", "note 1", "note 2"]
    assert [r.reference for r in view.references] == ["ERP-7", "ERP-1"]
    assert [f.seq for f in view.facts] == sorted(f.seq for f in view.facts)
    assert {f.type for f in view.facts} >= {"ticket.opened", "ticket.labelled"}
    for told, shown in ((story, view), (page.told(), page.view())):
        assert orjson.loads(orjson.dumps(told, option=orjson.OPT_UTC_Z)) == shown.model_dump(mode="json")


async def test_a_long_ticket_is_read_back_page_by_page(heard: Heard) -> None:
    await heard.hear(heard.post("r"), *(heard.post(f"m{n}", at=n // 7, under="r") for n in range(450)))
    (card,) = await heard.cards()
    found, before = [], None
    while True:
        told = await heard.story(card.id, before)
        found[:0] = told.messages
        if not told.earlier:
            break
        before = told.messages[0].id
    assert len(found) == len({m.id for m in found}) == 451
    assert [m.posted_at for m in found] == sorted(m.posted_at for m in found)


async def test_a_ticket_shows_what_it_follows_and_what_follows_it(heard: Heard) -> None:
    first = await heard.ticket()
    async with transaction() as tx:
        await move_ticket(tx, heard.lead, first.id, "resolved", None)
    await heard.hear(heard.post("later", at=60 * 24 * 3650, under=f"nora-{heard.said}"))
    second = next(c for c in await heard.cards() if c.id != first.id)
    assert second.follows_id == first.id
    assert (await heard.story(second.id)).follows.id == first.id  # type: ignore[union-attr]
    assert [c.id for c in (await heard.story(first.id)).followed_by] == [second.id]


# --- search ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Ma facture est erronée, ça va pas", ["erronee", "FACTURE", "ca", "fact", "pas fact"]),
        ("Straße gesperrt", ["strasse", "STRASSE", "straß"]),
        ("注文した商品が届きません", ["商品", "届", "注文した", "品が"]),
        ("배송이 늦어요", ["배송", "늦어"]),
        ("อินเทอร์เน็ตใช้ไม่ได้", ["ใช้", "เน็ต"]),
        ("الخدمة لا تعملُ", ["تعمل", "الخد"]),
        ("इंटरनेट नहीं चल रहा", ["इंटरनेट", "नही"]),
        ("Ёлка не горит", ["елка", "гор"]),
        ("order №4711-B & more", ["4711", "b more"]),
        ("it's 'quoted' \\ back:*slash", ["quoted", "back slash"]),
        ("mixed語text", ["語", "mixed", "text"]),
    ],
)
async def test_words_are_found_by_their_beginning_in_every_script(heard: Heard, said: str, asked: list[str]) -> None:
    card = await heard.ticket(text=said)
    await heard.ticket("omar", text="nothing of the kind")
    for words_asked in asked:
        assert [c.id for c in await heard.cards(q=words_asked)] == [card.id], words_asked


async def test_search_finds_handles_and_every_word_must_be_there(heard: Heard) -> None:
    card = await heard.ticket("zoe", text="the parcel is late")
    assert [c.id for c in await heard.cards(q="zoe")] == [card.id]
    assert [c.id for c in await heard.cards(q="zoe@lean.example parcel")] == [card.id]
    assert await heard.cards(q="parcel early") == []
    assert await heard.cards(q="arcel") == []
    for harmless in ("' | ''", "':* & !", "\\", "a & b | !c"):
        await heard.cards(q=harmless)


async def test_a_search_looks_into_done_tickets_and_keeps_to_a_view_that_is_named(heard: Heard) -> None:
    card = await heard.ticket(text="the parcel")
    async with transaction() as tx:
        await move_ticket(tx, heard.lead, card.id, "resolved", None)
    assert len(await heard.cards(q="parcel")) == 1
    assert len(await heard.cards(q="parcel", view="resolved")) == 1
    assert await heard.cards(q="parcel", view="waiting") == []


def test_folding_keeps_what_is_a_letter_of_its_own() -> None:
    assert fold("Ça Œuvre ﬁne ＡＢＣ") == "ca œuvre fine abc"
    assert fold("नहीं") == fold("नहीं")
    assert words("aa AA aa") == ["aa"]
    assert query_words("Hello 世界") == [("hello", True), ("世界", False)]
    assert query_words("  !? ") == []


async def test_words_follow_an_edit_and_the_ticket_they_moved_to(heard: Heard) -> None:
    said = heard.post("a", text="@acme wrong word")
    await heard.hear(said)
    await take_in(heard.account_id, edited(said, "@acme right word"))
    assert await heard.cards(q="wrong") == []
    assert len(await heard.cards(q="right")) == 1


async def test_a_page_before_a_message_of_another_ticket_is_empty_and_not_an_error(heard: Heard) -> None:
    card, other = await heard.ticket(), await heard.ticket("omar")
    elsewhere = (await heard.story(other.id)).messages[0]
    async with transaction() as tx:
        told = await open_ticket(tx, heard.lead, card.id, "ms_nothing")
        assert told.messages == []
        await open_ticket(tx, heard.lead, card.id, elsewhere.id)
