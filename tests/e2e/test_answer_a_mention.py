"""A mention arrives, is read, taken, answered and solved, without a mouse."""

import time

from playwright.async_api import expect

from tests.e2e.conftest import Open
from tests.e2e.desk import Desk, until
from tests.e2e.hands import conversation, header, open_by_keyboard, row, search, write


async def test_a_mention_is_answered_in_its_thread(desk: Desk, console: Open) -> None:
    page = await console("ana")
    handle, name = desk.customer("Nora")
    post = desk.sandbox.post_as(handle, "@acme my order is late")
    said = time.monotonic()
    await expect(row(page, name)).to_be_visible()
    assert time.monotonic() - said < 3

    await open_by_keyboard(page, name)
    await expect(conversation(page)).to_contain_text("my order is late")
    await page.keyboard.press("m")
    await expect(header(page)).to_contain_text("You")
    await expect(conversation(page)).to_contain_text("Ana Costa took it")

    await write(page, "It leaves today")
    await expect(page.locator(".composer-as")).to_contain_text("@acme")
    await page.keyboard.press("Control+Shift+Enter")
    await expect(page.locator(".outgoing")).to_contain_text("Goes out in")
    assert desk.said_to(handle) == []

    [answer] = await desk.answers(handle)
    assert answer["text"] == f"{desk.at(handle)} It leaves today"
    assert answer["in_reply_to_id"] == post["id"]
    assert answer["visibility"] == "public"
    await expect(header(page)).to_contain_text("Resolved")
    await expect(conversation(page)).to_contain_text("You, as @acme")
    await expect(row(page, name)).to_have_count(0)


async def test_a_private_message_stays_private(desk: Desk, console: Open) -> None:
    handle, name = desk.customer("Omar")
    desk.sandbox.post_as(handle, "@acme my number is 4711", visibility="direct")
    ticket = await desk.ticket_of(name)
    page = await console("ana", f"/inbox/all_open/{ticket['id']}")
    await expect(conversation(page)).to_contain_text("Private message")
    await write(page, "Thank you, we found it")
    await expect(page.get_by_label("Private message", exact=True)).to_be_focused()
    await expect(page.locator(".composer-as")).to_contain_text(f"@{handle}")

    # The other lane has a text of its own: what was written here cannot go out there.
    await page.get_by_role("tab", name="Public").click()
    await expect(page.get_by_label("Public reply", exact=True)).to_have_value("")
    await page.get_by_role("tab", name="Private").click()
    await page.get_by_label("Private message", exact=True).press("Control+Enter")
    [answer] = await desk.answers(handle)
    assert answer["visibility"] == "direct"
    assert [f"@{one}".partition("@sandbox")[0] for one in answer["mentions"]] == [f"@{handle}"]


async def test_notes_labels_and_snoozing(desk: Desk, console: Open) -> None:
    handle, name = desk.customer("Tom")
    desk.sandbox.post_as(handle, "@acme where is my refund")
    ticket = await desk.ticket_of(name)
    page = await console("ana", f"/inbox/all_open/{ticket['id']}")
    await expect(header(page)).to_contain_text(name)

    await write(page, "He paid twice", key="n")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("article", name="Note by You")).to_contain_text("He paid twice")
    await page.keyboard.press("Escape")

    await page.keyboard.press("l")
    await expect(page.get_by_placeholder("Find or create a label")).to_be_focused()
    await page.keyboard.type(f"refund-{handle}")
    await expect(page.get_by_role("menuitem")).to_have_count(1)
    await page.keyboard.press("Enter")
    await until(lambda: desk.ask("ana", "GET", f"tickets/{ticket['id']}")["card"]["labels"], "no label")
    await page.keyboard.press("Escape")
    await expect(conversation(page)).to_contain_text(f"Ana Costa added refund-{handle}")

    await page.keyboard.press("s")
    await expect(page.get_by_role("menuitem", name="In an hour")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(header(page)).to_contain_text("Snoozed")
    await expect(row(page, name)).to_have_count(0)
    await page.keyboard.press("g")
    await page.keyboard.press("s")
    await page.wait_for_url("**/inbox/snoozed*")
    await expect(row(page, name)).to_be_visible()
    assert desk.said_to(handle) == []


async def test_ten_tickets_by_keyboard_alone(desk: Desk, console: Open) -> None:
    people = dict(desk.customer("Kim") for _ in range(10))
    for handle in people:
        desk.sandbox.post_as(handle, "@acme the zebrafish filter leaks")
    page = await console("ben")
    await search(page, "zebrafish")
    rows, title = page.locator("[data-ticket]"), header(page).locator("h2 bdi")
    await expect(rows).to_have_count(10)
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    name = await title.text_content()
    for left in reversed(range(10)):
        await write(page, f"Hello {name}, it is sent")
        await page.keyboard.press("Control+Shift+Enter")
        await expect(page.locator(".outgoing")).to_be_visible()
        await page.keyboard.press("j")  # the keyboard has left the composer of what is done
        if left:
            await expect(title).not_to_have_text(name or "")
            name = await title.text_content()
    for handle, name in people.items():
        [answer] = await desk.answers(handle)
        assert answer["text"] == f"{desk.at(handle)} Hello {name}, it is sent"
    await expect(rows.filter(has_text="Resolved")).to_have_count(10)


async def test_a_post_from_right_to_left(desk: Desk, console: Open) -> None:
    handle, name = desk.customer("Huda")
    desk.sandbox.post_as(handle, "@acme الخدمة لا تعمل منذ الصباح", language="ar")
    ticket = await desk.ticket_of(name)
    page = await console("ana", f"/inbox/all_open/{ticket['id']}")
    text = conversation(page).locator("[dir=auto]", has_text="الخدمة").first
    await expect(text).to_be_visible()
    assert await text.evaluate("one => getComputedStyle(one).direction") == "rtl"
    assert await row(page, name).locator(".row-preview").evaluate("one => getComputedStyle(one).direction") == "rtl"
    await write(page, "سنصلحها اليوم")
    assert await page.locator(".composer-text").evaluate("one => getComputedStyle(one).direction") == "rtl"
