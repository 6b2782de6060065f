"""Where a post belongs does not depend on the order or the pages in which it came."""

import pytest
from hypothesis import given, settings

from app.tickets.placing import Books, Case, Post
from app.tickets.state import ACTIVE
from tests.tickets.talk import Arrival, arrivals, conversations, empty, hear, minute, said, tickets, windows


def one_case(books: Books) -> Case:
    (case,) = [c for c in books.cases.values() if not c.dismissed_into]
    return case


def told(books: Books) -> list[str]:
    return [s.what for s in books.steps]


def placed(*pages: list[Post], join: float = 0, reopen: float = 10_000) -> Books:
    books = empty()
    for page in pages:
        hear(books, page, windows(join=join, reopen=reopen))
    return books


# --- laws ------------------------------------------------------------------------------------------------------------


@settings(max_examples=300)
@given(arrivals())
def test_any_order_in_any_pages_ends_in_the_same_tickets_and_conversations(arrival: Arrival) -> None:
    once = placed(list(arrival.posts))
    books = placed(*[list(page) for page in arrival.pages])
    assert conversations(books) == conversations(once)
    assert tickets(books) == tickets(once)


@settings(max_examples=150)
@given(arrivals())
def test_twice_is_as_good_as_once(arrival: Arrival) -> None:
    books = placed(*[list(page) for page in arrival.pages])
    before = tickets(books), conversations(books), {c.id: c.state for c in books.cases.values()}
    for page in reversed(arrival.pages):
        hear(books, list(page), windows())
        assert books.steps == []
        assert books.placed == []
    assert (tickets(books), conversations(books), {c.id: c.state for c in books.cases.values()}) == before


@settings(max_examples=200)
@given(arrivals(order="time"))
def test_in_the_order_of_time_pages_do_not_matter_to_the_windows_either(arrival: Arrival) -> None:
    """Joining and reopening look at what is known so far: that they agree is promised for what comes in order."""
    everything = [p for page in arrival.pages for p in page]
    once = placed(everything, join=60)
    books = placed(*[list(page) for page in arrival.pages], join=60)
    assert tickets(books) == tickets(once)


@settings(max_examples=150)
@given(arrivals())
def test_a_customer_has_one_working_ticket_in_a_conversation_and_every_mention_has_one(arrival: Arrival) -> None:
    books = placed(*[list(page) for page in arrival.pages])
    working = [(c.customer_id, t) for c in books.cases.values() if c.state in ACTIVE for t in c.conversations]
    assert len(working) == len(set(working))
    for post in books.posts.values():
        if post.kind == "customer":
            case = books.cases[post.ticket_id or ""]
            assert case.customer_id == post.customer_id
            assert not case.dismissed_into
            assert post.conversation_id in case.conversations


@settings(max_examples=150)
@given(arrivals())
def test_a_ticket_is_opened_once_and_says_so_before_anything_else(arrival: Arrival) -> None:
    books, opened = empty(), set()
    for page in arrival.pages:
        hear(books, list(page), windows())
        for step in books.steps:
            if step.what == "opened":
                assert step.ticket_id not in opened
                opened.add(step.ticket_id)
            assert step.ticket_id in opened
    assert opened == set(books.cases)


# --- examples --------------------------------------------------------------------------------------------------------


def test_the_reopen_window_decides_between_the_same_ticket_and_a_follow_up() -> None:
    for later, same in ((100, True), (100.1, False)):
        books = placed([said("a", "nora", 0)])
        case = one_case(books)
        case.state, case.resolved_at = "resolved", minute(10)
        hear(books, [said("b", "nora", 10 + later, "a")], windows(reopen=100))
        if same:
            assert told(books) == ["received", "reopened"]
            assert (case.state, case.resolved_at) == ("open", None)
        else:
            assert told(books) == ["opened", "received"]
            new = books.cases[books.posts["b"].ticket_id or ""]
            assert new.follows_id == case.id
            assert case.state == "resolved"


def test_a_dismissed_ticket_is_not_reopened_but_followed() -> None:
    books = placed([said("a", "nora", 0)])
    case = one_case(books)
    case.state, case.resolved_at = "closed", minute(1)
    hear(books, [said("b", "nora", 2, "a")], windows())
    assert books.cases[books.posts["b"].ticket_id or ""].follows_id == case.id


def test_another_root_post_joins_within_the_window_only() -> None:
    for later, together in ((60, True), (61, False)):
        books = placed([said("a", "nora", 0)], [said("b", "nora", later)], join=60)
        assert (len(tickets(books)) == 1) is together
        assert len(conversations(books)) == 2


def test_a_window_of_zero_never_joins() -> None:
    assert len(tickets(placed([said("a", "nora", 0), said("b", "nora", 0)]))) == 2


def test_an_answer_in_somebody_elses_thread_joins_nothing() -> None:
    """Only root posts join: who speaks up under another one's post speaks of that."""
    books = placed([said("a", "nora", 0), said("o", "omar", 0)], [said("b", "nora", 1, "o")], join=60)
    assert tickets(books) == {frozenset("a"), frozenset("o"), frozenset("b")}


@pytest.mark.parametrize("state", ["resolved", "closed"])
def test_a_root_post_joins_no_ticket_that_is_done(state: str) -> None:
    books = placed([said("a", "nora", 0)])
    case = one_case(books)
    case.state, case.resolved_at = state, minute(1)
    hear(books, [said("b", "nora", 2)], windows(join=60))
    assert len(tickets(books)) == 2


def test_a_private_word_joins_the_working_ticket_whenever_it_comes() -> None:
    books = placed([said("a", "nora", 0)], [said("d", "nora", 5_000, role="direct", lane="private")])
    assert tickets(books) == {frozenset("ad")}
    assert len(conversations(books)) == 2


def test_a_private_word_reopens_what_was_resolved_a_short_while_ago() -> None:
    for later, together in ((100, True), (101, False)):
        books = placed([said("a", "nora", 0)])
        case = one_case(books)
        case.state, case.resolved_at = "resolved", minute(0)
        hear(books, [said("d", "nora", later, role="direct", lane="private")], windows(reopen=100))
        assert (tickets(books) == {frozenset("ad")}) is together


def test_the_brands_answer_from_elsewhere_rests_the_ticket_unless_the_customer_spoke_later() -> None:
    books = placed([said("a", "nora", 0)], [said("x", "acme", 5, "a")])
    assert told(books) == ["answered", "rested"]
    assert (one_case(books).state, one_case(books).last_answer_at) == ("waiting", minute(5))
    late = placed([said("a", "nora", 0), said("b", "nora", 9, "a")], [said("x", "acme", 5, "a")])
    assert told(late) == ["answered"]
    assert one_case(late).state == "open"


def test_the_brands_answer_that_was_known_first_finds_its_ticket() -> None:
    books = placed([said("x", "acme", 5, "a"), said("y", "acme", 6, "x")])
    assert tickets(books) == set()
    hear(books, [said("a", "nora", 0)], windows())
    assert told(books) == ["opened", "received", "answered", "rested", "answered"]
    assert [p.remote_id for p in books.adopted] == ["x", "y"]
    assert tickets(books) == {frozenset("axy")}


def test_a_word_older_than_the_answer_wakes_nobody() -> None:
    books = placed([said("a", "nora", 0)], [said("x", "acme", 5, "a")], [said("b", "nora", 3, "a")])
    assert told(books) == ["received"]
    assert one_case(books).state == "waiting"


def test_the_brands_own_post_opens_nothing_and_each_who_answers_it_has_a_ticket() -> None:
    books = placed([said("x", "acme", 0)], [said(c, c, n, "x") for n, c in enumerate(("nora", "omar", "zoe"), 1)])
    assert tickets(books) == {frozenset(("nora",)), frozenset(("omar",)), frozenset(("zoe",))}
    assert len(conversations(books)) == 1


def test_what_addresses_nobody_counts_only_from_the_customer_in_their_own_talk() -> None:
    books = placed(
        [said("a", "nora", 0), said("x", "acme", 1, "a")],
        [
            said("thanks", "nora", 2, "x", role="other"),
            said("me-too", "omar", 3, "a", role="other", known=False),
            said("hm", "nora", 4, "me-too", role="other"),
        ],
    )
    assert tickets(books) == {frozenset(("a", "x", "thanks"))}
    assert told(books).count("context") == 2


def test_a_late_parent_joins_two_talks_and_the_later_ticket_is_a_duplicate() -> None:
    books = placed([said("b", "nora", 1, "a"), said("d", "nora", 3, "c"), said("c", "omar", 2, "a")])
    assert len(conversations(books)) == 1
    assert tickets(books) == {frozenset("bd"), frozenset("c")}
    books = placed([said("b", "nora", 1, "a")], [said("d", "nora", 3, "c")], [said("c", "omar", 2, "a")])
    assert len(conversations(books)) == 1
    assert told(books) == ["duplicate", "opened", "received"]
    gone = next(c for c in books.cases.values() if c.dismissed_into)
    assert (gone.state, gone.opened_at) == ("closed", minute(3))
    assert tickets(books) == {frozenset("bd"), frozenset("c")}
