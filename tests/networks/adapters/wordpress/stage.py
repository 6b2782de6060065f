"""A small WordPress as a stage of the contract test: comments under the brand's posts, answered by comments."""

from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from tests.networks.adapters.wordpress.site import Fault, Site
from tests.networks.stage import Ordinary

_MEMBER = 3
"""The brand's number among the site's members."""


class WordPressStage(Ordinary):
    """What the contract test does with a site; the brand moderates it."""

    network = "wordpress"
    brand_id = str(_MEMBER)
    tells_language = False
    names_people = False
    all_to_brand = True
    news = "/wp/v2/comments"
    made_up = ("password", "made up")

    def __init__(self) -> None:
        self._site = Site()

    def __enter__(self) -> Self:
        self._site.__enter__()
        self.url = self._site.url
        return self

    def __exit__(self, *_: object) -> None:
        self._site.__exit__()

    def reset(self) -> None:
        for kept in (self._site.comments, self._site.faults, self._site.passwords):
            kept.clear()

    def brand(self) -> str:
        self.token = self._site.passwords["acme"] = "abcd efgh ijkl mnop"
        return self.token

    def fields(self) -> dict[str, str]:
        return {"server": self.url, "user": "acme", "token": self.token}

    def sign_in(self) -> dict[str, str]:
        return {"server": self.url}

    def credentials(self, token: str) -> dict[str, str]:
        return {"user": "acme", "token": token}

    def full_handle(self, name: str) -> str:
        return f"{name}@127.0.0.1"

    async def browser(self, url: str) -> dict[str, str]:
        """Do as a person does on the site's own page; what the browser brings back."""
        asked = dict(parse_qsl(urlsplit(url).query))
        back = self._site.allow(asked["success_url"], "acme", self.token)
        return dict(parse_qsl(urlsplit(back).query))

    def post(self, author: str, text: str, **more: Any) -> str:
        return str(self._site.say(author, text, parent=int(more.get("in_reply_to_id") or 0)))

    async def post_as_brand(self, text: str) -> str:
        return str(self._site.say("acme", text, member=_MEMBER))

    def react(self, who: str, post_id: str) -> None:
        """A pingback is the only thing beside comments that stands under a post."""
        self._site.say(who, "[...]", parent=int(post_id), type="pingback")

    def edit(self, post_id: str, text: str) -> None:
        self._site.comments[int(post_id)]["content"]["rendered"] = f"<p>{text}</p>"

    def delete(self, post_id: str) -> None:
        del self._site.comments[int(post_id)]

    def posts_of_brand(self) -> list[dict[str, Any]]:
        return [
            {
                "id": str(one["id"]),
                "in_reply_to_id": str(one["parent"]),
                "visibility": "public",
                "text": one["content"]["rendered"],
            }
            for one in self._site.comments.values()
            if one["author"] == _MEMBER
        ]

    def was_told(self, who: str, post_id: str) -> bool:
        """A comment stands under the one it answers; more does WordPress not do."""
        parent = self._site.comments[int(post_id)]["parent"]
        return bool(self._site.comments[parent]["author_name"] == who)

    def break_publish(self, fault: str, *, after: bool) -> None:
        self._site.faults.append(Fault(fault, "POST", after))

    def break_reads(self, fault: str) -> None:
        self._site.faults.append(Fault(fault, "GET", times=None))

    def limit_rate(self, seconds: int) -> None:
        self._site.faults += [Fault("rate_limit", method, times=None, seconds=seconds) for method in ("GET", "POST")]

    def mend(self) -> None:
        self._site.faults.clear()

    def revoke(self) -> None:
        self._site.passwords.clear()


STAGES = {"wordpress": WordPressStage}
