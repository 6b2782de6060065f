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
LOOKS: dict[str, dict[str, Any]] = {
    "day": {},
    "night": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}},
}
# Initials are a picture of a name; axe reads them as words that a button's name would have to begin with.
_RUN = """async rules => {
  for (const one of document.getAnimations()) try { one.finish() } catch { one.cancel() }
  const found = await axe.run(document, {runOnly: rules, resultTypes: ['violations']})
  const drawn = (rule, target) => rule === 'label-content-name-mismatch'
    && document.querySelector(`:is(${target}) .avatar-letters`) !== null
  return found.violations
    .filter(one => ['serious', 'critical'].includes(one.impact))
    .flatMap(one => one.nodes
      .filter(node => !drawn(one.id, node.target.join(' ')))
      .map(node => `${one.id}: ${node.target.join(' ')} (${node.failureSummary})`))
}"""


@cache
def axe() -> str:
    """The checker itself, from the console's packages."""
    return (ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js").read_text()


async def findings(page: Page, place: str, look: str) -> list[str]:
    """What axe finds serious here; by night only colours differ from the day."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(axe())  # through the debugger, past the page's policy
    rules = {"type": "rule", "values": ["color-contrast"]} if look == "night" else {"type": "tag", "values": LEVELS}
    return [f"{place}, {look}: {words}" for words in await page.evaluate(_RUN, rules)]


async def looked_at(page: Page, tour: AsyncIterator[str], look: str) -> list[str]:
    """What axe finds on a whole tour."""
    return [words async for place in tour for words in await findings(page, place, look)]


@pytest.mark.parametrize("look", LOOKS)
async def test_the_door(desk: Desk, console: Open, look: str) -> None:
    page = await console(None, "/sign-in", **LOOKS[look])
    found = await looked_at(page, around_the_door(page), look)
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("look", LOOKS)
async def test_the_desk(desk: Desk, console: Open, look: str) -> None:
    handle, name = desk.customer("Ada")
    first = desk.sandbox.post_as(handle, "@acme #help it is https://acme.example that is down", spoiler_text="Rant")
    desk.sandbox.post_as(handle, "@acme psst", visibility="direct", in_reply_to_id=first["id"])
    ticket = await desk.ticket_of(name)
    page = await console("lea", **LOOKS[look])
    found = await looked_at(page, around_the_desk(page, ticket["id"]), look)
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("look", LOOKS)
async def test_the_house(desk: Desk, console: Open, look: str) -> None:
    page = await console("lea", **LOOKS[look])
    found = await looked_at(page, around_the_house(page, desk), look)
    assert found == [], "\n".join(found)
