"""A walk to every place of the console, without a word of any language, for tests that look at all of them."""

import re
from collections.abc import AsyncIterator

from playwright.async_api import Page, expect

from tests.e2e.desk import Desk, until

LANES = ("private", "note", "public")
MENUS = {"a": "assign", "s": "snooze", "l": "label", "p": "priority", "d": "dismiss"}


async def around_the_door(page: Page) -> AsyncIterator[str]:
    """The pages of somebody who is not signed in."""
    await page.goto("/sign-in")
    await expect(page.locator("input[type=password]")).to_be_visible()
    yield "sign-in"
    await page.locator("input[type=email]").fill("nobody@acme.example")
    await page.locator("input[type=password]").fill("not the password")
    await page.keyboard.press("Enter")
    await expect(page.locator("[aria-invalid=true], .field-error, .notice").first).to_be_visible()
    yield "sign-in, refused"


async def around_the_desk(page: Page, ticket_id: str) -> AsyncIterator[str]:
    """The inbox, a ticket with its lanes and menus, and what lies over them."""
    await page.goto("/inbox/all_open")
    await expect(page.locator("[data-ticket]").first).to_be_visible()
    yield "inbox"
    await page.goto("/inbox/late?q=nothing+like+this")
    await expect(page.locator(".inbox-list .empty")).to_be_visible()
    yield "an empty view"
    await page.goto(f"/inbox/all_open/{ticket_id}")
    await expect(page.locator(".composer-text")).to_be_visible()
    yield "ticket"
    for lane in LANES:
        await page.locator(f".composer [data-tab={lane}]").click()
        await expect(page.locator(f".composer.{lane}")).to_be_visible()
        yield f"composer, {lane}"
    await page.locator(".composer-text").blur()
    for key, name in MENUS.items():
        await page.keyboard.press(key)
        await expect(page.locator(".menu-popover")).to_be_visible()
        yield f"menu, {name}"
        await page.keyboard.press("Escape")
        await expect(page.locator(".menu-popover")).to_have_count(0)
        await page.locator(".thread-scroll").focus()
    async for stop in _over(page):
        yield stop


async def _over(page: Page) -> AsyncIterator[str]:
    for key, name in {"?": "keys", "Control+k": "palette"}.items():
        await page.keyboard.press(key)
        await expect(page.get_by_role("dialog")).to_be_visible()
        yield f"dialog, {name}"
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.locator(".rail-me").click()
    await expect(page.locator(".menu-popover")).to_be_visible()
    yield "my menu"


async def around_the_house(page: Page, desk: Desk) -> AsyncIterator[str]:
    """The pages of settings, as a lead sees them."""
    policy, calendar = (desk.ask("lea", "GET", what) for what in ("policies", "calendars"))
    brand = desk.ask("lea", "GET", "brands")[0]["id"]
    places = {
        "promises": "/promises",
        "policy": f"/promises?policy={policy[0]['id'] if policy else 'new'}",
        "calendars": "/promises?tab=calendars",
        "calendar": f"/promises?tab=calendars&calendar={calendar[0]['id'] if calendar else 'new'}",
        "accounts": "/accounts",
        "dialog, connect": f"/accounts?connect={brand}",
        "agents": "/people?tab=agents",
        "webhooks": "/webhooks",
        "transfer": "/transfer",
        "teams": "/people?tab=teams",
        "keys": "/people?tab=keys",
        "my profile": "/people?tab=me",
        "my sign-ins": "/people?tab=signIns",
        "nothing there": "/nowhere/at/all",
    }
    for name, path in places.items():
        await page.goto(path)
        await expect(page.locator("h1, .empty, [role=dialog]").first).to_be_visible()
        await expect(page.locator(".pending")).to_have_count(0)
        if name.startswith("dialog"):
            await expect(page.get_by_role("dialog")).to_be_visible()
        yield name
    await _import_badly(desk)
    await page.goto("/transfer")
    await page.locator(".cell-deeds button").first.click()
    await expect(page.get_by_role("dialog").locator("tbody tr").first).to_be_visible()
    yield "dialog, refused lines"
    await page.goto("/webhooks")
    await page.locator(".page-head .button.primary, .empty .button.primary").first.click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    yield "dialog, make a webhook"
    account = desk.ask("lea", "GET", "accounts")[0]
    await page.route(
        "**/api/v1/accounts/*/costs*", lambda route: route.fulfill(json=_costs(account))
    )  # the sandbox is free
    await page.goto(f"/accounts/{account['id']}/costs")
    await expect(page.locator(".costs-bar")).to_be_visible()
    yield "costs"
    await page.goto("/people?tab=agents")
    await page.locator("#content .button.primary").first.click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    yield "dialog, invite"
    await page.goto("/people?tab=keys")
    await page.get_by_role("button", name=re.compile("Make a key|Créer une clé")).click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    yield "dialog, make a key"


async def _import_badly(desk: Desk) -> None:
    """An import that refuses lines for one reason that has words and for one that has only its own."""
    brand = desk.ask("lea", "GET", "brands")[0]["id"]
    job = desk.ask("lea", "POST", "jobs/imports", name="old desk.jsonl", brand_id=brand)["id"]
    lines = b'not json\n{"kind": "customer", "reference": "", "name": "Nina"}\n'
    sent = desk.http["lea"].put(f"/api/v1/jobs/{job}/pieces/0", content=lines)
    assert sent.is_success, sent.text
    desk.ask("lea", "POST", f"jobs/{job}/start")
    await until(lambda: desk.ask("lea", "GET", f"jobs/{job}")["state"] == "done", "the import is not done")


def _costs(account: dict[str, str]) -> dict[str, object]:
    price = {
        "name": "post.create",
        "kind": "write",
        "label": "cost.nowhere",
        "declared_micros": 15_000,
        "micros": 15_000,
        "revision": 7,
    }
    used = {"day": "2026-03-04", "name": "post.create", "kind": "write", "label": "cost.nowhere", "uses": 3}
    budget = {"limit_micros": 50_000, "warn_percent": 80, "used_micros": 45_000, "level": "warned", "revision": 7}
    return {
        "account_id": account["id"],
        "month": "2026-03-01",
        "spending": [{**used, "micros": 45_000}],
        "budget": {"account_id": account["id"], "brand_id": account["brand_id"], **budget},
        "prices": [price],
    }
