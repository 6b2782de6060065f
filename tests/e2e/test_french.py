"""A colleague who speaks French works through the whole console and never meets an English word."""

import re

from playwright.async_api import Page, expect

from tests.e2e.conftest import Open, live
from tests.e2e.desk import PASSWORD, Desk
from tests.e2e.hands import answer, conversation, header, row, sign_in
from tests.e2e.tour import around_the_desk, around_the_door, around_the_house
from tests.e2e.words import foreign_words, only_in

FRENCH = {"locale": "fr-FR", "timezone_id": "Europe/Paris"}
LONG_DATE = re.compile(
    r"(lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche) \d{1,2}(er)? "
    r"(janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre) \d{4}"
)


async def _english(page: Page, place: str) -> list[str]:
    assert await page.locator("html").get_attribute("lang") == "fr", place
    return [f"{place}: {words}" for words in await foreign_words(page, "en", "fr")]


def test_the_catalogues_can_tell_the_languages_apart() -> None:
    plain, patterns = only_in("en", "fr")
    assert len(plain) > 300
    assert "Sign in" in plain
    assert any(pattern.fullmatch("Ana resolved it") for pattern in patterns)


async def test_every_place_is_french(desk: Desk, console: Open) -> None:
    handle, name = desk.customer("Lucie")
    desk.sandbox.post_as(handle, "@acme ma facture est fausse", language="fr")
    ticket = await desk.ticket_of(name)
    page = await console(None, "/sign-in", **FRENCH)
    found = [words async for place in around_the_door(page) for words in await _english(page, place)]
    await page.goto("/sign-in")
    await sign_in(page, desk.colleague("Chloe", role="lead"), PASSWORD)
    await live(page)
    found += [words async for place in around_the_desk(page, ticket["id"]) for words in await _english(page, place)]
    found += [words async for place in around_the_house(page, desk) for words in await _english(page, place)]
    assert found == []


async def test_a_mention_is_answered_in_french(desk: Desk, console: Open) -> None:
    page = await console(None, "/sign-in", **FRENCH)
    await expect(page.get_by_role("heading", name="Se connecter")).to_be_visible()
    await sign_in(page, desk.colleague("Manon"), PASSWORD)
    await live(page)
    await page.goto("/inbox/all_open?order=newest")
    handle, name = desk.customer("Paul")
    desk.sandbox.post_as(handle, "@acme toujours rien", language="fr")
    await row(page, name).click()
    await page.keyboard.press("m")
    await expect(header(page)).to_contain_text("Ouvert")
    await expect(page.locator(".composer-text")).to_be_visible()
    await answer(page, "Nous regardons")
    await expect(page.get_by_role("button", name="Annuler")).to_be_visible()
    found = await _english(page, "a reply under way")
    await desk.answers(handle)
    await expect(page.locator(".outgoing")).to_have_count(0)
    await page.keyboard.press("Escape")
    await page.keyboard.press("e")
    await expect(header(page)).to_contain_text("Résolu")
    await expect(conversation(page)).to_contain_text("Manon")
    assert LONG_DATE.match(await conversation(page).locator("time").first.get_attribute("data-tip") or "")
    assert found + await _english(page, "a resolved ticket") == []
