"""An empty desk: the first visit makes the lead, connects an account on the network's own page, and hears a mention."""

from collections.abc import Awaitable, Callable

from playwright.async_api import BrowserContext, expect

from tests.e2e.desk import PASSWORD
from tests.e2e.hands import row
from tests.running import Running
from tests.sandbox.live import Sandbox


async def test_from_nothing_to_the_first_mention(
    empty: Running, network: Sandbox, browse: Callable[..., Awaitable[BrowserContext]]
) -> None:
    network.brand("newborn", "Newborn")
    page = await (await browse(empty.console)).new_page()
    await page.goto("/")
    await page.wait_for_url("**/setup")
    await page.get_by_label("Your name").fill("Mona Berg")
    await page.get_by_label("E-mail address").fill("mona@newborn.example")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_label("Name of the brand").fill("Newborn")
    await page.get_by_role("button", name="Begin").click()

    await page.wait_for_url("**/accounts*")
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_be_visible()  # the next thing to do is asked for at once
    await dialog.get_by_label("Network", exact=True).select_option("mastodon")
    await dialog.get_by_label("Server").fill(network.base_url)
    await dialog.get_by_role("button", name="Go to the network").click()
    await page.wait_for_url(f"{network.base_url}/oauth/authorize*")
    await page.locator(".choice", has_text="@newborn").click()
    await page.locator("button[value=allow]").click()
    await page.wait_for_url(f"{empty.console}/accounts*")
    await expect(page.get_by_text("@newborn").first).to_be_visible()
    await expect(page.get_by_text("is connected", exact=False)).to_be_visible()

    await page.goto("/inbox/all_open")
    network.person("first", "Frida First")
    network.post_as("first", "@newborn hello, are you there?")
    await expect(row(page, "Frida First")).to_be_visible()

    await page.goto("/setup")
    await expect(page.get_by_label("Name of the brand")).to_have_count(0)
