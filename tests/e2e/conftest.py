"""One product and one browser for all tests of this folder, and consoles that watch themselves for broken promises."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, expect

from app.core.site import CONSOLE
from tests.browser import browser as a_browser
from tests.e2e.desk import Desk, desk_on, product
from tests.e2e.watch import Watch
from tests.running import Running
from tests.sandbox.live import Sandbox, start_sandbox
from tools.setup import FRONTEND, build_console, ensure_node_packages, only_one
from tools.steps import Steps

HERE = Path(__file__).parent
Open = Callable[..., Awaitable[Page]]

expect.set_options(timeout=60_000)  # a shared machine has slow moments


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests here are end-to-end tests and share one loop, because the browser lives in it."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            if iscoroutinefunction(getattr(item, "function", None)):
                item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(scope="session")
def built() -> None:
    """The console's files; `make` builds them when they are out of date, a bare pytest only when there are none."""
    with only_one():
        if not (CONSOLE / "index.html").exists():
            ensure_node_packages(None, FRONTEND)
            build_console(Steps(1))


@pytest.fixture(scope="session")
def ground() -> Iterator[Path]:
    """A folder for the data of products."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def network() -> Iterator[Sandbox]:
    """The network on which the brands are."""
    with start_sandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def _desk(built: None, ground: Path, template: str, network: Sandbox) -> Iterator[Desk]:
    with product(ground / "desk", template, "e2e") as started, desk_on(started, network) as desk:
        yield desk


@pytest.fixture
def desk(_desk: Desk) -> Iterator[Desk]:
    """The desk in use; a test brings its own customers, and takes its faults with it."""
    yield _desk
    _desk.sandbox.clear_faults()


@pytest.fixture
def empty(built: None, ground: Path, template: str) -> Iterator[Running]:
    """A product that nobody has set up."""
    with tempfile.TemporaryDirectory(dir=ground) as folder, product(Path(folder), template, "empty") as started:
        yield started


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The browser."""
    async with a_browser() as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def browse(chromium: Browser) -> AsyncIterator[Callable[..., Awaitable[BrowserContext]]]:
    """A person's own browser, by address; when the test ends, nothing it did may have broken a promise."""
    opened: list[tuple[BrowserContext, Watch]] = []

    async def open_one(address: str, **look: Any) -> BrowserContext:
        context = await chromium.new_context(
            base_url=address,
            **{"locale": "en-GB", "viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"} | look,
        )
        context.set_default_timeout(60_000)
        opened.append((context, Watch(context, address)))
        return context

    yield open_one
    await asyncio.gather(*(context.close() for context, _ in opened))
    assert [words for _, watch in opened for words in watch.broken] == []


@pytest.fixture
def console(desk: Desk, browse: Callable[..., Awaitable[BrowserContext]]) -> Open:
    """Open the console as somebody who is signed in: `await console("ana", "/inbox/mine")`."""

    async def open_as(who: str | None, path: str = "/inbox/all_open?order=newest", **look: Any) -> Page:
        context = await browse(desk.address, **look)
        if who is not None:
            await context.add_cookies([desk.cookie(who)])
        page = await context.new_page()
        await page.goto(path)
        if who is not None:
            await live(page)
        return page

    return open_as


async def live(page: Page) -> None:
    """Wait until the console hears what happens."""
    await expect(page.locator(".live-dot.live")).to_be_attached()
