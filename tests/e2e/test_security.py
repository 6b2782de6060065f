"""What a browser is told to forbid, what never leaves it, and who gets to see what."""

import asyncio
from collections.abc import Awaitable, Callable

from playwright.async_api import BrowserContext, expect

from app.agents.current import COOKIE
from tests.e2e.conftest import Open
from tests.e2e.desk import PASSWORD, Desk
from tests.e2e.hands import conversation, row, sign_in


async def test_the_page_comes_with_a_strict_policy(desk: Desk, console: Open) -> None:
    page = await console(None, "/sign-in")
    reply = await page.context.request.get("/")
    policy = dict(rule.split(" ", 1) for rule in reply.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["referrer-policy"] == "no-referrer"


async def test_the_cookie_is_out_of_reach(desk: Desk, console: Open) -> None:
    page = await console(None, "/sign-in")
    await sign_in(page, desk.colleague("Cleo"), PASSWORD)
    [cookie] = await page.context.cookies()
    assert cookie["name"] == COOKIE
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    assert await page.evaluate("document.cookie") == ""
    refused = await page.context.request.delete("/api/v1/session", headers={"Origin": "https://elsewhere.example"})
    assert refused.status == 403


async def test_pictures_are_asked_for_without_saying_where(
    desk: Desk, browse: Callable[..., Awaitable[BrowserContext]]
) -> None:
    handle, name = desk.customer("Iris")
    desk.sandbox.post_as(handle, "@acme look <script>alert(1)</script><img src=x onerror=alert(2)>")
    ticket = await desk.ticket_of(name)
    address = desk.address.replace("127.0.0.1", "localhost")  # a network is on another host, and cookies know no ports
    context = await browse(address)
    await context.add_cookies([desk.cookie("ana") | {"url": address}])
    page = await context.new_page()
    wanted = ticket["customer"]["avatar_url"]
    async with page.expect_request_finished(lambda one: one.url == wanted) as picture:
        await page.goto(f"/inbox/all_open/{ticket['id']}")
    headers = await (await picture.value).all_headers()
    assert headers["host"] == desk.sandbox.base_url.removeprefix("http://")  # really sent: what a cache gives has none
    assert headers.get("referer", "") == ""
    assert "cookie" not in headers
    await expect(conversation(page)).to_contain_text("<script>alert(1)</script>")
    assert await conversation(page).locator("script, img[src=x]").count() == 0


async def test_another_brands_ticket_is_not_there(desk: Desk, console: Open) -> None:
    handle, name = desk.customer("Otto")
    desk.sandbox.post_as(handle, "@zeta this is between us")
    ticket = await desk.ticket_of(name, "zoe")
    page = await console("ana", f"/inbox/all_open/{ticket['id']}")
    await expect(page.get_by_text("The ticket could not be loaded")).to_be_visible()
    await page.goto(f"/tickets/{ticket['number']}")
    await expect(page.get_by_text("There is nothing here")).to_be_visible()
    await page.goto("/inbox/all_open?q=between+us")
    await expect(page.locator(".inbox-list .empty")).to_be_visible()
    assert await row(page, name).count() == 0


async def test_a_sign_in_ended_elsewhere_ends_here(desk: Desk, console: Open) -> None:
    address = desk.colleague("Rosa")
    here, there = await console(None, "/sign-in"), await console(None, "/sign-in")
    await asyncio.gather(sign_in(here, address, PASSWORD), sign_in(there, address, PASSWORD))
    await here.goto("/people?tab=signIns")
    await here.get_by_role("button", name="End the sign-in").click()
    await expect(there.locator(".connection-banner")).to_contain_text("You were signed out")
    await there.get_by_role("link", name="Sign in again").click()
    await expect(there.locator("input[type=password]")).to_be_visible()
    await there.goto("/inbox/all_open")
    await there.wait_for_url("**/sign-in*")
    await expect(here.locator(".live-dot.live")).to_be_attached()
