"""How many of Bluesky's notifications a second one process turns into our words, beside reading their JSON alone."""

import time
from datetime import timedelta
from statistics import median
from typing import Any, Final

import orjson

from app.core.client import Answer
from app.core.clock import now
from app.networks.adapters.bluesky.translate import Reader, to_outcome
from app.networks.port import Inbound
from bench.figures import Figure, part_of

_PAGE: Final = 100
_PAGES: Final = 30
_ROUNDS: Final = 5
US: Final = "did:plc:brandaaaaaaaaaaaaaaaaaaa"


async def measure() -> list[Figure]:
    """Pages as the network sends them: mentions with a link, a tag and lines, a third of them replies in a thread."""
    at = now()
    page = orjson.dumps({"notifications": [notification(n, at.isoformat()) for n in range(_PAGE)]})
    reader = Reader(US, "acme.example", at + timedelta(seconds=1))
    speeds, limits = [], []
    for _ in range(_ROUNDS):
        began = time.process_time()
        for _ in range(_PAGES):
            read = [to_outcome(one, reader) for one in Answer(200, {}, page).json()["notifications"]]
            if not all(isinstance(one, Inbound) for one in read):
                raise RuntimeError("Not every notification handed us a post.")
        between = time.process_time()
        for _ in range(_PAGES):
            Answer(200, {}, page).json()
        speeds.append(_PAGE * _PAGES / (between - began))
        limits.append(_PAGE * _PAGES / (time.process_time() - between))
    speed = median(speeds)
    return [part_of("Bluesky's notifications translated", speed, "posts/s", median(limits), 0.02)]


def notification(number: int, at: str) -> dict[str, Any]:
    """One of a page: a mention, or every third time a reply in a thread of ours, as the network tells it."""
    text = f"@acme.example order {number} is late 😢\n\nsee https://shop.example/o/{number} #late"
    place = {one: text.encode().index(one.encode()) for one in ("@acme", "https", "#late")}
    marked = (
        (place["@acme"], 13, {"$type": "app.bsky.richtext.facet#mention", "did": US}),
        (
            place["https"],
            23 + len(str(number)),
            {"$type": "app.bsky.richtext.facet#link", "uri": "https://shop.example"},
        ),
        (place["#late"], 5, {"$type": "app.bsky.richtext.facet#tag", "tag": "late"}),
    )
    did = f"did:plc:customer{number}"
    record: dict[str, Any] = {
        "$type": "app.bsky.feed.post",
        "text": text,
        "createdAt": at,
        "langs": ["en"],
        "facets": [{"index": {"byteStart": s, "byteEnd": s + size}, "features": [f]} for s, size, f in marked],
    }
    if number % 3 == 0:
        above = {
            "uri": f"at://{US}/app.bsky.feed.post/3n{number}",
            "cid": "bafyreihvkzsgxjqiq4r3t7jhfnzavcij3ddpedxmnmuvfa",
        }
        record["reply"] = {"root": above, "parent": above}
    return {
        "uri": f"at://{did}/app.bsky.feed.post/3m{number}",
        "cid": "bafyreihvkzsgxjqiq4r3t7jhfnzavcij3ddpedxmnmuvfa2rup4uci2juy",
        "author": {
            "did": did,
            "handle": f"customer{number}.example",
            "displayName": f"Customer {number}",
            "avatar": f"https://cdn.example/{number}@jpeg",
            "associated": {"chat": {"allowIncoming": "following"}},
            "viewer": {"muted": False, "blockedBy": False},
            "labels": [],
        },
        "reason": "reply" if number % 3 == 0 else "mention",
        "record": record,
        "isRead": False,
        "indexedAt": at,
        "labels": [],
    }
