"""The live line of a server: its websocket only says that it is worth looking."""

import json
import logging
from collections.abc import AsyncIterator
from typing import Any, Final
from urllib.parse import urlsplit

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedOK, InvalidStatus, WebSocketException

from app.core.addresses import checked_addresses
from app.core.client import user_agent
from app.networks.errors import Transient, Unauthorized
from app.networks.foreign import identifier, member
from app.networks.port import Account, Hint
from app.networks.reach import reaching

_SILENT: Final = frozenset(("filters_changed", "announcement", "announcement.reaction", "announcement.delete"))
_LARGEST: Final = 8_000_000

_quiet = logging.getLogger("mentiondesk.line")
_quiet.setLevel(logging.WARNING)  # below that, the library writes the sign-in header into the log


async def listen(account: Account, *, ping_seconds: float = 30.0, pong_seconds: float = 20.0) -> AsyncIterator[Hint]:
    """Yield one Hint as soon as the line stands, then one for each event that may concern the account.

    Our own pings find a line that stays open and silent. Ends when the server closes properly; raises Transient when
    the line breaks or cannot be had, Unauthorized when the sign-in is refused, Rejected when the address is.
    """
    address = str(account.traits.get("streaming") or "")
    target = urlsplit(address)
    try:
        port = target.port or (443 if target.scheme == "wss" else 80)
        with reaching():
            hosts = await checked_addresses(target.hostname or "", port)
        async with connect(
            f"{address}?stream=user",
            host=hosts[0],
            port=port,
            additional_headers={"Authorization": f"Bearer {account.credentials.get('token', '')}"},
            user_agent_header=user_agent(),
            open_timeout=15,
            ping_interval=ping_seconds,
            ping_timeout=pong_seconds,
            close_timeout=2,
            max_size=_LARGEST,
            proxy=None,
            logger=_quiet,
        ) as socket:
            yield Hint()
            async for frame in socket:
                hint = read_frame(frame, account.remote_id)
                if hint is not None:
                    yield hint
    except ConnectionClosedOK:
        return
    except InvalidStatus as refused:
        if refused.response.status_code == 401:
            raise Unauthorized from refused
        raise Transient(f"The live line was refused ({refused.response.status_code}).") from refused
    except (WebSocketException, OSError, TimeoutError, ValueError) as broken:
        raise Transient(f"The live line broke ({type(broken).__name__}).") from broken


def read_frame(frame: str | bytes, account_id: str) -> Hint | None:
    """What a frame hints at; None for what cannot concern the account: other people's posts that do not reply to it.

    A frame that cannot be read is a Hint: looking costs little.
    """
    try:
        event = json.loads(frame)
        name = member(event, "event")
        payload = member(event, "payload")
        about: Any = payload
        if isinstance(payload, str) and name not in {"delete", *_SILENT}:
            about = json.loads(payload)
    except (ValueError, RecursionError):
        return Hint()
    if name in _SILENT:
        return None
    if name == "delete":
        return Hint(identifier(about, 200))
    if name == "update":
        ours = account_id in {member(about, "account", "id"), member(about, "in_reply_to_account_id")}
        return Hint(identifier(member(about, "in_reply_to_id"), 200)) if ours else None
    holder = {"notification": "status", "conversation": "last_status"}.get(str(name))
    status = member(about, holder) if holder else about
    return Hint(identifier(member(status, "id"), 200))
