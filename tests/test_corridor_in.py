"""A mention at the network becomes a ticket with its story, however and in whatever order it comes."""

import pytest
from sqlalchemy import update

from app.core.clock import now
from app.core.eventlog import read_after
from app.core.transaction import transaction
from app.ingest.models import Poll
from app.ingest.reread import reread_due
from app.tickets.inbox import Filter, inbox
from app.tickets.models import Conversation
from app.tickets.queries import open_ticket
from app.tickets.views import TicketCard, TicketView
from tests.conftest import Statements
from tests.given import Desk, a_desk, an_account, hear, listen
from tests.sandbox.live import LiveBrand, Sandbox, start_sandbox


@pytest.fixture(params=["mastodon", "gotosocial"])
def sandbox(request: pytest.FixtureRequest):
    with start_sandbox(flavour=request.param) as running:
        yield running


@pytest.fixture
def brand(sandbox: Sandbox) -> LiveBrand:
    return sandbox.brand("acme")


@pytest.fixture
async def desk(database: str, sandbox: Sandbox, brand: LiveBrand) -> Desk:
    desk = await a_desk()
    await an_account(desk, sandbox, brand)
    return desk


async def tickets(desk: Desk, **wanted: object) -> list[TicketCard]:
    async with transaction() as tx:
        states = ("open", "waiting", "on_hold", "snoozed", "resolved", "closed")
        page = await inbox(tx, desk.lead, Filter(**{"states": states, "order": "newest", **wanted}))  # type: ignore[arg-type]
    return page.items


async def story(desk: Desk, ticket_id: str) -> TicketView:
    async with transaction() as tx:
        return await open_ticket(tx, desk.lead, ticket_id)


async def types() -> list[str]:
    async with transaction() as tx:
        return [e.type for e in await read_after(tx, 0)]


async def test_a_mention_opens_a_ticket_once(desk: Desk, sandbox: Sandbox, brand: LiveBrand) -> None:
    sandbox.post_as("nora", f"@{brand.handle} it is down again 😢")
    await hear()
    await hear()
    (card,) = await tickets(desk)
    assert card.customer.handle.startswith("nora")
    assert "it is down again 😢" in card.preview
    assert (card.state, card.waiting, card.lane) == ("open", 1, "public")
    assert (await types()).count("ticket.opened") == 1


async def test_what_was_said_before_is_left_alone(database: str, sandbox: Sandbox, brand: LiveBrand) -> None:
    sandbox.post_as("nora", f"@{brand.handle} long ago")
    desk = await a_desk()
    await an_account(desk, sandbox, brand)
    await hear()
    assert await tickets(desk) == []


async def test_a_thread_is_one_ticket_and_another_person_in_it_another(
    desk: Desk, sandbox: Sandbox, brand: LiveBrand
) -> None:
    first = sandbox.post_as("nora", f"@{brand.handle} broken")
    await hear()
    sandbox.post_as("nora", f"@{brand.handle} still", in_reply_to_id=first["id"])
    sandbox.post_as("omar", f"@{brand.handle} @nora same here", in_reply_to_id=first["id"])
    await hear()
    cards = {c.customer.handle.split("@")[0]: c for c in await tickets(desk)}
    assert cards.keys() == {"nora", "omar"}
    assert cards["nora"].waiting == 2
    assert cards["omar"].waiting == 1


async def test_parents_that_nobody_told_us_of_are_fetched(desk: Desk, sandbox: Sandbox, brand: LiveBrand) -> None:
    root = sandbox.post_as("omar", "what a day")
    middle = sandbox.post_as("nora", "and the @network is gone", in_reply_to_id=root["id"])
    sandbox.post_as("nora", f"@{brand.handle} say something", in_reply_to_id=middle["id"])
    await hear()
    (card,) = await tickets(desk)
    told = await story(desk, card.id)
    assert [(m.kind, m.author.handle.split("@")[0]) for m in told.messages] == [
        ("other", "omar"),
        ("other", "nora"),
        ("customer", "nora"),
    ]
    assert told.messages[2].in_reply_to == told.messages[1].id


async def test_an_answer_from_a_phone_is_shown_and_rests_the_ticket(
    desk: Desk, sandbox: Sandbox, brand: LiveBrand
) -> None:
    asked = sandbox.post_as("nora", f"@{brand.handle} hello?")
    await hear()
    sandbox.post_as("acme", "@nora on it", in_reply_to_id=asked["id"])
    await reread_all()
    (card,) = await tickets(desk)
    assert (card.state, card.waiting) == ("waiting", 0)
    told = await story(desk, card.id)
    assert [(m.kind, m.agent_id) for m in told.messages] == [("customer", None), ("brand", None)]
    assert told.messages[0].answered_at is not None
    assert "ticket.answered_outside" in await types()
    sandbox.post_as("nora", f"@{brand.handle} thanks but no", in_reply_to_id=asked["id"])
    await hear()
    (card,) = await tickets(desk)
    assert (card.state, card.waiting) == ("open", 1)


async def test_edits_and_deletions_are_followed(desk: Desk, sandbox: Sandbox, brand: LiveBrand) -> None:
    said = sandbox.post_as("nora", f"@{brand.handle} my number is 123")
    other = sandbox.post_as("nora", f"@{brand.handle} and more", in_reply_to_id=said["id"])
    await hear()
    sandbox.edit(said["id"], f"@{brand.handle} my number is hidden")
    sandbox.delete(other["id"])
    await reread_all()
    (card,) = await tickets(desk)
    told = await story(desk, card.id)
    assert "hidden" in told.messages[0].text
    assert told.messages[0].versions[0].text.endswith("123")
    assert told.messages[1].vanished_why == "deleted"
    assert card.waiting == 1


async def test_a_block_leaves_a_tombstone(desk: Desk, sandbox: Sandbox, brand: LiveBrand) -> None:
    sandbox.post_as("nora", f"@{brand.handle} you again")
    await hear()
    sandbox.block("nora", "acme")
    await reread_all()
    (card,) = await tickets(desk)
    (post,) = (await story(desk, card.id)).messages
    assert post.vanished_at is not None
    assert "you again" in post.text
    assert card.waiting == 0


async def test_a_private_word_joins_the_ticket_in_its_lane(desk: Desk, sandbox: Sandbox, brand: LiveBrand) -> None:
    sandbox.post_as("nora", f"@{brand.handle} help")
    await hear()
    sandbox.post_as("nora", f"@{brand.handle} my address is …", visibility="direct")
    await hear()
    (card,) = await tickets(desk)
    assert card.lane == "private"
    assert [m.lane for m in (await story(desk, card.id)).messages] == ["public", "private"]


async def test_a_page_of_eighty_costs_no_more_statements_than_a_page_of_one(
    desk: Desk, sandbox: Sandbox, brand: LiveBrand, statements: Statements
) -> None:
    sandbox.post_as("zero", f"@{brand.handle} hello")
    await hear()  # policies and calendars are read into memory once
    sandbox.post_as("one", f"@{brand.handle} hello")
    statements.clear()
    await hear()
    single = len(statements)
    for n in range(80):
        sandbox.post_as(f"customer{n}", f"@{brand.handle} hello {n}")
    statements.clear()
    await hear()
    many = len(statements)
    assert len(await tickets(desk, q="")) == 50
    assert many == single


async def test_search_finds_every_script(desk: Desk, sandbox: Sandbox, brand: LiveBrand) -> None:
    for name, text in {
        "fr": "Ma facture est erronée, ça ne va pas",
        "jp": "注文した商品が届きません",
        "ar": "الخدمة لا تعملُ منذ الصباح",
        "th": "อินเทอร์เน็ตใช้ไม่ได้",
        "ko": "배송이 늦어요",
    }.items():
        sandbox.post_as(name, f"@{brand.handle} {text}")
    await hear()
    for name, asked in {
        "fr": "erronee",
        "jp": "商品",
        "ar": "تعمل",
        "th": "ใช้ไม่",
        "ko": "배송",
        "fr ": "CA fac",
    }.items():
        found = await tickets(desk, q=asked)
        assert [c.customer.handle.split("@")[0] for c in found] == [name.strip()], asked
    assert await tickets(desk, q="nothing like it") == []


async def test_a_refused_sign_in_breaks_the_account_and_keeps_the_cursor(
    desk: Desk, sandbox: Sandbox, brand: LiveBrand
) -> None:
    sandbox.revoke(brand.token)
    sandbox.post_as("nora", f"@{brand.handle} anyone?")
    await hear()
    assert "account.broken" in await types()
    assert await tickets(desk) == []
    again = await an_account(desk, sandbox, sandbox.brand("acme"))
    assert again.state == "working"
    await listen()
    assert len(await tickets(desk)) == 1


async def reread_all() -> None:
    """Read every conversation again that is to be read at all, without waiting for its time."""
    async with transaction() as tx:
        await tx.execute(update(Conversation).where(Conversation.reread_at.is_not(None)).values(reread_at=now()))
    while await reread_due():
        async with transaction() as tx:
            await tx.execute(update(Poll).values(reread_free_at=None))
