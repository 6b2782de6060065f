"""Nothing that people write becomes a script, wherever it is shown: names, posts, descriptions, files, labels, notes, brands."""

from typing import Any

import httpx2
from playwright.async_api import Page, expect

from tests.e2e.conftest import Open
from tests.e2e.desk import Desk
from tests.e2e.hands import conversation
from tests.sandbox.pictures import PNG

EVIL = '<img src=x onerror="window.hit=1"><script>window.hit=2</script><svg onload=window.hit=3>'
QUOTED = "\"><script>window.hit=4</script><a href='javascript:window.hit=5' onmouseover='window.hit=6'>"
LINKS = "javascript:window.hit=7 data:text/html,<script>window.hit=8</script> vbscript:x"
PAGES = (
    "/inbox/all_open?order=newest",
    "/accounts",
    "/people",
    "/promises",
    "/inbox/all_open?q=%3Cscript%3Ewindow.hit%3D9",
)


async def unharmed(page: Page) -> None:
    """No script ran, none is there, and no link leads to one."""
    assert await page.evaluate("window.hit === undefined")
    found = await page.evaluate(
        """[...document.querySelectorAll('*')].flatMap(one => [...one.attributes]
            .filter(a => a.name.startsWith('on') || /^\\s*(javascript|vbscript|data:text)/i.test(a.value))
            .map(a => one.tagName + ' ' + a.name + '=' + a.value))"""
    )
    assert found == []
    assert (
        await page.locator("script:not([src]), .ticket-pane svg[onload], img[src=x], iframe, object, embed").count()
        == 0
    )


def upload(desk: Desk, ticket: str) -> dict[str, Any]:
    answer = desk.http["ana"].post(
        f"/api/v1/tickets/{ticket}/pictures",
        files={"file": ('"><script>window.hit=10</script>.png', PNG, "text/html")},
        data={"alt": EVIL},
    )
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_what_people_write_is_text(desk: Desk, console: Open) -> None:
    handle, name = desk.customer("Eve")
    name = f"{EVIL[:60]} {name}"
    handle = f"{handle}script"
    desk.sandbox.person(handle, name)
    desk.sandbox.post_as(handle, f"@acme {EVIL} {QUOTED} {LINKS}", spoiler_text=EVIL)
    ticket = await desk.ticket_of(name)
    where = f"tickets/{ticket['id']}"
    key = {"Idempotency-Key": "note-with-script"}
    assert desk.http["ana"].post(f"/api/v1/{where}/notes", json={"text": EVIL + LINKS}, headers=key).is_success
    desk.ask("ana", "POST", f"{where}/labels", add=["<script>window.hit=11</script>"])
    shown = upload(desk, ticket["id"])
    draft = {
        "text": EVIL,
        "lane": "public",
        "key": "0123456789",
        "picture_ids": [shown["id"]],
        "content_warning": QUOTED,
    }
    desk.ask("ana", "PUT", f"{where}/draft", **draft)
    brand = desk.ask("lea", "POST", "brands", name=f"{EVIL[:38]}'\">", colour="#884400", team_ids=[])
    desk.ask("lea", "PATCH", "me", signature="<script>window.hit=12</script>")
    try:
        page = await console("ana", f"/inbox/all_open/{ticket['id']}")
        await expect(conversation(page)).to_contain_text("window.hit=2")
        await unharmed(page)
        for warning in await conversation(page).get_by_role("button").all():
            if "onerror" in (await warning.text_content() or ""):
                await warning.click()
        await unharmed(page)
        lead = await console("lea")
        for path in PAGES:
            await lead.goto(path)
            await expect(lead.locator("main, .inbox-list").first).to_be_visible()
            await unharmed(lead)
    finally:
        desk.ask("lea", "PATCH", "me", signature="")
        now = desk.ask("lea", "GET", "brands")
        mine = next(one for one in now if one["id"] == brand["id"])
        desk.ask("lea", "PATCH", f"brands/{brand['id']}", revision=mine["revision"], name="Plain")


async def test_the_answers_that_carry_it_are_no_pages(desk: Desk, console: Open) -> None:
    handle, name = desk.customer("Mallory")
    desk.sandbox.post_as(handle, f"@acme {EVIL}")
    ticket = await desk.ticket_of(name)
    page = await console("ana")
    made = upload(desk, ticket["id"])
    assert made["media_type"] == "image/png"
    client: httpx2.Client = desk.http["ana"]
    asked = (
        f"tickets/{ticket['id']}",
        f"tickets?q={EVIL}",
        f"pictures/{made['id']}/file",
        f"tickets/{EVIL}",
        f"accounts/return?state={EVIL}&error={EVIL}",
        f"<script>{EVIL}",
    )
    for path in asked:
        answer = client.get(f"/api/v1/{path}")
        assert answer.status_code < 500, (path, answer.text)
        assert answer.headers.get("content-type", "").partition(";")[0] in {
            "application/json",
            "application/problem+json",
            "image/png",
            "",
        }
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "<script" not in answer.headers.get("location", "")
    await page.goto(f"/api/v1/tickets/{ticket['id']}")
    assert await page.evaluate("window.hit === undefined")
    await page.goto(f"/accounts?problem={EVIL}")
    await unharmed(page)
    for kind, data in (
        ("svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='window.hit=1'/>"),
        ("html", b"<html>"),
    ):
        refused = client.post(
            f"/api/v1/tickets/{ticket['id']}/pictures", files={"file": (f"x.{kind}", data, "image/png")}
        )
        assert refused.status_code == 422
