"""The live line: a Jetstream carries every post of the network and says when one of them concerns the account."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from typing import Any, Final
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosedOK, WebSocketException

from app.core.addresses import checked_addresses
from app.core.client import user_agent
from app.networks.adapters.bluesky import facets
from app.networks.adapters.bluesky.client import Api
from app.networks.adapters.bluesky.embeds import quoted
from app.networks.adapters.bluesky.names import POST, AtUri, post_uri, read_did
from app.networks.errors import Transient
from app.networks.foreign import identifier, member, objects
from app.networks.port import Account, Hint
from app.networks.reach import reaching

_LARGEST: Final = 2_000_000
_TICK: Final = 20.0
"""Seconds after which it is worth looking in any case: private messages have no live line, and without one nothing has."""
_MOST_KEPT: Final = 5_000

_quiet = logging.getLogger("mentiondesk.line")
_quiet.setLevel(logging.WARNING)


async def listen(account: Account, *, tick: float = _TICK) -> AsyncIterator[Hint]:
    """Yield one Hint at once, then one for each post that concerns the account, and one in `tick` seconds without any.

    Ends when the server closes properly; raises Transient when the line breaks or cannot be had, Unauthorized when the
    account's sign-in is refused, Rejected when the address is.
    """
    await Api(account).get("com.atproto.server.getSession")
    stream = str(account.traits.get("stream") or "")
    if not stream:
        while True:
            yield Hint()
            await asyncio.sleep(tick)
    target = urlsplit(stream)
    port = target.port or (443 if target.scheme == "wss" else 80)
    try:
        with reaching():
            hosts = await checked_addresses(target.hostname or "", port)
        async with connect(
            f"{stream}/subscribe?wantedCollections={POST}",
            host=hosts[0],
            port=port,
            user_agent_header=user_agent(),
            open_timeout=15,
            ping_interval=30,
            ping_timeout=20,
            close_timeout=2,
            max_size=_LARGEST,
            proxy=None,
            logger=_quiet,
        ) as socket:
            yield Hint()
            ears = Ears(account.remote_id)
            while True:
                hint = await _next(socket, ears, tick)
                yield hint
    except ConnectionClosedOK:
        return
    except (WebSocketException, OSError, TimeoutError, ValueError) as broken:
        raise Transient(f"The live line broke ({type(broken).__name__}).") from broken


class Ears:
    """Tells which of everybody's posts concern an account, and remembers them for when they are deleted."""

    def __init__(self, did: str) -> None:
        """`did`: the account's."""
        self._did = did
        self._kept: dict[str, None] = {}

    def hear(self, frame: str | bytes) -> Hint | None:
        """What a frame hints at, of the first wire and the second; None for what does not concern the account."""
        try:
            event = json.loads(frame)
        except (ValueError, RecursionError):
            return None
        inner = member(event, "payload") or event
        commit = member(inner, "commit") or inner
        did, key = read_did(member(inner, "did")), identifier(member(commit, "rkey"), 512)
        if did is None or key is None or member(commit, "collection") != POST:
            return None
        uri = str(AtUri(did, POST, key))
        if member(commit, "operation") == "delete":
            return Hint(uri) if uri in self._kept else None
        record = member(commit, "record")
        if did != self._did and not self._names_us(record):
            return None
        while len(self._kept) >= _MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[uri] = None
        return Hint(uri)

    def _names_us(self, record: Any) -> bool:
        near = (member(record, "reply", "parent", "uri"), member(record, "reply", "root", "uri"))
        if any(place is not None and place.did == self._did for place in map(post_uri, (*near, _quoted(record)))):
            return True
        return any(
            feature.get("did") == self._did
            for facet in objects(member(record, "facets"))[: facets.MOST]
            for feature in objects(facet.get("features"))
        )


def _quoted(record: Any) -> str | None:
    return quoted(member(record, "embed"))


async def _next(socket: ClientConnection, ears: Ears, tick: float) -> Hint:
    """The next hint; an empty one when nothing concerned us for so many seconds, however much was said."""
    until = asyncio.get_running_loop().time() + tick
    while (left := until - asyncio.get_running_loop().time()) > 0:
        try:
            async with asyncio.timeout(left):
                frame = await socket.recv()
        except TimeoutError:
            break
        hint = ears.hear(frame)
        if hint is not None:
            return hint
    return Hint()
