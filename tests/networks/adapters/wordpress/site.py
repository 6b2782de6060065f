"""A small WordPress on loopback: its REST comments, application passwords and errors as the real one answers, and breaks."""

import base64
import html
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from tests.rude import Asked, answer, rude_server
from tests.threaded import Threaded

PREFIX = "/wp-json/"


@dataclass
class Fault:
    kind: str  # "drop", "error", "html", "broken", "rate_limit"
    method: str
    after: bool = False
    times: int | None = 1
    seconds: int = 30


@dataclass
class Site(Threaded):
    """Runs in a thread of its own; `comments` by id, `people` by name to their member number (0 for guests)."""

    comments: dict[int, dict[str, Any]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    passwords: dict[str, str] = field(default_factory=dict)  # login -> password
    moderators: set[str] = field(default_factory=lambda: {"acme"})
    holds: bool = False  # new comments wait for approval
    closed: bool = False
    posts: dict[int, dict[str, Any]] = field(default_factory=dict)  # by number; others are pages
    zone: timedelta = timedelta(hours=-8)
    next_id: int = 900
    asked: list[Asked] = field(default_factory=list)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        async with rude_server(self._handle) as self.url:
            yield

    def say(self, author: str, text: str, *, parent: int = 0, post: int = 17, member: int = 0, **more: Any) -> int:
        self.next_id += 1
        at = more.pop("at", datetime.now(UTC))
        self.comments[self.next_id] = {
            "id": self.next_id,
            "post": post,
            "parent": parent,
            "author": member,
            "author_name": author,
            "author_url": "",
            "date": (at + self.zone).replace(tzinfo=None).isoformat(),
            "date_gmt": at.replace(tzinfo=None).isoformat(),
            "content": {"rendered": f"<p>{html.escape(text, quote=False)}</p>\n"},
            "link": f"{self.url}/2026/08/launch/#comment-{self.next_id}",
            "status": "approved",
            "type": "comment",
            "author_avatar_urls": {"24": f"https://secure.gravatar.com/avatar/{author}?s=24"},
            "meta": [],
        } | more
        return self.next_id

    async def _handle(self, asked: Asked) -> bytes | None:
        self.asked.append(asked)
        fault = next((one for one in self.faults if one.method == asked.method), None)
        if fault is not None and fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self.faults.remove(fault)
        if fault is not None and not fault.after:
            return self._broken(fault, asked)
        said = self._route(asked)
        return said if fault is None else self._broken(fault, asked)

    def _broken(self, fault: Fault, asked: Asked) -> bytes | None:
        if fault.kind == "drop":
            asked.writer.transport.abort()
            return None
        if fault.kind == "rate_limit":
            return answer({}, f"Retry-After: {fault.seconds}", status="429 Slow")
        if fault.kind == "html":
            return answer(b"<html>Bad gateway", "Content-Type: text/html", status="502 Bad")
        return answer(b'{"id": ', status="200 OK" if fault.kind == "broken" else "500 Oh")

    def _route(self, asked: Asked) -> bytes:
        if asked.path == "/":
            return answer(b"<html>", f'Link: <{self.url}{PREFIX}>; rel="https://api.w.org/"')
        path = asked.path.removeprefix(PREFIX)
        if path == "":
            page = {"authorization": f"{self.url}/wp-admin/authorize-application.php"}
            index = {"name": "Acme Blog", "namespaces": ["wp/v2"]}
            return answer({**index, "authentication": {"application-passwords": {"endpoints": page}}})
        login = self._login(asked)
        if login is None:
            return _error(401, "incorrect_password", "The provided password is an invalid application password.")
        if path == "wp/v2/users/me":
            rights = {"moderate_comments": login in self.moderators}
            return answer(
                {"id": 3, "slug": login, "capabilities": rights, "avatar_urls": {"24": "https://a.example/a"}}
            )
        if path == "wp/v2/comments":
            return self._write(asked, login) if asked.method == "POST" else self._list(asked, login)
        if path == "wp/v2/posts":
            wanted = asked.query["include"][0].split(",")
            return answer([{"id": n, **post} for n, post in self.posts.items() if str(n) in wanted])
        kind, _, number = path.rpartition("/")
        if kind == "wp/v2/comments" and number.isdecimal():
            return self._one(int(number), login)
        return _error(404, "rest_no_route", "No route was found matching the URL and request method.")

    def _login(self, asked: Asked) -> str | None:
        scheme, _, pair = asked.headers.get("authorization", "").partition(" ")
        if scheme != "Basic":
            return None
        user, _, password = base64.b64decode(pair).decode("utf-8", "replace").partition(":")
        return user if password and self.passwords.get(user) == password else None

    def _one(self, number: int, login: str) -> bytes:
        found = self.comments.get(number)
        if found is None:
            return _error(404, "rest_comment_invalid_id", "Invalid comment ID.")
        if found["status"] != "approved" and login not in self.moderators:
            return _error(403, "rest_cannot_read", "Sorry, you are not allowed to read this comment.")
        return answer(found)

    def _list(self, asked: Asked, login: str) -> bytes:
        query = {name: values[0] for name, values in asked.query.items()}
        if ("author" in query or query.get("status") == "all") and login not in self.moderators:
            return _error(403, "rest_forbidden_param", "Query parameter not permitted: author")
        seen = {"approved", "hold"} if query.get("status") == "all" else {"approved"}
        found = [one for one in self.comments.values() if one["status"] in seen]
        if "after" in query:
            found = [one for one in found if one["date"] > _bare(query["after"])]
        if "before" in query:
            found = [one for one in found if one["date"] < _bare(query["before"])]
        for name in ("author", "post"):
            found = [one for one in found if name not in query or str(one[name]) == query[name]]
        if "include" in query:
            found = [one for one in found if str(one["id"]) in query["include"].split(",")]
        found.sort(key=lambda one: one["id"], reverse=query.get("order") == "desc")
        size, page = int(query.get("per_page", 10)), int(query.get("page", 1))
        if page > 1 and (page - 1) * size >= len(found):
            return _error(
                400,
                "rest_post_invalid_page_number",
                "The page number requested is larger than the number of pages available.",
            )
        return answer(found[(page - 1) * size : page * size])

    def _write(self, asked: Asked, login: str) -> bytes:
        wish = json.loads(asked.body)
        if self.closed:
            return _error(403, "rest_comment_closed", "Sorry, comments are closed for this item.")
        if wish["parent"] not in self.comments:
            return _error(404, "rest_comment_invalid_parent", "Invalid parent.")
        if len(wish["content"].encode()) > 65_525:
            return _error(400, "comment_content_column_length", "Your comment is too long.")
        rendered = f"<p>{wish['content']}</p>\n".replace("'", "&#8217;").replace("...", "&#8230;")
        same = (wish["post"], wish["parent"], 3, rendered)
        if any((o["post"], o["parent"], o["author"], o["content"]["rendered"]) == same for o in self.comments.values()):
            return _error(
                409,
                "comment_duplicate",
                "Duplicate comment detected; it looks as though you&#8217;ve already said that!",
            )
        status = "hold" if self.holds and login not in self.moderators else "approved"
        number = self.say(login.title(), "", parent=wish["parent"], post=wish["post"], member=3, status=status)
        self.comments[number]["content"]["rendered"] = rendered
        return answer(self.comments[number], status="201 Created")

    def allow(self, success_url: str, login: str, password: str) -> str:
        """Where the browser goes when a person allows an application: the address with the password."""
        self.passwords[login] = password
        mark = "&" if "?" in success_url else "?"
        return success_url + mark + urlencode({"site_url": self.url, "user_login": login, "password": password})


def _bare(instant: str) -> str:
    return instant.partition("+")[0]


def _error(status: int, code: str, message: str) -> bytes:
    return answer({"code": code, "message": message, "data": {"status": status}}, status=f"{status} X")
