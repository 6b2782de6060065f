"""The one page: everything it needs comes from here, its words exist in both languages, its addresses open."""

import re
from pathlib import Path

import httpx2
import pytest

from app.sandbox import page
from app.sandbox.api.authorize import WORDS
from tests.sandbox.live import Sandbox

STATIC = Path(page.__file__).parent / "static"


def test_every_file_of_the_page_is_served(sandbox: Sandbox, acme: httpx2.Client) -> None:
    front = acme.get("/")
    assert front.headers["content-type"].startswith("text/html")
    wanted = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', front.text))
    for script in STATIC.glob("*.js"):
        wanted |= {f"/static/{name}" for name in re.findall(r'from "\./([^"]+)"', script.read_text())}
    assert len(wanted) >= 6
    assert {acme.get(one).status_code for one in wanted} == {200}
    assert acme.get("/static/page.html").status_code == 404
    assert acme.get("/static/..%2Fserver.py").status_code == 404


def test_nothing_comes_from_elsewhere() -> None:
    for file in STATIC.iterdir():
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)[a-z]", file.read_text()), file.name


def test_the_page_may_load_from_here_only(acme: httpx2.Client, sandbox: Sandbox) -> None:
    policy = acme.get("/").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert sandbox.base_url.replace("http", "ws") in policy


def test_both_languages_say_everything() -> None:
    text = (STATIC / "words.js").read_text()
    english, french = (
        dict(re.findall(r"^  (\w+): \"(.*)\",$", block, re.MULTILINE))
        for block in re.findall(r"= \{\n(.*?)\n\};", text, re.DOTALL)
    )
    assert english.keys() == french.keys()
    assert all(re.findall(r"\{\w+\}", english[key]) == re.findall(r"\{\w+\}", french[key]) for key in english)
    used = set()
    for script in STATIC.glob("*.js"):
        used |= set(re.findall(r"word\(\"(\w+)\"", script.read_text()))
    assert used <= english.keys()
    assert WORDS["en"].keys() == WORDS["fr"].keys()


@pytest.mark.parametrize("path", ["/@nora", "/@nora/1", "/@nora/statuses/1", "/tags/help"])
def test_addresses_in_posts_open(acme: httpx2.Client, path: str) -> None:
    assert "page.js" in acme.get(path).text


def test_faces_and_emoji_are_drawings_without_scripts(sandbox: Sandbox, acme: httpx2.Client) -> None:
    person = sandbox.person("eve", "<script>alert(1)</script>")
    emoji = acme.get("/api/v1/custom_emojis").json()
    for address in (person["avatar"], person["header"], *(one["url"] for one in emoji)):
        answer = acme.get(address)
        assert answer.headers["content-type"] == "image/svg+xml"
        assert "script" not in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_the_page_sees_what_its_person_may_see(sandbox: Sandbox, acme: httpx2.Client) -> None:
    root = sandbox.post_as("nora", "@acme hello")
    sandbox.post_as("acme", "@nora psst", visibility="direct", in_reply_to_id=root["id"])
    sandbox.post_as("yusuf", "@acme other")

    def seen(person: str | None) -> list[list[str]]:
        threads = sandbox.control("GET", "threads", **({"person": person} if person else {}))
        return [[post["account"]["acct"] for post in one["posts"]] for one in threads]

    assert seen("nora") == [["nora", "acme"]]
    assert seen("yusuf") == [["yusuf"]]
    assert sorted(seen(None)) == [["nora"], ["yusuf"]]
    assert len(sandbox.control("GET", f"threads/{root['id']}")["posts"]) == 2
