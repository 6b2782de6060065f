"""How the console feels in a real browser: what it loads, how soon it stands, 10,000 rows scrolled, and typing in a storm of events."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, Page, async_playwright

from bench.console_stage import EMAIL, PASSWORD, Stage, happen, stage
from bench.figures import Figure, at_most, percentile
from tools import chromium
from tools.setup import FRONTEND, build_console, console_is_stale, ensure_node_packages, only_one
from tools.steps import Steps

TICKETS: Final = 10_000
_EVENTS_PER_SECOND: Final = 50
_TYPING_SECONDS: Final = 8.0
_WHEEL: Final = 800
"""Pixels a step: ten rows, which is faster than anybody reads and about what a thrown wheel does."""
_WATCH: Final = Path(__file__).with_name("console_watch.js").read_text()
_ROWS: Final = (
    "document.body.innerHTML = '<div id=box style=\"height:900px;overflow:auto;position:relative\"></div>';"
    "for (let i = 0; i < %d; i++) { const row = document.createElement('div');"
    "row.textContent = `Customer ${i} @customer${i} the parcel was promised for Monday`;"
    "row.style.cssText = `position:absolute;top:${i * 76}px;height:76px`; box.append(row) }"
)


@dataclass(frozen=True, slots=True)
class Watched:
    """Milliseconds between frames, of keys until they were painted (those above 16 ms), and of the page's own longest task.

    The task's is time of the processor: what the page needs for itself, however busy the machine is with others.
    """

    frames: list[float]
    keys: list[float]
    task: float

    @property
    def longest(self) -> float:
        """The longest time without a frame."""
        return max(self.frames)


async def measure() -> list[Figure]:
    """Kilobytes, first paint, frames while scrolling, and how long a key waits."""
    with only_one():
        if console_is_stale():
            ensure_node_packages(None, FRONTEND)
            build_console(Steps(1))
    async with stage(TICKETS) as desk, _browser() as browser:
        bare = await _bare(browser)
        figures, page = await _open(browser, desk)
        figures += await _scroll(page, bare)
        return figures + await _type(page, desk, bare)


async def _open(browser: Browser, desk: Stage) -> tuple[list[Figure], Page]:
    """Open the inbox as a browser that was never here, signed in."""
    context = await browser.new_context(base_url=desk.address, viewport={"width": 1440, "height": 900}, locale="en-GB")
    signed = await context.request.post(
        "/api/v1/session", data={"email": EMAIL, "password": PASSWORD}, headers={"Origin": desk.address}
    )
    if not signed.ok:
        raise RuntimeError(await signed.text())
    await context.add_init_script(_WATCH)
    page = await context.new_page()
    began = time.perf_counter()
    await page.goto("/inbox/all_open")
    await page.wait_for_selector(".inbox-row")
    await page.keyboard.press("j")
    await page.wait_for_selector(".inbox-row:focus")
    usable = (time.perf_counter() - began) * 1000
    await page.wait_for_selector(".live-dot.live", state="attached")
    seen: dict[str, Any] = await page.evaluate(
        """() => new Promise(done => new PerformanceObserver(list => {
             const own = performance.getEntriesByType('resource').filter(one => /\\.(js|css)$/.test(one.name))
             done({
               bytes: own.reduce((sum, one) => sum + one.encodedBodySize, 0)
                 + performance.getEntriesByType('navigation')[0].encodedBodySize,
               first: performance.getEntriesByName('first-contentful-paint')[0].startTime,
               largest: list.getEntries().at(-1).startTime,
             })
           }).observe({ type: 'largest-contentful-paint', buffered: true }))"""
    )
    return [
        at_most("pages, scripts and styles loaded first", seen["bytes"] / 1000, "kB", 200),
        Figure("first contentful paint", seen["first"], "ms"),
        Figure("largest contentful paint", seen["largest"], "ms"),
        Figure("a key answered after the address was entered", usable, "ms"),
    ], page


async def _scroll(page: Page, bare: dict[str, Watched]) -> list[Figure]:
    """Down through all rows as they are loaded, up again, and a walk by keys."""
    await page.mouse.move(200, 500)
    lines = page.locator(".virtual-list")
    began = time.perf_counter()

    async def down() -> None:
        shown = 0
        while shown < TICKETS - 1:
            await page.mouse.wheel(0, _WHEEL)
            shown = int(await lines.locator("li").last.get_attribute("aria-posinset") or 0)

    async def up() -> None:
        for _ in range(200):
            await page.mouse.wheel(0, -_WHEEL)

    async def walk() -> None:
        for key in "j" * 150 + "k" * 50:
            await page.keyboard.press(key)

    loading = await _watch(page, down)
    seconds = time.perf_counter() - began
    back = await _watch(page, up)
    await page.locator(".inbox-row").nth(3).focus()
    walked = await _watch(page, walk)
    return [
        *_frames("wheel, 10,000 rows loading", loading, bare["scroll"]),
        *_frames("wheel, 10,000 rows loaded", back, bare["scroll"]),
        *_frames("j and k in 10,000 rows", walked, bare["scroll"]),
        Figure("10,000 rows loaded and passed", seconds, "s"),
    ]


def _frames(name: str, seen: Watched, bare: Watched) -> list[Figure]:
    return [
        at_most(f"longest frame, {name}", seen.longest, "ms", 50, bare.longest),
        at_most(f"longest task, {name}", seen.task, "ms of cpu", 50, bare.task),
        Figure(f"frame p99, {name}", percentile(seen.frames, 99), "ms", percentile(bare.frames, 99)),
    ]


async def _type(page: Page, desk: Stage, bare: dict[str, Watched]) -> list[Figure]:
    """An answer written while all the desk's tickets keep changing, with 10,000 rows in the list beside it."""
    await page.keyboard.press("Enter")
    await page.wait_for_selector(".composer")
    await page.keyboard.press("r")
    await page.wait_for_selector(".composer-text:focus")
    typed, happened = await _with_events(page, desk)
    keys, bare_keys = [*typed.keys, 16.0, 16.0], [*bare["type"].keys, 16.0, 16.0]
    return [
        at_most("a key until it was painted, longest", max(keys), "ms", 50, max(bare_keys)),
        *_frames("typing", typed, bare["type"]),
        Figure("events while typing", happened / _TYPING_SECONDS, "1/s"),
    ]


async def _with_events(page: Page, desk: Stage) -> tuple[Watched, int]:
    happening = asyncio.create_task(happen(desk, _EVENTS_PER_SECOND, _TYPING_SECONDS))
    typed = await _watch(page, lambda: _write(page, _TYPING_SECONDS))
    return typed, await happening


async def _write(page: Page, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        await page.keyboard.type("We are sorry, and we look into it. ", delay=60)


async def _bare(browser: Browser) -> dict[str, Watched]:
    """The same deeds on pages that do nothing."""
    page = await browser.new_page(viewport={"width": 1440, "height": 900})
    await page.goto("about:blank")
    await page.evaluate(_WATCH)
    await page.evaluate(_ROWS % TICKETS)
    await page.mouse.move(200, 500)

    async def wheel() -> None:
        for _ in range(200):
            await page.mouse.wheel(0, _WHEEL)

    scrolled = await _watch(page, wheel)
    await page.evaluate("document.body.innerHTML = '<textarea rows=3></textarea>'")
    await page.locator("textarea").focus()
    written = await _watch(page, lambda: _write(page, 3))
    await page.close()
    return {"scroll": scrolled, "type": written}


async def _watch(page: Page, deed: Callable[[], Awaitable[None]]) -> Watched:
    browser = page.context.browser
    if browser is None:
        raise RuntimeError("The page has no browser.")
    await browser.start_tracing(page=page, categories=["toplevel"])
    await page.evaluate("__watch.begin()")
    await deed()
    seen = await page.evaluate("__watch.end()")
    trace = json.loads(await browser.stop_tracing())["traceEvents"]
    return Watched(frames=seen["frames"], keys=seen["keys"], task=_longest_task(trace))


def _longest_task(trace: list[dict[str, Any]]) -> float:
    """Milliseconds that the processor worked for the longest task of a page's main thread."""
    pages = {
        (one["pid"], one["tid"])
        for one in trace
        if one["name"] == "thread_name" and one["args"]["name"] == "CrRendererMain"
    }
    tasks = [one.get("tdur", 0) for one in trace if (one["pid"], one["tid"]) in pages and "RunTask" in one["name"]]
    return max(tasks, default=0) / 1000


@contextlib.asynccontextmanager
async def _browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        path = await asyncio.to_thread(chromium.find)
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        await browser.close()
