"""The small Bluesky as a stage of the contract test."""

from typing import Any, Self

from tests.networks.adapters.bluesky.server import Fault, Server
from tests.networks.adapters.bluesky.world import did_of
from tests.networks.pictures import red_square
from tests.networks.stage import Ordinary


class BlueskyStage(Ordinary):
    """What the contract test does with a Bluesky."""

    network = "bluesky"
    warning = "Graphic media"
    tells_deletions = True
    brand_id = did_of("acme")

    def __init__(self) -> None:
        self._server = Server()

    def __enter__(self) -> Self:
        self._server.__enter__()
        self.url = self._server.url
        return self

    def __exit__(self, *_: object) -> None:
        self._server.__exit__()

    def reset(self) -> None:
        self._server.clear()

    def brand(self) -> str:
        self.token = self._server.brand("acme")
        return self.token

    def fields(self) -> dict[str, str]:
        given = {"identifier": "acme.test", "password": self.token, "server": self.url}
        return {**given, "directory": self.url, "stream": self._server.stream}

    def credentials(self, token: str) -> dict[str, str]:
        return {"password": token, "access": token, "refresh": token}

    def full_handle(self, name: str) -> str:
        return f"{name}.test"

    def post(self, author: str, text: str, **more: Any) -> str:
        if more.pop("visibility", "") == "direct":
            return self._server.whisper(author, "acme", text)
        under = more.pop("in_reply_to_id", None)
        language = more.pop("language", None)
        if (warning := more.pop("spoiler_text", None)) is not None:
            assert warning == self.warning
            more["labels"] = {"values": [{"val": "graphic-media"}]}
        if language:
            more["langs"] = [language]
        return self._server.post(author, text, under=under, **more)

    async def post_as_brand(self, text: str) -> str:
        return self._server.post("acme", text)

    def delete(self, post_id: str) -> None:
        self._server.delete(post_id)

    def posts_of_brand(self) -> list[dict[str, Any]]:
        posts = [
            {"id": one.uri, "in_reply_to_id": one.parent, "visibility": "public", "text": one.record["text"]}
            for one in self._server.world.posts.values()
            if one.did == self.brand_id
        ]
        said = [
            {"id": f"chat.bsky.convo:{convo}/{one['id']}", "visibility": "direct", "text": one["text"]}
            for convo, messages in self._server.world.convos.items()
            for one in messages
            if one["sender"]["did"] == self.brand_id
        ]
        return posts + said

    def was_told(self, who: str, post_id: str) -> bool:
        if post_id.startswith("chat."):
            convo = post_id.partition(":")[2].partition("/")[0]
            return did_of(who) in self._server.world.members[convo]
        return any(one.post.uri == post_id for one in self._server.world.told(did_of(who)))

    def react(self, who: str, post_id: str) -> None:
        """Likes are in a list that we never ask for."""

    def picture(self) -> bytes:
        return red_square()

    def break_publish(self, fault: str, *, after: bool) -> None:
        for path in ("com.atproto.repo.putRecord", "chat.bsky.convo.sendMessage"):
            self._server.faults.append(Fault(fault, f"/xrpc/{path}", after))

    def break_reads(self, fault: str) -> None:
        self._server.faults.append(Fault(fault, "/xrpc/", times=None))

    def limit_rate(self, seconds: int) -> None:
        self._server.faults.append(Fault("rate_limit", "/xrpc/", times=None, seconds=seconds))

    def mend(self) -> None:
        self._server.faults.clear()

    def gate(self, uri: str) -> None:
        """Its author takes no replies."""
        self._server.world.gates.add(uri)

    def expire(self) -> None:
        self._server.expire()

    def is_hanging(self) -> bool:
        return any(fault.struck for fault in self._server.faults)

    def revoke(self) -> None:
        self._server.revoke()

    def cut_line(self) -> None:
        assert self._server.cut_lines() == 1


STAGES = {"bluesky": BlueskyStage}
