"""The sandbox as a stage of the contract test, once as Mastodon and once as GoToSocial."""

from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import httpx2

from app.core import client
from tests.networks.pictures import red_square
from tests.networks.stage import Ordinary
from tests.sandbox.live import Sandbox, start_sandbox


class SandboxStage(Ordinary):
    """What the contract test does with the sandbox."""

    network = "mastodon"
    warning = "delivery"
    mentions_deliver = True
    registers_apps = True
    tells_deletions = True
    works_on_pictures = True

    def __init__(self, flavour: str) -> None:
        self._sandbox: Sandbox = start_sandbox(flavour)

    def __enter__(self) -> Self:
        self._sandbox.start()
        self.url = self._sandbox.base_url
        return self

    def __exit__(self, *_: object) -> None:
        self._sandbox.stop()

    def reset(self) -> None:
        self.mend()
        self._sandbox.reset()

    def brand(self) -> str:
        made = self._sandbox.brand("acme", "Acme")
        self.token, self.brand_id = made.token, made.id
        return made.token

    def fields(self) -> dict[str, str]:
        return {"server": self.url, "token": self.token}

    def sign_in(self) -> dict[str, str]:
        return {"server": self.url}

    def credentials(self, token: str) -> dict[str, str]:
        return {"token": token}

    def full_handle(self, name: str) -> str:
        return f"{name}@sandbox.test"

    async def browser(self, url: str) -> dict[str, str]:
        """Do as a person does on the page that asks: choose the brand and allow it; what the browser brings back."""
        page = await client.request("GET", url)
        assert page.status == 200, page.body
        asked = dict(parse_qsl(urlsplit(url).query))
        decided = await client.request(
            "POST", f"{self.url}/oauth/authorize", form={**asked, "account": self.brand_id, "decision": "allow"}
        )
        assert decided.status == 302, decided.body
        return dict(parse_qsl(urlsplit(decided.headers["location"]).query))

    def post(self, author: str, text: str, **more: Any) -> str:
        return str(self._sandbox.post_as(author, text, **more)["id"])

    async def post_as_brand(self, text: str) -> str:
        posted = await client.request(
            "POST",
            f"{self.url}/api/v1/statuses",
            headers={"authorization": f"Bearer {self.token}"},
            content={"status": text},
        )
        return str(posted.json()["id"])

    def react(self, who: str, post_id: str) -> None:
        self._sandbox.boost(who, post_id)
        self._sandbox.favourite(who, post_id)

    def edit(self, post_id: str, text: str) -> None:
        self._sandbox.edit(post_id, text)

    def delete(self, post_id: str) -> None:
        self._sandbox.delete(post_id)

    def posts_of_brand(self) -> list[dict[str, Any]]:
        return self._sandbox.posts(author="acme")

    def was_told(self, who: str, post_id: str) -> bool:
        told = httpx2.get(
            f"{self.url}/api/v1/notifications",
            params={"limit": 80},
            headers={"authorization": f"Bearer {self._sandbox.token(who)}"},
        ).json()
        return any(one["type"] == "mention" and one["status"]["id"] == post_id for one in told)

    def picture(self) -> bytes:
        return red_square()

    def slow_pictures(self, seconds: float) -> None:
        self._sandbox.options(picture_seconds=seconds)

    def break_publish(self, fault: str, *, after: bool) -> None:
        self._sandbox.fault(fault, path="/api/v1/statuses", method="POST", after=after)

    def break_reads(self, fault: str) -> None:
        self._sandbox.fault(fault, path="/api/*", method="GET", times=None)

    def limit_rate(self, seconds: int) -> None:
        self._sandbox.fault("rate_limit", path="/api/*", times=None, seconds=seconds)

    def mend(self) -> None:
        self._sandbox.clear_faults()
        self._sandbox.options(picture_seconds=0)

    def revoke(self) -> None:
        self._sandbox.revoke(self.token)

    def cut_line(self) -> None:
        assert self._sandbox.cut_streams() == 1


STAGES = {"mastodon": lambda: SandboxStage("mastodon"), "gotosocial": lambda: SandboxStage("gotosocial")}
