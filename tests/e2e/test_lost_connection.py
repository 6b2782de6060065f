"""The line is lost, three things happen meanwhile, and all three are there when it is back, each of them once."""

import time

from playwright.async_api import expect

from tests.e2e.conftest import Open, live
from tests.e2e.desk import Desk, until
from tests.e2e.hands import conversation, header, row, write


async def test_what_was_missed_is_there_afterwards(desk: Desk, console: Open) -> None:
    handle, name = desk.customer("Ida")
    first = desk.sandbox.post_as(handle, "@acme my parcel is lost")
    ticket = await desk.ticket_of(name)
    page = await console("ana", f"/inbox/all_open/{ticket['id']}?order=newest")
    await expect(conversation(page)).to_contain_text("my parcel is lost")

    began = time.monotonic()
    await page.context.set_offline(True)
    await expect(page.locator(".connection-banner")).to_contain_text("The connection is lost")
    assert 1.5 < time.monotonic() - began < 4

    desk.sandbox.post_as(handle, "@acme hello? anybody there?", in_reply_to_id=first["id"])
    other, other_name = desk.customer("Udo")
    desk.sandbox.post_as(other, "@acme mine as well")
    await desk.ticket_of(other_name)
    card = await until(
        lambda: (card := desk.ask("ben", "GET", f"tickets/{ticket['id']}")["card"])["waiting"] == 2 and card,
        "the second post did not arrive",
    )
    me = desk.ask("ben", "GET", "session")["me"]["id"]
    desk.ask("ben", "POST", f"tickets/{ticket['id']}/assign", agent_id=me, revision=card["revision"])
    await expect(conversation(page)).not_to_contain_text("anybody there?")
    await expect(header(page)).not_to_contain_text("Ben Keller")
    # What one writes meanwhile is not lost with the line.
    await write(page, "We are looking into it")

    await page.context.set_offline(False)
    await live(page)
    await expect(page.locator(".connection-banner")).to_have_count(0)
    await expect(header(page)).to_contain_text("Ben Keller")
    await expect(conversation(page).get_by_text("anybody there?")).to_have_count(1)
    await expect(conversation(page).get_by_text("Ben Keller took it")).to_have_count(1)
    await expect(conversation(page).get_by_text("my parcel is lost")).to_have_count(1)
    await expect(page.locator(".composer-text")).to_have_value("We are looking into it")
    # Beside an open ticket the list does not move by itself; the new ticket waits behind the pill.
    await page.locator(".inbox-new-pill").click()
    await expect(row(page, other_name)).to_have_count(1)
    await expect(row(page, name)).to_have_count(1)
