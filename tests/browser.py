"""A real Chromium for the end-to-end tests, wherever it comes from."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, async_playwright

from tools import chromium

FLAGS = (
    "--no-sandbox",  # root, as in CI, has none; the pages are our own
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


async def executable() -> Path:
    """Where Chromium is; the first call of all may unpack one."""
    return await asyncio.to_thread(chromium.find)


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """A headless browser; make one context of it for each person that looks at a page."""
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=await executable(), args=list(FLAGS))
        yield launched
        await launched.close()
