"""The console's words as its catalogues and the networks have them, to find those that are in the wrong language."""

import json
import re
from functools import cache

from playwright.async_api import Page

from tests.running import ROOT

_LITERAL = re.compile(r"'((?:[^'\\\n]|\\.)*)'")
_PLACE = re.compile(r"\{\w+\}")
_ON_SCREEN = """() => {
  const found = new Set()
  const say = words => { const one = (words ?? '').replace(/\\s+/g, ' ').trim(); if (one) found.add(one) }
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walk.nextNode()) say(walk.currentNode.textContent)
  for (const one of document.querySelectorAll('*'))
    for (const name of ['aria-label', 'placeholder', 'title', 'alt', 'data-tip', 'aria-valuetext']) say(one.getAttribute(name))
  say(document.title)
  return [...found]
}"""


@cache
def only_in(language: str, other: str) -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """What is said in one language and not in the other: whole sentences, and patterns for those with names in them."""
    said = _literals(language) - _literals(other)
    plain = frozenset(words for words in said if "{" not in words and "<" not in words)
    templates = (words for words in said if _PLACE.search(words) and "{" not in _PLACE.sub("", words))
    patterns = (".+".join(re.escape(part) for part in _PLACE.split(words)) for words in templates if "<" not in words)
    return plain, tuple(re.compile(pattern) for pattern in patterns if len(re.sub(r"\W|\.\+", "", pattern)) > 3)


def _literals(language: str) -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "frontend" / "src" / "shared" / "i18n" / language).glob("*.ts"):
        found.update(words.replace("\\'", "'") for words in _LITERAL.findall(path.read_text()))
    for path in (ROOT / "app" / "networks" / "adapters").glob(f"*/words.{language}.json"):
        label, *parts = json.loads(path.read_text()).values()
        found.update((label, *(words for part in parts for words in part.values())))
    return {words for words in found if re.search(r"[^\W\d_]{3}", words) and not words.startswith("./")}


async def foreign_words(page: Page, language: str, other: str) -> list[str]:
    """What a page in `other` says in `language`, seen or only heard."""
    plain, patterns = only_in(language, other)
    shown = await page.evaluate(_ON_SCREEN)
    return sorted(one for one in shown if one in plain or any(pattern.fullmatch(one) for pattern in patterns))
