"""Serves the small Bluesky on loopback as the reference servers answer, with their errors, and breaks on request."""

import asyncio
import contextlib
import json
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from websockets.asyncio.server import Server as Lines
from websockets.asyncio.server import ServerConnection, broadcast, serve

from app.networks.text import graphemes
from tests.networks.adapters.bluesky.world import POST, Told, World, cid_of, did_of
from tests.rude import Asked, answer, rude_server
from tests.threaded import Threaded


class Refused(Exception):
    def __init__(self, status: int, name: str, message: str = "") -> None:
        super().__init__(name)
        self.said = answer({"error": name, "message": message or name}, status=f"{status} X")


@dataclass
class Fault:
    kind: str  # "drop", "error", "html", "broken", "rate_limit", "hang"
    path: str
    after: bool = False  # once it was carried out
    times: int | None = 1
    seconds: int = 30
    struck: bool = False  # somebody is waiting for an answer that does not come


class Server(Threaded):
    """Runs in a thread of its own; its world may be changed from the test's, since both only ever hold it for a moment."""

    def __init__(self) -> None:
        self.world, self.faults, self.asked = World(), [], []
        self.passwords: dict[str, str] = {}
        self.sessions: dict[str, tuple[str, str, bool]] = {}  # token -> did, kind, over
        self.chats = True
        self.gone: set[str] = set()  # conversations that answer nobody any more
        self.rude: Callable[[Asked, bytes], Awaitable[bytes | None]] | None = None
        self.lines: Lines | None = None
        self.lock = threading.RLock()

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        async with rude_server(self._answer) as self.url, serve(self._line, "127.0.0.1", 0) as self.lines:
            self.stream = f"ws://127.0.0.1:{self.lines.sockets[0].getsockname()[1]}"
            yield

    # --- what a test does -------------------------------------------------------------------------------------------

    def clear(self) -> None:
        with self.lock:
            self.world, self.faults, self.asked, self.sessions = World(), [], [], {}
            self.passwords, self.chats, self.rude = {}, True, None
            self.gone.clear()

    def brand(self, name: str) -> str:
        """An account with an app password; the password."""
        with self.lock:
            did = self.world.person(name)
            self.passwords[did] = f"pass-{name}-{next(self.world.numbers)}"
            return self.passwords[did]

    def expire(self) -> None:
        """Every access token is over, as after two hours."""
        with self.lock:
            self.sessions = {t: (did, kind, over or kind == "access") for t, (did, kind, over) in self.sessions.items()}

    def revoke(self) -> None:
        with self.lock:
            self.sessions, self.passwords = {}, {}

    def post(self, name: str, text: str, **more: Any) -> str:
        with self.lock:
            uri = self.world.say(name, text, **more)
            self._tell("create", uri, self.world.posts[uri].record)
            return uri

    def delete(self, uri: str) -> None:
        with self.lock:
            del self.world.posts[uri]
            self._tell("delete", uri)

    def like(self, name: str, uri: str, at: datetime | None = None) -> None:
        with self.lock:
            self.world.like(name, uri, at)

    def whisper(self, name: str, to: str, text: str) -> str:
        with self.lock:
            did = self.world.person(name)
            convo = self.world.convo_of(did, did_of(to))
            return f"chat.bsky.convo:{convo}/{self.world.whisper(did, convo, {'text': text})['id']}"

    def cut_lines(self) -> int:
        assert self.lines
        cut = list(self.lines.connections)
        for line in cut:
            self._loop.call_soon_threadsafe(line.transport.abort)
        return len(cut)

    def _tell(self, operation: str, uri: str, record: Any = None) -> None:
        _, _, did, _, key = uri.split("/")
        commit = {"rev": "1", "operation": operation, "collection": POST, "rkey": key}
        frame = json.dumps({"did": did, "time_us": 1, "kind": "commit", "commit": commit | {"record": record}})
        assert self.lines
        self._loop.call_soon_threadsafe(lambda: self.lines and broadcast(self.lines.connections, frame))

    async def _line(self, line: ServerConnection) -> None:
        await line.wait_closed()

    # --- HTTP -------------------------------------------------------------------------------------------------------

    async def _answer(self, asked: Asked) -> bytes | None:
        self.asked.append(asked)
        fault = self._fault(asked)
        if fault is not None and not fault.after:
            return await self._break(fault, asked)
        with self.lock:
            try:
                said = self._route(asked)
            except Refused as refused:
                said = refused.said
        if self.rude is not None and asked.path.endswith("listNotifications"):
            return await self.rude(asked, said.partition(b"\r\n\r\n")[2])
        return said if fault is None else await self._break(fault, asked)

    def _fault(self, asked: Asked) -> Fault | None:
        for fault in self.faults:
            if asked.path.startswith(fault.path) and (fault.times is None or fault.times > 0):
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None

    async def _break(self, fault: Fault, asked: Asked) -> bytes | None:
        if fault.kind == "drop":
            asked.writer.transport.abort()
            return None
        if fault.kind == "hang":
            fault.struck = True
            await asyncio.sleep(fault.seconds)
            return None
        reset = f"ratelimit-reset: {int(time.time()) + fault.seconds}"
        return {
            "error": answer({"error": "InternalServerError", "message": "Internal Server Error"}, status="500 X"),
            "html": answer(b"<html>oops</html>", "content-type: text/html"),
            "broken": answer(b'{"uri": "at://'),
            "rate_limit": answer(
                {"error": "RateLimitExceeded", "message": "Rate Limit Exceeded"}, reset, status="429 X"
            ),
        }[fault.kind]

    def _route(self, asked: Asked) -> bytes:
        if asked.path.startswith("/did:"):
            return self._document(asked.path[1:])
        name = asked.path.removeprefix("/xrpc/")
        parts = name.split(".")
        handler: Callable[[Asked, str], Any] | None = getattr(self, f"_{parts[-1]}", None)
        if handler is None:
            raise Refused(501, "MethodNotImplemented")
        if parts[-1] in {"createSession", "resolveHandle"}:
            return answer(handler(asked, ""))
        did = self._who(asked, "refresh" if parts[-1] == "refreshSession" else "access")
        if parts[0] == "chat":
            assert asked.headers["atproto-proxy"] == "did:web:api.bsky.chat#bsky_chat"
            if not self.chats:
                raise Refused(400, "InvalidToken", "Bad token method")
        return answer(handler(asked, did))

    def _who(self, asked: Asked, kind: str) -> str:
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if not token:
            raise Refused(401, "AuthMissing", "Authentication Required")
        did, is_kind, over = self.sessions.get(token, ("", "", True))
        if over or is_kind != kind:
            raise Refused(400, "ExpiredToken" if did else "InvalidToken", "Token has expired")
        return did

    def _document(self, did: str) -> bytes:
        if did not in self.world.names:
            return answer({"message": f"DID not registered: {did}"}, status="404 X")
        home = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": self.url}
        return answer({"id": did, "alsoKnownAs": [f"at://{self.world.names[did]}"], "service": [home]})

    def _session(self, did: str) -> dict[str, Any]:
        number = next(self.world.numbers)
        tokens = {kind: f"{kind}-{number}-secret" for kind in ("access", "refresh")}
        self.sessions |= {token: (did, kind, False) for kind, token in tokens.items()}
        return {
            "accessJwt": tokens["access"],
            "refreshJwt": tokens["refresh"],
            "did": did,
            "handle": self.world.names[did],
            "active": True,
        }

    def _createSession(self, asked: Asked, _: str) -> Any:  # noqa: N802
        wish = json.loads(asked.body)
        did = next((d for d, handle in self.world.names.items() if wish["identifier"] in {d, handle}), "")
        if not did or self.passwords.get(did) != wish["password"]:
            raise Refused(401, "AuthenticationRequired", "Invalid identifier or password")
        return self._session(did)

    def _refreshSession(self, _: Asked, did: str) -> Any:  # noqa: N802
        return self._session(did)

    def _getSession(self, _: Asked, did: str) -> Any:  # noqa: N802
        return {"did": did, "handle": self.world.names[did], "active": True}

    def _resolveHandle(self, asked: Asked, _: str) -> Any:  # noqa: N802
        for did, handle in self.world.names.items():
            if handle == asked.query["handle"][0]:
                return {"did": did}
        raise Refused(400, "InvalidRequest", "Unable to resolve handle")

    def _getProfile(self, asked: Asked, did: str) -> Any:  # noqa: N802
        return self.world.person_view(asked.query["actor"][0], did)

    def _listNotifications(self, asked: Asked, did: str) -> Any:  # noqa: N802
        if int(asked.query["limit"][0]) > 100:
            raise Refused(400, "InvalidRequest")
        assert asked.query["priority"] == ["false"]
        size, below = int(asked.query["limit"][0]), asked.query.get("cursor", [None])[0]
        page, cursor = self._paged(did, asked.query.get("reasons"), size, below)
        listed = [{**self.world.notified(one, did), "reason": one.reason, "isRead": False} for one in page]
        return {"notifications": listed, "priority": False, **({"cursor": cursor} if cursor else {})}

    def _paged(
        self, did: str, reasons: list[str] | None, size: int, below: str | None
    ) -> tuple[list[Told], str | None]:
        """As the AppView has it: a page is strictly below its cursor and names its last time, hidden or not.

        For some reasons alone it goes on by itself until half of the page is full, at most ten times.
        """
        found: list[Told] = []
        for _ in range(10 if reasons else 1):
            page = [one for one in self.world.told(did) if below is None or one.at < below][:size]
            below = page[-1].at if page else None
            found += [one for one in page if not one.hidden and (reasons is None or one.reason in reasons)]
            if below is None or 2 * len(found) >= size:
                break
        return found, below

    def _getPosts(self, asked: Asked, did: str) -> Any:  # noqa: N802
        uris = asked.query["uris"]
        assert len(uris) <= 25
        seen = [self.world.visible(uri, did) for uri in uris if uri not in self.world.silent or not self.world.unseen]
        return {"posts": [self.world.post_view(one, did) for one in seen if one is not None]}

    def _getPostThread(self, asked: Asked, did: str) -> Any:  # noqa: N802
        depth, height = int(asked.query["depth"][0]), int(asked.query["parentHeight"][0])
        found = self.world.thread(asked.query["uri"][0], did, depth, height)
        if found is None:
            raise Refused(400, "NotFound", "Post not found")
        return {"thread": found}

    def _uploadBlob(self, asked: Asked, _: str) -> Any:  # noqa: N802
        kind = asked.headers["content-type"]
        link = cid_of(asked.body.hex()).replace("bafyrei", "bafkrei")
        self.world.blobs[link] = (kind, asked.body)
        return {"blob": {"$type": "blob", "ref": {"$link": link}, "mimeType": kind, "size": len(asked.body)}}

    def _putRecord(self, asked: Asked, did: str) -> Any:  # noqa: N802
        wish = json.loads(asked.body)
        record, text = wish["record"], wish["record"]["text"]
        assert wish["repo"] == did
        if graphemes(text) > 300 or len(text.encode()) > 3000:
            raise Refused(400, "InvalidRequest", "Invalid app.bsky.feed.post record: grapheme too big (maximum 300)")
        uri = f"at://{did}/{POST}/{wish['rkey']}"
        known = self.world.posts.get(uri)
        if known is not None and known.record != record:
            raise Refused(400, "InvalidSwap", f"Record was at {known.cid}")
        if known is None:
            self.world.put(did, wish["rkey"], record)
            self._tell("create", uri, record)
            return {"uri": uri, "cid": cid_of(record), "commit": {"cid": "c", "rev": "r"}, "validationStatus": "valid"}
        return {"uri": uri, "cid": cid_of(record), "validationStatus": "valid"}

    def _getRecord(self, asked: Asked, _: str) -> Any:  # noqa: N802
        uri = f"at://{asked.query['repo'][0]}/{asked.query['collection'][0]}/{asked.query['rkey'][0]}"
        post = self.world.posts.get(uri)
        if post is None:
            raise Refused(400, "RecordNotFound", f"Could not locate record: {uri}")
        return {"uri": uri, "cid": post.cid, "value": post.record}

    # --- private messages -------------------------------------------------------------------------------------------

    def _convo(self, convo: str, did: str) -> dict[str, Any]:
        if did not in self.world.members.get(convo, ()) or convo in self.gone:
            raise Refused(400, "InvalidConvo", "convo not found")
        said = self.world.convos[convo]
        people = [self.world.person_view(one, did) for one in self.world.members[convo]]
        last = {"lastMessage": said[-1]} if said else {}
        return {"id": convo, "rev": "r", "members": people, "status": "request", "unreadCount": 0, **last}

    def _listConvos(self, _: Asked, did: str) -> Any:  # noqa: N802
        return {"convos": [self._convo(one, did) for one, people in self.world.members.items() if did in people]}

    def _getConvo(self, asked: Asked, did: str) -> Any:  # noqa: N802
        return {"convo": self._convo(asked.query["convoId"][0], did)}

    def _getConvoForMembers(self, asked: Asked, did: str) -> Any:  # noqa: N802
        return {"convo": self._convo(self.world.convo_of(did, asked.query["members"][0]), did)}

    def _getMessages(self, asked: Asked, did: str) -> Any:  # noqa: N802
        convo, size = asked.query["convoId"][0], int(asked.query["limit"][0])
        self._convo(convo, did)
        said = self.world.convos[convo][::-1]
        start = int(asked.query.get("cursor", ["0"])[0])
        more = {"cursor": str(start + size)} if start + size < len(said) else {}
        return {"messages": said[start : start + size], **more}

    def _getLog(self, asked: Asked, did: str) -> Any:  # noqa: N802
        mine = [one for one in self.world.log if did in self.world.members[one["convoId"]]]
        start = int(asked.query.get("cursor", ["0"])[0])
        return {"logs": mine[start : start + 50], "cursor": str(min(start + 50, len(mine)))}

    def _sendMessage(self, asked: Asked, did: str) -> Any:  # noqa: N802
        wish = json.loads(asked.body)
        self._convo(wish["convoId"], did)
        return self.world.whisper(did, wish["convoId"], wish["message"])


@contextlib.contextmanager
def start_bluesky() -> Any:
    with Server() as server:
        yield server
