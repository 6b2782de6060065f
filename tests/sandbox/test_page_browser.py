"""The page in a real browser: a newcomer writes as a customer and watches the brand's answer arrive."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, expect

from tests.browser import browser
from tests.sandbox.live import LiveBrand, Sandbox

pytestmark = pytest.mark.e2e


@asynccontextmanager
async def page_of(sandbox: Sandbox, **more) -> AsyncIterator[Page]:
    async with browser() as chromium:
        context = await chromium.new_context(**more)
        page = await context.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        page.on("request", lambda asked: problems.append(asked.url) if sandbox.base_url not in asked.url else None)
        await page.goto(sandbox.base_url)
        yield page
        await context.close()
        assert problems == []


async def test_a_newcomer_talks_with_the_brand(sandbox: Sandbox, brand: LiveBrand) -> None:
    async with page_of(sandbox) as page:
        await page.get_by_placeholder("A new name").fill("Nora Lind")
        await page.get_by_role("button", name="Add").click()
        await page.get_by_label("Write to @acme").fill("My tent came without poles :blobcat:")
        await page.get_by_role("button", name="Post", exact=True).click()
        await expect(page.get_by_text("My tent came without poles")).to_be_visible()
        root = sandbox.posts(author="nora_lind")[0]
        assert (root["text"], root["visibility"]) == ("@acme My tent came without poles :blobcat:", "public")

        await page.get_by_role("button", name="Reply").click()
        await page.locator(".post textarea").fill("half a sentence")
        sandbox.post_as("acme", "@nora_lind We send poles today.", in_reply_to_id=root["id"])
        await expect(page.get_by_text("We send poles today.")).to_be_visible()  # by itself
        await expect(page.locator(".post textarea")).to_have_value("half a sentence")
        await expect(page.locator(".post textarea")).to_be_focused()
        await page.locator(".post .send").click()
        await expect(page.locator(".post .send")).to_have_count(0)
        assert sandbox.posts(text="half a sentence")[0]["in_reply_to_id"] == root["id"]


async def test_private_with_a_warning_then_edited_and_deleted(sandbox: Sandbox, brand: LiveBrand) -> None:
    sandbox.person("nora", "Nora Lind")
    async with page_of(sandbox) as page:
        await page.get_by_role("button", name="Nora Lind").click()
        await page.get_by_text("Private", exact=True).click()
        await page.get_by_label("Write to @acme").fill("my address is 1 Test St")
        await page.get_by_role("button", name="Content warning").click()
        await page.get_by_label("Content warning").fill("an address")
        await page.get_by_role("button", name="Post", exact=True).click()
        await expect(page.get_by_text("1 Test St")).to_be_hidden()
        await page.get_by_text("an address").click()
        await expect(page.get_by_text("1 Test St")).to_be_visible()
        made = sandbox.posts(author="nora")[0]
        assert (made["visibility"], made["spoiler_text"]) == ("direct", "an address")

        await page.get_by_role("button", name="Edit").click()
        await page.locator("form.edit textarea").fill("@acme my address is 2 Test St")
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_text("edited")).to_be_visible()
        await expect(page.get_by_text("2 Test St")).to_be_visible()
        await page.get_by_role("button", name="Delete").click()
        await page.get_by_role("button", name="Really delete?").click()
        await expect(page.locator(".post")).to_have_count(0)
        assert sandbox.posts() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_phone_in_french(sandbox: Sandbox, brand: LiveBrand, scheme: str) -> None:
    for n in range(8):
        sandbox.post_as(f"customer{n}", f"@acme {'sehr' * 40} https://example.com/{'x' * 200}")
    size = {"width": 390, "height": 844}
    async with page_of(sandbox, viewport=size, locale="fr-FR", color_scheme=scheme) as page:
        await page.get_by_role("button", name="customer3").click()
        await expect(page.get_by_role("heading", name="Écrire à @acme")).to_be_visible()
        await page.get_by_role("button", name="Répondre").click()
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390
        assert await page.evaluate("document.documentElement.lang") == "fr"


async def test_the_way_to_the_original(sandbox: Sandbox, brand: LiveBrand) -> None:
    root = sandbox.post_as("nora", "@acme hello")
    sandbox.post_as("acme", "@nora hi", in_reply_to_id=root["id"])
    async with page_of(sandbox) as page:
        await page.goto(root["url"])
        await expect(page.locator(".post")).to_have_count(2)
        await expect(page.get_by_role("button", name="Reply")).to_have_count(0)
