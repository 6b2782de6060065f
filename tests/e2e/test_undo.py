"""A reply can be taken back in time, tried again when it failed, and is looked for when nobody knows."""

import asyncio
from typing import Any

from playwright.async_api import Page, expect

from tests.e2e.conftest import Open
from tests.e2e.desk import UNDO_SECONDS, Desk
from tests.e2e.hands import answer, conversation

POSTS = "/api/v1/statuses"


async def _opened(desk: Desk, console: Open, said: str) -> tuple[Page, str, dict[str, Any]]:
    handle, name = desk.customer("Ute")
    desk.sandbox.post_as(handle, f"@acme {said}")
    ticket = await desk.ticket_of(name)
    return await console("ana", f"/inbox/all_open/{ticket['id']}"), handle, ticket


async def test_taken_back_in_time_nothing_goes_out(desk: Desk, console: Open) -> None:
    page, handle, _ = await _opened(desk, console, "can I cancel")
    await answer(page, "No you cannot")
    await page.get_by_role("button", name="Undo").click()
    await expect(page.locator(".composer-text")).to_have_value("No you cannot")
    await expect(page.locator(".outgoing")).to_have_count(0)
    await asyncio.sleep(UNDO_SECONDS + 1)
    assert desk.said_to(handle) == []
    # The text is as good as new: it can be changed and sent.
    await page.locator(".composer-text").fill("Yes, until noon")
    await page.locator(".composer-text").press("Control+Enter")
    [sent] = await desk.answers(handle)
    assert sent["text"] == f"{desk.at(handle)} Yes, until noon"


async def test_a_refused_reply_says_why_and_is_tried_again(desk: Desk, console: Open) -> None:
    page, handle, _ = await _opened(desk, console, "what does it cost")
    desk.sandbox.fault("error", path=POSTS, method="POST", code=422)
    await answer(page, "Ten a month")
    failed = page.locator(".outgoing.failed")
    await expect(failed).to_contain_text("It was not sent")
    assert desk.said_to(handle) == []
    await failed.get_by_role("button", name="Retry").click()
    assert len(await desk.answers(handle)) == 1
    await expect(page.locator(".outgoing")).to_have_count(0)
    await expect(conversation(page).get_by_text("Ten a month")).to_have_count(1)


async def test_an_unanswered_reply_is_unsure_until_it_is_found(desk: Desk, console: Open) -> None:
    page, handle, _ = await _opened(desk, console, "is it out yet")
    desk.sandbox.fault("drop", path=POSTS, method="POST", after=True)
    for path in (f"{POSTS}*", "/api/v1/accounts/*"):  # and nobody can look for it either
        desk.sandbox.fault("drop", path=path, times=None, skip=0)
    await answer(page, "It comes tomorrow")
    unsure = page.locator(".outgoing.unsure")
    await expect(unsure).to_contain_text("may already be out")
    await expect(unsure.get_by_role("button", name="Retry")).to_have_count(0)
    assert len(desk.said_to(handle)) == 1
    desk.sandbox.clear_faults()
    await expect(page.locator(".outgoing")).to_have_count(0)
    await expect(conversation(page)).to_contain_text("You, as @acme")
    assert len(desk.said_to(handle)) == 1
