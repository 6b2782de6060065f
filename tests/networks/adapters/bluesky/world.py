"""A small Bluesky in memory: accounts, posts, who is told of them, and private messages, as the reference servers have it."""

import base64
import hashlib
import itertools
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from app.networks.adapters.bluesky.tid import mint

POST = "app.bsky.feed.post"
NEAR = 4


def cid_of(value: Any) -> str:
    """The same content has the same name, everywhere."""
    digest = hashlib.sha256(json.dumps(value, sort_keys=True).encode()).digest()
    return "bafyrei" + base64.b32encode(digest).decode().lower().rstrip("=")


def did_of(name: str) -> str:
    """Everybody has a DID that follows from their name here."""
    return "did:plc:" + base64.b32encode(hashlib.sha256(name.encode()).digest()).decode().lower()[:24]


def iso(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass
class Post:
    uri: str
    did: str
    record: dict[str, Any]
    indexed: datetime
    order: int
    hidden: bool = False  # its root is wrong, or its author's gate forbids it

    @property
    def cid(self) -> str:
        return cid_of(self.record)

    @property
    def at(self) -> str:
        """Its place in time, as the network orders by it."""
        return str(self.record["createdAt"])

    @property
    def parent(self) -> str | None:
        return (self.record.get("reply") or {}).get("parent", {}).get("uri")


@dataclass
class Told:
    at: str
    reason: str
    post: Post
    order: int
    liker: str | None = None
    hidden: bool = False


@dataclass
class World:
    """Everything there is; times only go forward, a millisecond at a time."""

    names: dict[str, str] = field(default_factory=dict)  # did -> handle
    posts: dict[str, Post] = field(default_factory=dict)
    likes: list[tuple[str, str, str, int]] = field(default_factory=list)  # who, which post, when, and in which order
    gates: set[str] = field(default_factory=set)  # roots whose authors take no replies
    blocks: set[tuple[str, str]] = field(default_factory=set)
    blobs: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    convos: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    members: dict[str, tuple[str, str]] = field(default_factory=dict)
    log: list[dict[str, Any]] = field(default_factory=list)
    silent: set[str] = field(default_factory=set)  # posts of which nobody is told, as happens when indexing is late
    unseen: bool = False  # new posts are stored, and not shown yet
    numbers: Any = field(default_factory=lambda: itertools.count(1))
    last: datetime = field(default_factory=lambda: datetime.now(UTC) - timedelta(seconds=1))

    def now(self) -> datetime:
        self.last = max(datetime.now(UTC), self.last + timedelta(milliseconds=1))
        return self.last

    def person(self, name: str) -> str:
        did = did_of(name)
        self.names.setdefault(did, f"{name}.test")
        return did

    def say(self, name: str, text: str, *, under: str | None = None, **more: Any) -> str:
        """A post of somebody's; @name in it is a mention with its facet."""
        did, at = self.person(name), self.now()
        facets = []
        for other, handle in list(self.names.items()):
            short = handle.removesuffix(".test")
            for called in (f"@{handle}", f"@{short}"):
                place = text.encode().find(called.encode())
                if place >= 0:
                    feature = {"$type": "app.bsky.richtext.facet#mention", "did": other}
                    index = {"byteStart": place, "byteEnd": place + len(called.encode())}
                    facets.append({"index": index, "features": [feature]})
                    break
        record: dict[str, Any] = {"$type": POST, "text": text, "createdAt": iso(at), "langs": ["en"], **more}
        if facets:
            record["facets"] = facets
        if under is not None:
            parent = self.posts[under]
            above = (parent.record.get("reply") or {}).get("root")
            reference = {"uri": parent.uri, "cid": parent.cid}
            record["reply"] = {"parent": reference, "root": above or reference}
        return self.put(did, mint(at), record)

    def put(self, did: str, key: str, record: dict[str, Any]) -> str:
        uri = f"at://{did}/{POST}/{key}"
        reply = record.get("reply")
        hidden = False
        if reply:
            parent = self.posts.get(reply["parent"]["uri"])
            root = ((parent.record.get("reply") or {}).get("root") or {"uri": parent.uri})["uri"] if parent else ""
            hidden = root != reply["root"]["uri"] or root in self.gates
        self.posts[uri] = Post(uri, did, record, self.now(), next(self.numbers), hidden)
        if self.unseen:
            self.silent.add(uri)
        return uri

    def blocked(self, one: str, other: str) -> bool:
        return (one, other) in self.blocks or (other, one) in self.blocks

    def person_view(self, did: str, seen_by: str) -> dict[str, Any]:
        name = self.names[did].removesuffix(".test")
        return {
            "did": did,
            "handle": self.names[did],
            "displayName": name.title(),
            "associated": {"chat": {"allowIncoming": "all"}},
            "viewer": {"muted": False, "blockedBy": (did, seen_by) in self.blocks},
            "labels": [],
        }

    def post_view(self, post: Post, seen_by: str) -> dict[str, Any]:
        root = ((post.record.get("reply") or {}).get("root") or {"uri": post.uri})["uri"]
        view: dict[str, Any] = {
            "uri": post.uri,
            "cid": post.cid,
            "author": self.person_view(post.did, seen_by),
            "record": post.record,
            "indexedAt": post.at,
            "viewer": {"replyDisabled": True} if root in self.gates else {},
            "labels": [],
        }
        images = (post.record.get("embed") or {}).get("images")
        if images:
            shown = [
                {"fullsize": f"https://cdn.test/{n}", "thumb": f"https://cdn.test/{n}s", "alt": one["alt"]}
                for n, one in enumerate(images)
            ]
            view["embed"] = {"$type": "app.bsky.embed.images#view", "images": shown}
        return view

    def visible(self, uri: str, seen_by: str) -> Post | None:
        post = self.posts.get(uri)
        return post if post is not None and not self.blocked(post.did, seen_by) else None

    def like(self, name: str, uri: str, at: datetime | None = None) -> None:
        """Somebody likes a post; its author is told of it, and of every other like."""
        self.likes.append((self.person(name), uri, iso(at or self.now()), next(self.numbers)))

    def told(self, did: str) -> list[Told]:
        """What somebody is told of, newest first, and why; what is of people they block stands there hidden."""
        found = [
            Told(post.at, reason, post, post.order, hidden=self.blocked(post.did, did))
            for post in self.posts.values()
            if post.did != did and post.uri not in self.silent and (reason := self._reason(post, did))
            if not (reason == "reply" and post.hidden)
        ]
        found += [Told(at, "like", self.posts[uri], n, who) for who, uri, at, n in self.likes if f"//{did}/" in uri]
        return sorted(found, key=lambda one: (one.at, one.order), reverse=True)

    def notified(self, told: Told, seen_by: str) -> dict[str, Any]:
        view = self.post_view(told.post, seen_by)
        del view["viewer"]
        view.pop("embed", None)
        if told.liker is None:
            return view
        uri = f"at://{told.liker}/app.bsky.feed.like/{hashlib.sha256(f'{told}'.encode()).hexdigest()[:13]}"
        record = {"$type": "app.bsky.feed.like", "subject": {"uri": told.post.uri, "cid": told.post.cid}}
        author = self.person_view(told.liker, seen_by)
        return {
            "uri": uri,
            "cid": told.post.cid,
            "author": author,
            "record": record,
            "indexedAt": told.at,
            "labels": [],
        }

    def _reason(self, post: Post, did: str) -> str | None:
        named = [f["did"] for one in post.record.get("facets", ()) for f in one["features"] if "did" in f]
        if did in named:
            return "mention"
        if f"at://{did}/" in json.dumps(post.record.get("embed")):
            return "quote"
        above = post.parent
        for _ in range(NEAR):
            if above is None or above not in self.posts:
                return None
            if self.posts[above].did == did:
                return "reply"
            above = self.posts[above].parent
        return None

    def thread(self, uri: str, seen_by: str, depth: int, height: int) -> dict[str, Any] | None:
        post = self.visible(uri, seen_by)
        if post is None:
            return None
        node: dict[str, Any] = {"$type": "app.bsky.feed.defs#threadViewPost", "post": self.post_view(post, seen_by)}
        if height and post.parent:
            parent = self.posts.get(post.parent)
            above = self.thread(post.parent, seen_by, 0, height - 1) if parent and not parent.hidden else None
            node["parent"] = above or {"uri": post.parent, "notFound": True}
        if depth:
            below = [one for one in self.posts.values() if one.parent == uri and not one.hidden]
            seen = [self.thread(one.uri, seen_by, depth - 1, 0) for one in below]
            node["replies"] = [one for one in seen if one is not None]
        return node

    def convo_of(self, one: str, other: str) -> str:
        convo = "c" + hashlib.sha256(" ".join(sorted((one, other))).encode()).hexdigest()[:12]
        self.members.setdefault(convo, (one, other))
        self.convos.setdefault(convo, [])
        return convo

    def whisper(self, did: str, convo: str, message: dict[str, Any]) -> dict[str, Any]:
        number = next(self.numbers)
        view = {
            "$type": "chat.bsky.convo.defs#messageView",
            "id": f"m{number}",
            "rev": f"r{number:08}",
            "text": message["text"],
            "sender": {"did": did},
            "sentAt": iso(self.now()),
        }
        self.convos[convo].append(view)
        self.log.append({"$type": "chat.bsky.convo.defs#logCreateMessage", "convoId": convo, "message": view})
        return view
