"""The double of X as a stage of the contract test: it posts there as customers do, and breaks it."""

import asyncio
import json
import socket
import threading
import time
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import uvicorn

from app.core import client
from app.sandbox.run import DroppableProtocol
from tests.networks.adapters.x.faults import Fault, Faulty
from tests.networks.adapters.x.server import CLIENT_ID, CLIENT_SECRET, Double
from tests.networks.adapters.x.world import World
from tests.networks.pictures import red_square
from tests.networks.stage import Ordinary

CONSUMER_SECRET = "brand-consumer-secret"


class XStage(Ordinary):
    """A running double; the world is in this process, so a test steers it by plain calls."""

    network = "x"
    asks_to_begin = False
    works_on_pictures = True
    news = "/mentions"

    def __init__(self) -> None:
        self.world = World()
        self.double = Double(self.world)
        self.gate = Faulty(self.double.app)
        self.url = ""
        self.token = ""
        self.brand_id = ""

    def __enter__(self) -> Self:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(
            self.gate,
            http=DroppableProtocol,
            log_level="critical",
            lifespan="off",
            access_log=False,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        until = time.monotonic() + 20
        while not self._server.started:
            assert time.monotonic() < until, "the double did not start"
            time.sleep(0.005)
        return self

    def _run(self) -> None:
        with asyncio.Runner() as runner:
            runner.run(self._server.serve([self._socket]))

    def __exit__(self, *_: object) -> None:
        if self.double.streams:
            self.double.tell(None)
        self._server.should_exit = True
        self._thread.join(20)
        self._socket.close()
        assert not self._thread.is_alive()

    # --- the stage -------------------------------------------------------------------------------------------------

    def reset(self) -> None:
        self.mend()
        if self.double.streams:
            self.double.tell(None)
        self.world.reset()

    def brand(self) -> str:
        self.brand_id = self.world.person("acme")
        self.token = f"token-of-acme-{len(self.world.tokens)}"
        self.world.tokens[self.token] = self.brand_id
        return self.token

    def fields(self, **more: str) -> dict[str, str]:
        """The connect form filled in, with a token."""
        return {**self.sign_in(), "token": self.token, **more}

    def sign_in(self) -> dict[str, str]:
        """The connect form filled in for the way through the browser."""
        app = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "consumer_secret": CONSUMER_SECRET}
        return {"server": self.url, **app, "bearer": self.world.bearer}

    def credentials(self, token: str) -> dict[str, str]:
        return {"token": token}

    def full_handle(self, name: str) -> str:
        return name

    async def browser(self, url: str) -> dict[str, str]:
        """Do as a person does on the page that asks; what the browser brings back."""
        decided = await client.request("GET", url)
        assert decided.status == 302, decided.body
        return dict(parse_qsl(urlsplit(decided.headers["location"]).query))

    def post(self, author: str, text: str, **more: Any) -> str:
        if more.get("visibility") == "direct":
            return self.world.write(author, "acme", text.removeprefix("@acme "), None).id
        made = self.world.say(author, text, parent=more.get("in_reply_to_id"), lang=more.get("language", "en"))
        if self.world.names(made, self.world.person("acme")):
            self.tell("post.mention.create", self.world.post_entity(made))
        return made.id

    async def post_as_brand(self, text: str) -> str:
        return self.world.say("acme", text).id

    def react(self, who: str, post_id: str) -> None:
        self.world.say(who, f"RT @acme: {self.world.posts[post_id].text}", repeats=post_id)

    def edit(self, post_id: str, text: str) -> None:
        time.sleep(0.002)  # a version is known by the millisecond it was made in
        self.world.edit(post_id, text)

    def delete(self, post_id: str) -> None:
        if post_id in self.world.posts:
            self.world.delete(post_id)

    def posts_of_brand(self) -> list[dict[str, Any]]:
        public = [
            {"id": p.history[0], "text": p.text, "in_reply_to_id": p.parent, "visibility": "public"}
            for p in reversed(self.world.there())
            if p.author == self.brand_id
        ]
        private = [
            {"id": f"dm-{m.id}-{m.talk}", "text": m.text, "in_reply_to_id": None, "visibility": "direct"}
            for m in self.world.messages
            if m.sender == self.brand_id
        ]
        return [*public, *private]

    def was_told(self, who: str, post_id: str) -> bool:
        if post_id.startswith("dm-"):
            return self.world.person(who) in post_id.split("-")
        parent = self.world.posts[self.world.posts[post_id].parent or ""]
        return parent.author == self.world.person(who)

    def picture(self) -> bytes:
        return red_square()

    def slow_pictures(self, seconds: float) -> None:
        self.world.picture_seconds = seconds

    def break_publish(self, fault: str, *, after: bool) -> None:
        self.fault(fault, path="/2/tweets", method="POST", after=after)

    def break_reads(self, fault: str) -> None:
        self.fault(fault, method="GET", times=None)

    def limit_rate(self, seconds: int) -> None:
        self.fault("rate_limit", times=None, seconds=seconds)

    def fault(self, kind: str, **more: Any) -> None:
        self.gate.faults.append(Fault(kind, **more))

    def mend(self) -> None:
        self.gate.faults.clear()
        self.gate.asked.clear()
        self.world.picture_seconds = 0

    def revoke(self) -> None:
        self.world.tokens.clear()
        self.world.refreshing.clear()
        self.world.bearer = "another"

    def cut_line(self) -> None:
        assert self.double.tell(None) == 1

    def tell(self, kind: str, payload: Any, **more: Any) -> bytes:
        """An event of X Activity, told to whoever listens; its bytes as a webhook would bring them."""
        envelope = {"event_uuid": self.world.number(), "filter": {"user_id": self.brand_id}, "event_type": kind}
        line = json.dumps({"data": {**envelope, "payload": payload, **more}}).encode()
        self.double.tell(line + b"\r\n")
        return line


STAGES = {"x": XStage}
NAME_IS_A_WORD = {
    "app/networks/text.py": "the letter x, which stands for what a link weighs",
    "frontend/src/shared/text/count.ts": "the same letter",
}
