"""Every page is looked at by axe, by day, by night and on a phone; nothing serious may be found."""

from collections.abc import AsyncIterator
from functools import cache
from typing import Any

import pytest
from playwright.async_api import Page

from tests.e2e.conftest import Open
from tests.e2e.desk import Desk
from tests.e2e.tour import around_the_desk, around_the_door, around_the_house
from tests.running import ROOT

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS: dict[str, dict[str, Any]] = {"desk": {}, "phone": {"viewport": {"width": 390, "height": 844}}}
# Initials are a picture of a name; axe reads them as words that a button's name would have to begin with.
_RUN = """async rules => {
  for (const one of document.getAnimations()) try { one.finish() } catch { one.cancel() }
  const found = await axe.run(document, {runOnly: rules, resultTypes: ['violations']})
  const drawn = (rule, target) => rule === 'label-content-name-mismatch'
    && document.querySelector(`:is(${target}) .avatar.letters`) !== null
  return found.violations
    .filter(one => ['serious', 'critical'].includes(one.impact))
    .flatMap(one => one.nodes
      .filter(node => !drawn(one.id, node.target.join(' ')))
      .map(node => `${one.id}: ${node.target.join(' ')} (${node.failureSummary})`))
}"""

_GROUND = "getComputedStyle(document.body).backgroundColor"


@cache
def axe() -> str:
    """The checker itself, from the console's packages."""
    return (ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js").read_text()


async def findings(page: Page, place: str, rules: dict[str, Any]) -> list[str]:
    """What axe finds serious here by these rules."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(axe())  # through the debugger, past the page's policy
    return [f"{place}: {words}" for words in await page.evaluate(_RUN, rules)]


async def looked_at(page: Page, tour: AsyncIterator[str], width: str) -> list[str]:
    """What axe finds on a whole tour; on the desk's screen the lights go out at each stop, which changes colours alone."""
    found = []
    async for place in tour:
        found += await findings(page, f"{place}, {width}", {"type": "tag", "values": LEVELS})
        if width == "desk":
            day = await page.evaluate(_GROUND)
            await page.emulate_media(color_scheme="dark")
            found += await findings(page, f"{place}, night", {"type": "rule", "values": ["color-contrast"]})
            assert await page.evaluate(_GROUND) != day, f"{place}: there is no night"
            await page.emulate_media(color_scheme="light")
    return found


@pytest.mark.parametrize("width", WIDTHS)
async def test_the_door(desk: Desk, console: Open, width: str) -> None:
    page = await console(None, "/sign-in", **WIDTHS[width])
    found = await looked_at(page, around_the_door(page), width)
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("width", WIDTHS)
async def test_the_desk(desk: Desk, console: Open, width: str) -> None:
    handle, name = desk.customer("Ada")
    first = desk.sandbox.post_as(handle, "@acme #help it is https://acme.example that is down", spoiler_text="Rant")
    desk.sandbox.post_as(handle, "@acme psst", visibility="direct", in_reply_to_id=first["id"])
    ticket = await desk.ticket_of(name)
    page = await console("lea", **WIDTHS[width])
    found = await looked_at(page, around_the_desk(page, ticket["id"]), width)
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("width", WIDTHS)
async def test_the_house(desk: Desk, console: Open, width: str) -> None:
    page = await console("lea", **WIDTHS[width])
    found = await looked_at(page, around_the_house(page, desk), width)
    assert found == [], "\n".join(found)
