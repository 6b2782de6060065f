"""The activity stream of an app: a line that does not end and only says that it is worth looking."""

import json
from collections.abc import AsyncIterator
from typing import Any, Final

from app.core import client
from app.networks.adapters.x.client import Api
from app.networks.adapters.x.events import DELETED, MESSAGE, POSTS, read_events
from app.networks.adapters.x.subscribe import subscribe
from app.networks.adapters.x.translate import versions
from app.networks.adapters.x.wire import read
from app.networks.errors import Rejected, Transient
from app.networks.foreign import identifier, member, objects, words
from app.networks.port import Account, Hint
from app.networks.reach import reaching

SILENCE: Final = 30.0
"""X says something every 20 seconds, if only an empty line."""


class NoBearer(Rejected):
    """Without the developer app's bearer token there is no live line; X is asked at intervals instead."""


async def listen(account: Account, *, silence: float = SILENCE) -> AsyncIterator[Hint]:
    """Yield one Hint as soon as the line stands, then one for each event about the account.

    Ends when X closes properly; raises NoBearer, Unauthorized, RateLimited, or Transient when the line breaks.
    """
    bearer = account.credentials.get("bearer", "")
    if not bearer:
        raise NoBearer
    api = Api(account)
    await subscribe(api)
    url = f"{account.server}/2/activity/stream"
    with reaching():
        async with client.lines(url, headers={"authorization": f"Bearer {bearer}"}, silence=silence) as (said, lines):
            if said.status != 200:
                read(said, secrets=[bearer])
                raise Transient(f"The live line was refused ({said.status}).")
            yield Hint()
            async for line in lines:
                for hint in _hints(line, api):
                    yield hint


def _hints(line: bytes, api: Api) -> list[Hint]:
    """What a line hints at; one that cannot be read is a Hint, since looking costs little. Raises Transient at its end."""
    if not line.strip():
        return []
    try:
        body: Any = json.loads(line)
    except (ValueError, RecursionError):
        return [Hint()]
    for error in objects(member(body, "errors")):
        raise Transient(words(error.get("detail"), 300) or "X ended the live line.")
    found = []
    for event in read_events(body):
        if event.about not in {None, api.account.remote_id}:
            continue
        if event.kind == MESSAGE:
            api.memory.message_waits = True
        is_post = event.kind in POSTS or event.kind == DELETED
        number = identifier(member(event.payload, "id"), 60) if is_post else None
        found.append(Hint(versions(event.payload, number)[0] if number else None))
    return found
