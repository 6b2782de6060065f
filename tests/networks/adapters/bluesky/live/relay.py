"""Stands between the product and Bluesky's own servers, so that answers get lost and processes die at a chosen moment."""

import base64
import hmac
import json
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, Self

import httpx2

from tests.networks.adapters.bluesky.live.servers import Person, Servers
from tests.networks.adapters.bluesky.server import Refused, Server
from tests.networks.adapters.bluesky.stage import BlueskyStage
from tests.networks.adapters.bluesky.world import iso
from tests.rude import Asked, answer

PUT = "/xrpc/com.atproto.repo.putRecord"


class Relay(Server):
    """Hands every question on; a DID's document names the relay as the account's home."""

    def __init__(self, servers: Servers) -> None:
        super().__init__()
        self.servers = servers
        self.before_put: Callable[[], bool] | None = None  # whether the question is handed on all the same
        self.after_put: Callable[[], object] | None = None

    def __enter__(self) -> Self:
        self._http = httpx2.Client(timeout=30, trust_env=False)
        return super().__enter__()

    def __exit__(self, *rest: object) -> None:
        super().__exit__(*rest)
        self._http.close()

    def _route(self, asked: Asked) -> bytes:
        if asked.path.startswith("/did:"):
            said = self._http.get(self.servers.directory + asked.path)
            document = said.text.replace(self.servers.home, self.url)
            return answer(document.encode(), status=f"{said.status_code} X")
        if asked.path.startswith("/xrpc/chat."):
            raise Refused(501, "MethodNotImplemented")
        if asked.path == PUT and self.before_put and not self.before_put():
            raise Refused(503, "Unavailable")
        kept = ("authorization", "content-type")
        headers = {name: value for name, value in asked.headers.items() if name in kept}
        query = [(name, value) for name, values in asked.query.items() for value in values]
        said = self._http.request(
            asked.method, self.servers.home + asked.path, params=query, headers=headers, content=asked.body
        )
        if asked.path == PUT and self.after_put:
            self.after_put()
        limits = [f"{name}: {value}" for name, value in said.headers.items() if name.startswith("ratelimit")]
        return answer(said.content, *limits, status=f"{said.status_code} X")


class LiveStage(BlueskyStage):
    """The stage of the contract test, on the real servers: whoever plays is made there, the brand anew for each test."""

    def __init__(self, servers: Servers) -> None:
        super().__init__()
        self.servers = servers
        self._server = Relay(servers)
        self._people: dict[str, Person] = {}

    def reset(self) -> None:
        self._server.clear()
        self._server.before_put = self._server.after_put = None
        self._people.pop("acme", None)

    def person(self, name: str) -> Person:
        if name not in self._people:
            self._people[name] = self.servers.person(name)
        return self._people[name]

    def brand(self) -> str:
        brand = self.person("acme")
        self.brand_id, self.token = brand.did, self.servers.app_password(brand)
        return self.token

    def fields(self) -> dict[str, str]:
        return {**super().fields(), "identifier": self.person("acme").handle}

    def full_handle(self, name: str) -> str:
        return self.person(name).handle

    def post(self, author: str, text: str, *, catch_up: bool = True, **more: Any) -> str:
        facets = []
        for name, one in self._people.items():
            for called in (f"@{one.handle}", f"@{name}"):
                place = text.encode().find(called.encode())
                if place >= 0:
                    feature = {"$type": "app.bsky.richtext.facet#mention", "did": one.did}
                    index = {"byteStart": place, "byteEnd": place + len(called.encode())}
                    facets.append({"index": index, "features": [feature]})
                    break
        record: dict[str, Any] = {"text": text, "langs": [more.get("language") or "en"]}
        if at := more.get("at"):
            record["createdAt"] = iso(at)
        if facets:
            record["facets"] = facets
        if under := more.get("in_reply_to_id"):
            record["reply"] = self._under(under)
        if more.get("spoiler_text"):
            values = [{"val": "graphic-media"}]
            record["labels"] = {"$type": "com.atproto.label.defs#selfLabels", "values": values}
        if quoted := more.get("quotes"):
            record["embed"] = {"$type": "app.bsky.embed.record", "record": self._reference(quoted)}
        made = self.servers.create(self.person(author), "app.bsky.feed.post", record)
        if catch_up:
            self.servers.catch_up()
        self._tell("create", made["uri"], record)
        return made["uri"]

    def _tell(self, operation: str, uri: str, record: Any = None) -> None:
        self._server._tell(operation, uri, record)

    def _record(self, uri: str) -> Any:
        _, _, did, collection, key = uri.split("/")
        where = {"repo": did, "collection": collection, "rkey": key}
        return self.servers.ask("GET", "com.atproto.repo.getRecord", params=where)

    def _reference(self, uri: str) -> dict[str, str]:
        return {"uri": uri, "cid": self._record(uri)["cid"]}

    def _under(self, uri: str) -> dict[str, Any]:
        parent = self._reference(uri)
        above = self._record(uri)["value"].get("reply") or {}
        return {"parent": parent, "root": above.get("root") or parent}

    async def post_as_brand(self, text: str) -> str:
        return self.post("acme", text)

    def delete(self, post_id: str) -> None:
        owner = next(one for one in self._people.values() if f"/{one.did}/" in post_id)
        self.servers.delete(owner, post_id)
        self.servers.catch_up()
        self._tell("delete", post_id)

    def expired(self, access: str) -> str:
        """The same access token, an hour too old: these servers sign with a secret that everybody knows."""
        head, body, _ = access.split(".")
        claims = json.loads(base64.urlsafe_b64decode(body + "=="))
        claims |= {"iat": int(time.time()) - 10_800, "exp": int(time.time()) - 3600}
        said = f"{head}.{_base64(json.dumps(claims).encode())}"
        return f"{said}.{_base64(hmac.digest(b'jwt-secret', said.encode(), 'sha256'))}"

    def shown(self, uri: str) -> set[str]:
        """The texts of the thread under a post, as anybody is shown it."""
        where = {"uri": uri, "depth": 50}
        waiting = [
            self.servers.ask("GET", "app.bsky.feed.getPostThread", self.person("nora").token, params=where)["thread"]
        ]
        found = set()
        while waiting:
            node = waiting.pop()
            if "post" in node:
                found.add(node["post"]["record"]["text"])
                waiting += node.get("replies", [])
        return found

    def block(self, name: str, other: str) -> None:
        subject = {"subject": self.person(other).did}
        self.servers.create(self.person(name), "app.bsky.graph.block", subject)
        self.servers.catch_up()

    def gate(self, uri: str) -> None:
        """Its author takes no replies."""
        owner = next(one for one in self._people.values() if f"/{one.did}/" in uri)
        key = uri.rpartition("/")[2]
        self.servers.create(owner, "app.bsky.feed.threadgate", {"post": uri, "allow": []}, rkey=key)
        self.servers.catch_up()

    def like(self, who: str, post_id: str, at: datetime) -> None:
        self.servers.create(
            self.person(who), "app.bsky.feed.like", {"subject": self._reference(post_id), "createdAt": iso(at)}
        )

    def react(self, who: str, post_id: str) -> None:
        self.servers.create(self.person(who), "app.bsky.feed.like", {"subject": self._reference(post_id)})
        self.servers.create(self.person(who), "app.bsky.feed.repost", {"subject": self._reference(post_id)})
        self.servers.catch_up()

    def posts_of_brand(self) -> list[dict[str, Any]]:
        found = self.servers.posts_of(self.brand_id)
        self.servers.catch_up()
        return [
            {
                "id": one["uri"],
                "in_reply_to_id": one["value"].get("reply", {}).get("parent", {}).get("uri"),
                "visibility": "public",
                "text": one["value"]["text"],
            }
            for one in found
        ]

    def was_told(self, who: str, post_id: str) -> bool:
        self.servers.catch_up()
        told = self.servers.ask("GET", "app.bsky.notification.listNotifications", self.person(who).token)
        return any(one["uri"] == post_id for one in told["notifications"])


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
