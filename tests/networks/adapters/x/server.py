"""A double of X on loopback: the calls of its API that we make, with the behaviour its documentation gives them."""

import asyncio
import hashlib
import json
import secrets
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.networks.adapters.x.weight import weight
from tests.networks.adapters.x.world import World, instant, not_found

PNG = b"\x89PNG\r\n\x1a\n"
CLIENT_ID, CLIENT_SECRET = "brand-app", "brand-app-secret"


class Double:
    """The app and the world behind it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.streams: list[asyncio.Queue[bytes | None]] = []
        self.loop: asyncio.AbstractEventLoop | None = None
        signed: list[tuple[str, str, Callable[..., Any]]] = [
            ("GET", "/2/users/me", self.me),
            ("GET", "/2/users", self.people),
            ("GET", "/2/users/{who}/mentions", self.mentions),
            ("GET", "/2/users/{who}/tweets", self.own),
            ("GET", "/2/tweets", self.lookup),
            ("GET", "/2/tweets/search/recent", self.search),
            ("POST", "/2/tweets", self.create),
            ("GET", "/2/dm_events", self.messages),
            ("GET", "/2/dm_events/{number}", self.message),
            ("GET", "/2/dm_conversations/{talk}/dm_events", self.messages),
            ("POST", "/2/dm_conversations/with/{other}/messages", self.write),
            ("POST", "/2/media/upload/initialize", self.announce),
            ("POST", "/2/media/upload/{number}/append", self.append),
            ("POST", "/2/media/upload/{number}/finalize", self.finish),
            ("GET", "/2/media/upload", self.picture_state),
            ("POST", "/2/media/metadata", self.describe),
            ("POST", "/2/activity/subscriptions", self.subscribe),
        ]
        by_app = [
            ("GET", "/2/activity/subscriptions", self.subscriptions),
            ("GET", "/2/activity/stream", self.stream),
            ("GET", "/2/webhooks", self.webhooks),
            ("POST", "/2/webhooks", self.register),
            ("PUT", "/2/webhooks/{number}", self.revive),
            ("POST", "/2/webhooks/replay", self.replay),
            ("POST", "/2/compliance/jobs", self.begin_job),
            ("GET", "/2/compliance/jobs/{number}", self.job),
        ]
        routes = [Route(path, self._signed(do), methods=[method]) for method, path, do in signed]
        routes += [Route(path, self._by_app(do), methods=[method]) for method, path, do in by_app]
        routes += [
            Route("/i/oauth2/authorize", self.consent, methods=["GET"]),
            Route("/2/oauth2/token", self.trade, methods=["POST"]),
            Route("/kept/{number}", self.kept, methods=["GET", "PUT"]),
        ]
        self.app = Starlette(routes=routes, exception_handlers={404: missing})

    def _signed(self, do: Callable[..., Any]) -> Callable[..., Any]:
        async def answer(request: Request) -> Response:
            token = request.headers.get("authorization", "").removeprefix("Bearer ")
            who = self.world.tokens.get(token)
            if who is None:
                return problem(401, "Unauthorized")
            if self.world.out_of_credits:
                return problem(402, "Your account has no credits left.", "CreditsDepleted")
            return await do(request, who)

        return answer

    def _by_app(self, do: Callable[..., Any]) -> Callable[..., Any]:
        async def answer(request: Request) -> Response:
            if request.headers.get("authorization") != f"Bearer {self.world.bearer}":
                return problem(401, "Unauthorized")
            return await do(request)

        return answer

    # --- signing in ------------------------------------------------------------------------------------------------

    async def consent(self, request: Request) -> Response:
        """The brand, which is signed in there, allows it."""
        asked = dict(request.query_params)
        if asked.get("client_id") != CLIENT_ID or asked.get("code_challenge_method") != "S256":
            return problem(400, "Something went wrong. You weren't able to give access to the App.")
        code = secrets.token_urlsafe(12)
        self.world.codes[code] = {**asked, "who": self.world.person("acme")}
        back = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", 302)

    async def trade(self, request: Request) -> Response:
        async with request.form() as sent:
            form = {name: str(value) for name, value in sent.items()}
        basic = request.headers.get("authorization", "").removeprefix("Basic ")
        if b64decode(basic).decode() != f"{CLIENT_ID}:{CLIENT_SECRET}":
            return JSONResponse({"error": "unauthorized_client", "error_description": "Missing valid app."}, 401)
        if form.get("grant_type") == "refresh_token":
            who = self.world.refreshing.pop(form.get("refresh_token", ""), None)
        else:
            known = self.world.codes.pop(form.get("code", ""), {})
            challenge = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            fits = urlsafe_b64encode(challenge).rstrip(b"=").decode() == known.get("code_challenge")
            who = known["who"] if fits and known["redirect_uri"] == form.get("redirect_uri") else None
        if who is None:
            said = "Value passed for the token was invalid."
            return JSONResponse({"error": "invalid_request", "error_description": said}, 400)
        access, refresh = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self.world.tokens[access], self.world.refreshing[refresh] = who, who
        scope = "tweet.read tweet.write users.read media.write dm.read dm.write offline.access"
        given = {"token_type": "bearer", "expires_in": self.world.token_seconds, "scope": scope}
        return JSONResponse({**given, "access_token": access, "refresh_token": refresh})

    # --- reading ---------------------------------------------------------------------------------------------------

    async def me(self, request: Request, who: str) -> Response:
        return JSONResponse({"data": self.world.people[who]})

    async def people(self, request: Request, who: str) -> Response:
        wanted = request.query_params["ids"].split(",")
        there = [self.world.people[one] for one in wanted if one in self.world.people]
        return JSONResponse({"data": there} if there else {"errors": []})

    async def mentions(self, request: Request, who: str) -> Response:
        found = [p for p in self.world.there() if self.world.names(p, who)]
        return self._page(request, found[: self.world.ceiling], smallest=5)

    async def own(self, request: Request, who: str) -> Response:
        return self._page(request, [p for p in self.world.there() if p.author == who], smallest=5)

    async def search(self, request: Request, who: str) -> Response:
        return self._page(request, self.world.found(request.query_params["query"]), smallest=10, token="next_token")

    async def lookup(self, request: Request, who: str) -> Response:
        if (wrong := self._wrong_names(request)) is not None:
            return wrong
        wanted = request.query_params["ids"].split(",")
        there = [self.world.posts[n] for n in wanted if n in self.world.posts and not self.world.posts[n].deleted]
        held, errors = self.world.includes(there)
        errors += [not_found(n) for n in wanted if n not in {p.id for p in there}]
        body = {"data": [self.world.post_entity(p) for p in there], "includes": held, "errors": errors}
        return JSONResponse({name: value for name, value in body.items() if value})

    def _page(self, request: Request, found: list[Any], *, smallest: int, token: str = "pagination_token") -> Response:
        if (wrong := self._wrong_names(request)) is not None:
            return wrong
        asked = request.query_params
        size = int(asked.get("max_results", "10"))
        if not smallest <= size <= 100:
            return invalid(f"The `max_results` query parameter value [{size}] is not between {smallest} and 100")
        if since := asked.get("since_id"):
            found = [p for p in found if int(p.id) > int(since)]
        if until := asked.get("until_id"):
            found = [p for p in found if int(p.id) < int(until)]
        if start := asked.get("start_time"):
            found = [p for p in found if instant(p.id).isoformat() >= start.replace("Z", "+00:00")]
        begin = int(asked.get(token, "0"))
        part = found[begin : begin + size]
        held, errors = self.world.includes(part)
        meta: dict[str, Any] = {"result_count": len(part)}
        if begin + size < len(found):
            meta["next_token"] = str(begin + size)
        body = {"data": [self.world.post_entity(p) for p in part], "includes": held, "errors": errors}
        return JSONResponse({**{name: value for name, value in body.items() if value}, "meta": meta})

    def _wrong_names(self, request: Request) -> Response | None:
        other = "post" if self.world.generation == "tweet" else "tweet"
        if f"{other}.fields" in request.query_params:
            return invalid(f"The query parameter [{other}.fields] is not one of [{self.world.generation}.fields]")
        return None

    # --- posting ---------------------------------------------------------------------------------------------------

    async def create(self, request: Request, who: str) -> Response:
        wish, world = await request.json(), self.world
        parent = world.posts.get(wish["reply"]["in_reply_to_tweet_id"])
        if parent is None or parent.deleted:
            return forbidden("You attempted to reply to a Tweet that is deleted or not visible to you.")
        if world.summon_rule and not world.summons(parent, who):
            return forbidden("You may not reply to this post: its author has not mentioned or quoted you.")
        if weight(wish["text"]) > 280:
            return forbidden("Your Tweet text is too long. For more information see the documentation.")
        pictures = wish.get("media", {}).get("media_ids", [])
        if any(one not in world.media for one in pictures):
            return invalid("Your media IDs are invalid.")
        if world.refuse_duplicates and wish["text"] in {p.text for p in world.there() if p.author == who}:
            return forbidden("You are not allowed to create a Tweet with duplicate content.")
        post = world.say(world.people[who]["username"], wish["text"], parent=parent.history[-1], media=pictures)
        entity = world.post_entity(post)
        names = ("id", "text", "edit_history_tweet_ids", "edit_history_post_ids")
        return JSONResponse({"data": {name: entity[name] for name in names if name in entity}}, 201)

    async def announce(self, request: Request, who: str) -> Response:
        number = self.world.number()
        self.world.media[number] = {
            "media_key": f"3_{number}",
            "type": "photo",
            "bytes": "",
            "asked": await size(request),
        }
        return JSONResponse({"data": {"id": number, "media_key": f"3_{number}", "expires_after_secs": 86400}})

    async def append(self, request: Request, who: str) -> Response:
        async with request.form() as form:
            data = await form["media"].read()  # type: ignore[union-attr]
        self.world.media[request.path_params["number"]]["bytes"] += data.hex()
        return Response(status_code=204)

    async def finish(self, request: Request, who: str) -> Response:
        number = request.path_params["number"]
        picture = self.world.media[number]
        data = bytes.fromhex(picture.pop("bytes"))
        if len(data) != picture.pop("asked") or not data.startswith(PNG):
            work: dict[str, Any] = {"state": "failed", "error": {"code": 1, "message": "file type not supported"}}
        else:
            picture |= {
                "url": f"https://pbs.twimg.com/media/{number}.png",
                "ready": time.monotonic() + self.world.picture_seconds,
            }
            if not self.world.picture_seconds:
                return JSONResponse({"data": {"id": number, "size": len(data)}})
            work = {"state": "pending", "check_after_secs": 1}
        return JSONResponse({"data": {"id": number, "processing_info": work}})

    async def picture_state(self, request: Request, who: str) -> Response:
        number = request.query_params["media_id"]
        ready = self.world.media[number]["ready"] <= time.monotonic()
        work = {"state": "succeeded" if ready else "in_progress", "check_after_secs": 1}
        return JSONResponse({"data": {"id": number, "processing_info": work}})

    async def describe(self, request: Request, who: str) -> Response:
        wish = await request.json()
        self.world.media[wish["id"]]["alt_text"] = wish["metadata"]["alt_text"]["text"]
        return JSONResponse({"data": {"id": wish["id"]}})

    # --- direct messages -------------------------------------------------------------------------------------------

    async def messages(self, request: Request, who: str) -> Response:
        talk = request.path_params.get("talk")
        found = [m for m in reversed(self.world.messages) if who in m.talk.split("-") and talk in {None, m.talk}]
        size_, begin = int(request.query_params["max_results"]), int(request.query_params.get("pagination_token", "0"))
        part = found[begin : begin + size_]
        meta: dict[str, Any] = {"result_count": len(part)}
        if begin + size_ < len(found):
            meta["next_token"] = str(begin + size_)
        data = {"data": [self.world.message_entity(m) for m in part]} if part else {}
        return JSONResponse({**data, "meta": meta})

    async def message(self, request: Request, who: str) -> Response:
        found = [m for m in self.world.messages if m.id == request.path_params["number"] and who in m.talk.split("-")]
        return JSONResponse({"data": self.world.message_entity(found[0])}) if found else problem(404, "Not Found")

    async def write(self, request: Request, who: str) -> Response:
        wish, other = await request.json(), request.path_params["other"]
        names = [self.world.people[one]["username"] for one in (who, other)]
        pictures = [one["media_id"] for one in wish.get("attachments", [])]
        sent = self.world.write(*names, wish.get("text", ""), pictures)
        return JSONResponse({"data": {"dm_conversation_id": sent.talk, "dm_event_id": sent.id}}, 201)

    # --- what was deleted -------------------------------------------------------------------------------------------

    async def begin_job(self, request: Request) -> Response:
        number = self.world.number()
        self.world.jobs[number] = None
        return JSONResponse({"data": self._job(request, number)})

    async def job(self, request: Request) -> Response:
        number = request.path_params["number"]
        if number not in self.world.jobs:
            return problem(404, "Not Found")
        return JSONResponse({"data": self._job(request, number)})

    def _job(self, request: Request, number: str) -> dict[str, Any]:
        at = str(request.base_url).rstrip("/")
        status = self.world.jobs_end_as if self.world.jobs[number] is not None else "created"
        where = {f"{what}_url": f"{at}/kept/{number}" for what in ("upload", "download")}
        return {"id": number, "type": "tweets", "status": status, **where}

    async def kept(self, request: Request) -> Response:
        """Another place, which knows no sign-in: ids go in, what became of them comes out."""
        assert "authorization" not in request.headers
        number = request.path_params["number"]
        if request.method == "PUT":
            self.world.jobs[number] = (await request.body()).decode().split("\n")
            return Response()
        asked = self.world.jobs[number] or []
        gone = [one for one in asked if one not in self.world.posts or self.world.posts[one].deleted]
        said = [{"id": one, "action": "delete", "created_at": "2026-08-01T00:00:00.000Z"} for one in gone]
        said += [{"id": one, "action": "scrub_geo", "reason": "scrub_geo"} for one in asked if one not in gone]
        return Response("\n".join(json.dumps(one) for one in said))

    # --- telling us ------------------------------------------------------------------------------------------------

    async def subscribe(self, request: Request, who: str) -> Response:
        wish = await request.json()
        made = {**wish, "subscription_id": self.world.number()}
        self.world.subscriptions.append(made)
        return JSONResponse({"data": made}, 201)

    async def subscriptions(self, request: Request) -> Response:
        return JSONResponse({"data": self.world.subscriptions, "meta": {}})

    async def webhooks(self, request: Request) -> Response:
        return JSONResponse({"data": list(self.world.webhooks.values())} if self.world.webhooks else {"meta": {}})

    async def register(self, request: Request) -> Response:
        if self.world.webhooks:
            return forbidden("You may register only one webhook.")
        made = {"id": self.world.number(), "url": (await request.json())["url"], "valid": True}
        self.world.webhooks[made["id"]] = made
        return JSONResponse({"data": made})

    async def revive(self, request: Request) -> Response:
        self.world.webhooks[request.path_params["number"]]["valid"] = True
        return JSONResponse({"data": {"attempted": True}})

    async def replay(self, request: Request) -> Response:
        self.world.replays.append(await request.json())
        return JSONResponse({"data": {"job_id": "1"}})

    async def stream(self, request: Request) -> Response:
        self.loop = asyncio.get_running_loop()
        queue: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.streams.append(queue)

        async def lines() -> AsyncIterator[bytes]:
            yield b"\r\n"
            while (line := await queue.get()) is not None:
                yield line

        return StreamingResponse(lines(), media_type="application/json")

    def tell(self, line: bytes | None) -> int:
        """Write a line to every open stream, or end them; how many there were."""
        open_, loop = list(self.streams), self.loop
        for queue in open_:
            assert loop is not None
            loop.call_soon_threadsafe(queue.put_nowait, line)
        if line is None:
            self.streams.clear()
        return len(open_)


async def size(request: Request) -> int:
    return int(json.loads(await request.body())["total_bytes"])


async def missing(_request: Request, _failure: Exception) -> Response:
    return problem(404, "Not Found")


def problem(status: int, detail: str, title: str = "") -> Response:
    body = {"title": title or detail, "type": "about:blank", "status": status, "detail": detail}
    return JSONResponse(body, status, media_type="application/problem+json")


def forbidden(detail: str) -> Response:
    return problem(403, detail, "Forbidden")


def invalid(message: str) -> Response:
    kind = "https://api.x.com/2/problems/invalid-request"
    general = "One or more parameters to your request was invalid."
    return JSONResponse(
        {"errors": [{"message": message}], "title": "Invalid Request", "detail": general, "type": kind}, 400
    )
