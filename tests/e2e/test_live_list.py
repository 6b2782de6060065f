"""The list under the pointer stays where it is, and a long one scrolls."""

from playwright.async_api import expect

from tests.e2e.conftest import Open
from tests.e2e.desk import Desk, until
from tests.e2e.hands import row

MANY = 500


async def test_a_new_ticket_does_not_move_the_list_under_the_pointer(desk: Desk, console: Open) -> None:
    handle, name = desk.customer("Finn")
    desk.sandbox.post_as(handle, "@acme my screen is black")
    page = await console("ana")
    await expect(row(page, name)).to_be_visible()
    await row(page, name).hover()
    before = await row(page, name).bounding_box()

    later, later_name = desk.customer("Gil")
    desk.sandbox.post_as(later, "@acme my screen is white")
    pill = page.locator(".inbox-new-pill")
    await expect(pill).to_contain_text("new")
    assert await row(page, later_name).count() == 0
    assert await row(page, name).bounding_box() == before

    await page.keyboard.press(".")
    await expect(row(page, later_name)).to_be_visible()
    await expect(pill).to_have_count(0)


async def test_the_list_follows_when_nobody_reads_it(desk: Desk, console: Open) -> None:
    page = await console("ana")
    handle, name = desk.customer("Hal")
    desk.sandbox.post_as(handle, "@acme just saying hello")
    await expect(row(page, name)).to_be_visible()
    await expect(page.locator(".inbox-new-pill")).to_have_count(0)
    assert (await page.locator("[data-ticket]").first.get_attribute("data-ticket")) == (
        await row(page, name).get_attribute("data-ticket")
    )


async def test_five_hundred_rows_scroll(desk: Desk, console: Open) -> None:
    for number in range(MANY):  # for Zeta, whose inbox nobody else needs
        desk.sandbox.post_as(f"crowd{number}", f"@zeta one of many, {number}")
    counts = await until(
        lambda: (found := desk.ask("zoe", "GET", "tickets/counts"))["all_open"] >= MANY and found,
        "the crowd did not arrive",
        60,
    )
    page = await console("zoe")
    await expect(page.get_by_role("link", name=f"All open {counts['all_open']}")).to_be_visible()
    rows = page.locator("[data-ticket]")
    await expect(rows.first).to_be_visible()
    await page.mouse.move(200, 500)
    seen: set[str] = set()
    for _ in range(400):
        drawn = await rows.evaluate_all("all => all.map(one => one.dataset.ticket)")
        assert 0 < len(drawn) < 80, "only what is seen is drawn"
        seen.update(drawn)
        if len(seen) == counts["all_open"]:
            break
        await page.mouse.wheel(0, 900)
        await page.wait_for_timeout(30)
    assert len(seen) == counts["all_open"]
