"""The webhook of X Activity: its challenge, its signature over the raw bytes, and what it brings."""

import hmac
import json
from base64 import b64encode
from typing import Final

import structlog

from app.networks.adapters.x.client import Api
from app.networks.adapters.x.events import DELETED, ENCRYPTED, MESSAGE, POSTS, Told, read_events
from app.networks.adapters.x.posts import myself, reader_of
from app.networks.adapters.x.translate import around, authors, to_encrypted, to_inbound
from app.networks.errors import NetworkError
from app.networks.foreign import identifier, member
from app.networks.incoming import Answer, Request
from app.networks.port import Account, Inbound, Role

log = structlog.get_logger()

_SIGNATURE: Final = "x-twitter-webhooks-signature"
_SECONDS: Final = 0.5
"""The house answers within a second; looking for who wrote something must leave room for that."""
_MOST_TOKEN: Final = 1_000


async def incoming(account: Account, request: Request) -> Answer:
    """Answer the challenge, or take in what is signed. What is not signed by the app's secret is looked at no further."""
    secret = account.credentials.get("consumer_secret", "").encode()
    if not secret:
        return Answer(404, problem="no_secret")
    if request.method == "GET":
        token = request.query.get("crc_token", "")
        if not token or len(token) > _MOST_TOKEN:
            return Answer(400, problem="challenge")
        return Answer(200, json.dumps({"response_token": signature(secret, token.encode())}), "application/json")
    given = request.headers.get(_SIGNATURE, "")
    if not hmac.compare_digest(signature(secret, request.body).encode(), given.encode()):
        return Answer(403, problem="signature")
    try:
        events = read_events(json.loads(request.body))
    except (ValueError, RecursionError):
        return Answer(400, problem="body")
    return await _take(account, [one for one in events if one.about in {None, account.remote_id}])


def signature(secret: bytes, said: bytes) -> str:
    """How X signs: HMAC-SHA256 by the app's consumer secret, in Base64."""
    return "sha256=" + b64encode(hmac.digest(secret, said, "sha256")).decode()


async def _take(account: Account, events: list[Told]) -> Answer:
    api = Api(account, budget=_SECONDS, renews=False)
    items = []
    for event in events:
        _count(api, event)
        if event.kind == MESSAGE:
            api.memory.message_waits = True
        item = await _item(api, event)
        if item is not None and item.role != "own":
            items.append(item)
    gone = [one.object_id for one in events if one.kind == DELETED]
    return Answer(200, happened=bool(events), about=tuple(one for one in gone if one), items=tuple(items))


async def _item(api: Api, event: Told) -> Inbound | None:
    """The post that came with an event; messages are read from the inbox, which has all of them in order."""
    role: Role | None = POSTS.get(event.kind)  # type: ignore[assignment]
    if role is None and event.kind != ENCRYPTED:
        return None
    near = around(event.includes)
    whose = [identifier(member(event.payload, "sender_id"), 60)] if role is None else authors([event.payload or {}])
    people = {api.account.remote_id: myself(api.account), **near.people}
    try:
        people |= await api.profiles(one for one in whose if one is not None and one not in people)
    except NetworkError as problem:  # who it was can be asked later; what was said cannot
        log.info("profile_missing", account_id=api.account.id, problem=problem.sentence)
    near = around(event.includes, people)
    reader = reader_of(api.account)
    read = to_encrypted(event.payload, reader, near) if role is None else to_inbound(event.payload, reader, near, role)
    if isinstance(read, Inbound):
        return read
    log.warning("event_unreadable", account_id=api.account.id, kind=event.kind, reason=read.reason)
    return None


def _count(api: Api, event: Told) -> None:
    """X charges for what it delivers, each thing once a day."""
    name = "event.post" if event.kind in POSTS else "event.message" if event.kind in {MESSAGE, ENCRYPTED} else ""
    if name and event.object_id is not None:
        api.account.meter.add(name, api.memory.charge(name, [event.object_id]))
