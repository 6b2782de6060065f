"""Two consoles, one ticket: they see each other, and only one answer goes out."""

import asyncio

from playwright.async_api import expect

from tests.e2e.conftest import Open
from tests.e2e.desk import UNDO_SECONDS, Desk
from tests.e2e.hands import conversation, header, write


async def test_only_one_of_two_answers_goes_out(desk: Desk, console: Open) -> None:
    handle, name = desk.customer("Eva")
    desk.sandbox.post_as(handle, "@acme is the shop open on Sunday")
    path = f"/inbox/all_open/{(await desk.ticket_of(name))['id']}"
    ana, ben = await asyncio.gather(console("ana", path), console("ben", path))
    await expect(ana.locator(".who-else")).to_contain_text("Ben Keller is here too")
    await expect(ben.locator(".who-else")).to_contain_text("Ana Costa is here too")

    await write(ben, "Yes, from ten to two")
    await expect(ana.locator(".who-else")).to_contain_text("Ben Keller is writing")
    await write(ana, "Sundays we are closed")
    await ana.keyboard.press("Control+Enter")
    await expect(ana.locator(".outgoing")).to_contain_text("Goes out in")
    await ben.keyboard.press("Control+Enter")

    refusal = ben.get_by_role("alertdialog")
    await expect(refusal).to_contain_text("The conversation went on")
    await expect(refusal).to_contain_text("Ana Costa")
    await expect(refusal).to_contain_text("Sundays we are closed")
    await refusal.get_by_role("button", name="Keep writing").click()
    await expect(ben.locator(".composer-text")).to_have_value("Yes, from ten to two")

    await desk.answers(handle)
    await asyncio.sleep(UNDO_SECONDS)
    assert [one["text"] for one in desk.said_to(handle)] == [f"{desk.at(handle)} Sundays we are closed"]
    await expect(conversation(ben)).to_contain_text("Sundays we are closed")


async def test_who_else_is_here_hides_no_words(desk: Desk, console: Open) -> None:
    handle, name = desk.customer("Ida")
    for n in range(12):
        desk.sandbox.post_as(handle, f"@acme and another thing, number {n}: " + "it goes on and on " * 10)
    path = f"/inbox/all_open/{(await desk.ticket_of(name))['id']}"
    ana, _ = await asyncio.gather(console("ana", path), console("ben", path))
    chip = ana.locator(".who-line")
    await expect(chip).to_be_visible()
    await expect(conversation(ana)).to_contain_text("number 11")
    await ana.locator(".thread-scroll").evaluate("box => box.scrollTo(0, box.scrollHeight)")
    last, over = await ana.locator(".thread-lines > li").last.bounding_box(), await chip.bounding_box()
    assert last is not None
    assert over is not None
    assert last["y"] + last["height"] <= over["y"]


async def test_the_customer_writes_while_one_answers(desk: Desk, console: Open) -> None:
    handle, name = desk.customer("Max")
    first = desk.sandbox.post_as(handle, "@acme it does not switch on")
    ticket = await desk.ticket_of(name)
    page = await console("ana", f"/inbox/all_open/{ticket['id']}")
    await write(page, "Please charge it first")
    # The console must not hear it: as if both happened in the same instant.
    await page.route("**/api/v1/tickets/*/replies", lambda route: _after(desk, handle, first["id"], route))
    await page.keyboard.press("Control+Enter")
    refusal = page.get_by_role("alertdialog")
    await expect(refusal).to_contain_text("solved, thank you!")
    assert desk.said_to(handle) == []
    await page.unroute("**/api/v1/tickets/*/replies")
    await refusal.get_by_role("button", name="Send anyway").click()
    assert len(await desk.answers(handle)) == 1


async def _after(desk: Desk, handle: str, post_id: str, route: object) -> None:
    """Let the customer's words reach the desk just before the request does."""
    if route.request.method == "POST":  # type: ignore[attr-defined]
        desk.sandbox.post_as(handle, "@acme solved, thank you!", in_reply_to_id=post_id)
        for _ in range(100):
            found = desk.ask("ben", "GET", f"tickets?view=all_open&q=solved%20{handle}")["items"]
            if found:
                break
            await asyncio.sleep(0.05)
    await route.continue_()  # type: ignore[attr-defined]


async def test_take_next_gives_two_agents_two_tickets(desk: Desk, console: Open) -> None:
    for _ in range(2):
        handle, name = desk.customer("Pia")
        desk.sandbox.post_as(handle, "@acme who can help me")
    await desk.ticket_of(name)
    ana, ben = await asyncio.gather(console("ana"), console("ben"))
    await asyncio.gather(ana.keyboard.press("t"), ben.keyboard.press("t"))
    await asyncio.gather(ana.wait_for_url("**/tk_*"), ben.wait_for_url("**/tk_*"))
    taken = [page.url.partition("/tk_")[2].partition("?")[0] for page in (ana, ben)]
    assert taken[0] != taken[1]
    await expect(header(ana)).to_contain_text("You")
    await expect(header(ben)).to_contain_text("You")
