"""What a person does at the console, by keyboard, and where they look."""

from playwright.async_api import Locator, Page, expect


def row(page: Page, name: str) -> Locator:
    """A customer's row in the list."""
    return page.locator("[data-ticket]").filter(has=page.locator(".row-name", has_text=name))


def conversation(page: Page) -> Locator:
    """The open conversation."""
    return page.locator(".ticket-pane")


def header(page: Page) -> Locator:
    """The head of the open ticket."""
    return page.locator(".ticket-header")


async def sign_in(page: Page, email: str, password: str) -> None:
    """Go through the door, in whatever language it is written."""
    await page.locator("input[type=email]").fill(email)
    await page.locator("input[type=password]").fill(password)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/inbox/**")


async def search(page: Page, words: str) -> None:
    """Narrow the list by keyboard, and leave the field."""
    await page.keyboard.press("/")
    await page.keyboard.type(words)
    await page.wait_for_url("**q=*")
    await page.keyboard.press("Enter")


async def open_by_keyboard(page: Page, name: str) -> None:
    """Walk down to a customer's row and open it."""
    await expect(row(page, name)).to_be_visible()
    for _ in range(30):
        await page.keyboard.press("j")
        if await page.evaluate("document.activeElement?.closest('[data-ticket]')?.textContent ?? ''") and (
            name in await page.evaluate("document.activeElement.textContent")
        ):
            break
    await page.keyboard.press("Enter")
    await expect(header(page)).to_contain_text(name)


async def write(page: Page, text: str, key: str = "r") -> None:
    """Begin a reply ("r") or a note ("n") by its key once what was said can be read, and type it.

    Whoever is quicker than the thread has not seen it, and is told so instead of answering.
    """
    await expect(conversation(page).locator(".post").first).to_be_visible()
    field = page.locator(".composer-text")
    await expect(page.locator(".composer")).to_be_attached()
    await page.keyboard.press(key)
    await expect(field).to_be_focused()
    await page.keyboard.type(text)


async def answer(page: Page, text: str) -> None:
    """Write a reply and send it."""
    await write(page, text)
    await page.keyboard.press("Control+Enter")
