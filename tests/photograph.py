"""Photographs every page of the console, at two widths, by day and night, in two languages, into screenshots/."""

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product as every
from pathlib import Path
from typing import Literal

from playwright.async_api import Browser, BrowserContext, Page

from tests.browser import browser
from tests.running import PASSWORD, PEOPLE, ROOT, Running, demo, running

TARGET = ROOT / "screenshots"
WIDTHS = {"desktop": (1440, 900), "phone": (390, 844)}
PAGES = {
    "inbox": "/inbox/all_open",
    "promises": "/promises",
    "accounts": "/accounts",
    "people": "/people",
    "webhooks": "/webhooks",
    "transfer": "/transfer",
}
_CALM_MS = 300  # until what was loaded is drawn
_TICKETS = 3


@dataclass(frozen=True, slots=True)
class Look:
    """One way to look at a page."""

    width: str
    theme: Literal["light", "dark"]
    language: str

    def path(self, page: str) -> Path:
        """Where the picture of a page goes."""
        return TARGET / f"{page}-{self.width}-{self.theme}-{self.language}.png"


def looks() -> Iterator[Look]:
    """Every way to look."""
    for width, theme, language in every(WIDTHS, ("light", "dark"), ("en", "fr")):
        yield Look(width, "dark" if theme == "dark" else "light", language)


async def open_context(opened: Browser, look: Look, address: str) -> BrowserContext:
    """A person's browser with this look."""
    width, height = WIDTHS[look.width]
    return await opened.new_context(
        base_url=address,
        viewport={"width": width, "height": height},
        color_scheme=look.theme,
        locale={"en": "en-GB", "fr": "fr-FR"}[look.language],
        reduced_motion="reduce",
        device_scale_factor=1,
    )


async def take(page: Page, look: Look, name: str, path: str) -> None:
    """Go there, wait until it is calm, take the picture."""
    await page.goto(path, wait_until="networkidle")
    await page.wait_for_timeout(_CALM_MS)
    await page.screenshot(path=look.path(name))
    sys.stdout.write(f"{look.path(name).relative_to(ROOT)}\n")


async def tickets(context: BrowserContext, address: str) -> list[str]:
    """The ids of the first tickets in the inbox, as soon as there are some."""
    for _ in range(100):
        listed = (await (await context.request.get("/api/v1/tickets?view=all_open")).json())["items"]
        if len(listed) >= _TICKETS:
            return [str(card["id"]) for card in listed]
        await asyncio.sleep(0.2)
    raise RuntimeError(f"No tickets arrived at {address}.")


async def sign_in(context: BrowserContext, address: str) -> None:
    """Sign the lead in."""
    reply = await context.request.post(
        "/api/v1/session", data={"email": PEOPLE["lead"], "password": PASSWORD}, headers={"Origin": address}
    )
    if not reply.ok:
        raise RuntimeError(await reply.text())


async def photograph(opened: Browser, desk: Running, empty: Running) -> None:
    """Take every page in every look."""
    for look in looks():
        context = await open_context(opened, look, empty.console)
        await take(await context.new_page(), look, "setup", "/setup")
        await context.close()
        context = await open_context(opened, look, desk.console)
        page = await context.new_page()
        await take(page, look, "sign-in", "/sign-in")
        await sign_in(context, desk.console)
        first = (await tickets(context, desk.console))[0]
        for name, path in {**PAGES, "ticket": f"/inbox/all_open/{first}"}.items():
            await take(page, look, name, path)
        await context.close()
        context = await open_context(opened, look, desk.network)
        await take(await context.new_page(), look, "sandbox", "/")
        await context.close()


async def main() -> None:
    """Start two desks, one in use and one empty, and photograph both."""
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        with demo(data / "desk") as desk, running(data / "empty", "serve", "--port", "0", wait_for="Ready: ") as empty:
            async with browser() as opened:
                await photograph(opened, desk, empty)


if __name__ == "__main__":
    asyncio.run(main())
