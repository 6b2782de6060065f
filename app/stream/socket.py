"""One console's connection: attach, replay from its last seq, then live; heartbeats carry the seq; close codes say why."""

import asyncio
from contextlib import suppress
from typing import Any, Final

import orjson
import structlog
from fastapi import WebSocket, WebSocketDisconnect
from sqlalchemy.exc import SQLAlchemyError

from app.agents.current import COOKIE, actor_now, actor_of
from app.agents.permit import Actor, sees
from app.core import eventlog
from app.core.clock import now
from app.core.eventlog import Logged
from app.core.http import same_origin
from app.core.ids import new_id
from app.core.transaction import transaction
from app.stream import presence
from app.stream.audience import may_hear
from app.stream.hub import Hub, Packet, Subscription, TooSlow, packet
from app.stream.visible import brand_of_ticket

log = structlog.get_logger()

HEARTBEAT_SECONDS: Final = 15.0
RECHECK_SECONDS: Final = 60.0
_PAGE: Final = 500
_TAKE_SECONDS: Final = 10.0
"""So long a console may take nothing while something waits for it; then it is let go and resumes when it can."""
_CLOSE_SECONDS: Final = 1.0
_LONGEST_FRAME: Final = 2_000
_CHANGES_REACH: Final = frozenset({"agent.changed", "team.changed", "brand.changed"})
RESTART, SIGNED_OUT, TOO_SLOW, TOO_OLD, BAD_FRAME = 1012, 4401, 4408, 4409, 1008


class _Closed(Exception):
    """This connection ends, with a code that says why."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Console:
    """One open console."""

    def __init__(self, websocket: WebSocket, hub: Hub, actor: Actor, after: int) -> None:
        """`after` is the last event number the console has."""
        self._ws = websocket
        self._hub = hub
        self._actor = actor
        self._sent = after
        self._told = after
        self._id = new_id("so")
        self._checked = now()

    async def serve(self) -> None:
        """Serve until either side ends it."""
        subscription = self._hub.attach()
        reading = asyncio.create_task(self._read())
        sending = asyncio.create_task(self._send(subscription))
        try:
            await asyncio.wait({reading, sending}, return_when=asyncio.FIRST_COMPLETED)
            for task in (sending, reading):
                if task.done():
                    task.result()
        except _Closed as end:
            with suppress(RuntimeError, WebSocketDisconnect, TimeoutError):
                async with asyncio.timeout(_CLOSE_SECONDS):  # who takes nothing does not take this either
                    await self._ws.close(end.code)
        except (WebSocketDisconnect, RuntimeError):
            pass
        except (SQLAlchemyError, OSError) as problem:  # the database is away: come back in a moment
            log.warning("console_sent_away", problem=type(problem).__name__)
            with suppress(RuntimeError, WebSocketDisconnect, TimeoutError):
                async with asyncio.timeout(_CLOSE_SECONDS):
                    await self._ws.close(RESTART)
        finally:
            self._hub.detach(subscription)
            for task in (reading, sending):
                task.cancel()
            await asyncio.gather(reading, sending, return_exceptions=True)
            with suppress(SQLAlchemyError, OSError):  # else they are forgotten after fifteen seconds
                await presence.say(self._id, self._actor.agent_id, None, "left", None)

    async def _send(self, subscription: Subscription) -> None:
        """Replay what was missed, then hand on what is live, skipping what is not newer: no gap, no lock."""
        await self._replay(self._hub.position)
        while True:
            await self._recheck()  # here, since a busy desk is never silent for a heartbeat's time
            item: Packet | str | None = subscription.get_nowait()
            if item is None:
                await self._heartbeat_if_behind()
                try:
                    item = await asyncio.wait_for(subscription.get(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    await self._heartbeat()
                    continue
                except TooSlow as slow:
                    raise _Closed(TOO_SLOW) from slow
            if subscription.overrun:
                raise _Closed(TOO_SLOW)
            if isinstance(item, str):
                await self._pass_on(item)
            elif item.event.seq > self._sent:
                await self._event(item)

    async def _replay(self, until: int) -> None:
        async with transaction() as tx:
            if self._sent < await eventlog.pruned(tx):
                self._sent = self._told = await eventlog.head(tx)
                await self._frame({"kind": "resync", "head": self._sent})
                return
            if self._sent > await eventlog.head(tx):
                raise _Closed(TOO_OLD)  # this number is not ours: another installation, or a restored backup
        while self._sent < until:
            async with transaction() as tx:
                batch = await eventlog.read_after(tx, self._sent, _PAGE)
            for event in batch:
                await self._event(packet(event))
            if not batch:
                break
        await self._heartbeat()

    async def _event(self, item: Packet) -> None:
        event = item.event
        self._sent = event.seq
        if event.type in _CHANGES_REACH:
            await self._recheck(now_please=True)
        if self._ended(event):
            raise _Closed(SIGNED_OUT)
        if may_hear(self._actor, event.audience, event.brand_id):
            await self._hand_over(item.frame)
            self._told = event.seq

    def _ended(self, event: Logged) -> bool:
        return event.type == "sign_in.ended" and self._actor.sign_in_id in event.fact["sign_in_ids"]

    async def _pass_on(self, frame: str) -> None:
        """Presence goes to those who see the ticket's brand; the brand itself is not sent."""
        told: dict[str, Any] = orjson.loads(frame)
        if told["kind"] == "close":
            raise _Closed(RESTART)
        if sees(self._actor, told.pop("brand_id")):
            await self._frame(told)

    async def _recheck(self, *, now_please: bool = False) -> None:
        """A sign-in, role or team may have changed: what the agent may see is asked again."""
        if not now_please and (now() - self._checked).total_seconds() < RECHECK_SECONDS:
            return
        self._checked = now()
        async with transaction() as tx:
            actor = await actor_now(tx, self._actor.sign_in_id or "")
        if actor is None:
            raise _Closed(SIGNED_OUT)
        self._actor = actor

    async def _heartbeat_if_behind(self) -> None:
        """A console that may see little still learns how far the log has gone."""
        if self._told < self._sent:
            await self._heartbeat()

    async def _heartbeat(self) -> None:
        self._told = self._sent
        await self._frame({"kind": "heartbeat", "seq": self._sent})

    async def _frame(self, frame: dict[str, Any]) -> None:
        await self._hand_over(orjson.dumps(frame).decode())

    async def _hand_over(self, text: str) -> None:
        try:
            async with asyncio.timeout(_TAKE_SECONDS):
                await self._ws.send_text(text)
        except TimeoutError as slow:
            raise _Closed(TOO_SLOW) from slow

    async def _read(self) -> None:
        """Upstream there is only presence; every deed is an HTTP request with a status."""
        while True:
            try:
                text = await self._ws.receive_text()
            except KeyError as bad:  # a frame of bytes
                raise _Closed(BAD_FRAME) from bad
            if len(text) > _LONGEST_FRAME:
                raise _Closed(BAD_FRAME)
            try:
                said = orjson.loads(text)
                kind, ticket_id, doing = said["kind"], said["ticket_id"], said["doing"]
                strange = kind != "presence" or doing not in {"viewing", "typing", "left"}
            except (ValueError, KeyError, TypeError) as bad:
                raise _Closed(BAD_FRAME) from bad
            if strange or (isinstance(ticket_id, str) and "\0" in ticket_id):
                raise _Closed(BAD_FRAME)
            brand = await brand_of_ticket(self._actor, ticket_id) if isinstance(ticket_id, str) else None
            where = ticket_id if brand else None
            await presence.say(self._id, self._actor.agent_id, where, doing, brand)


async def serve(websocket: WebSocket, hub: Hub, after: int) -> None:
    """Open a console's connection: its cookie says who it is, its Origin that it is our page."""
    await websocket.accept()
    try:
        async with transaction() as tx:
            actor = await actor_of(tx, websocket.cookies.get(COOKIE))
    except (SQLAlchemyError, OSError) as problem:
        log.warning("console_sent_away", problem=type(problem).__name__)
        await websocket.close(RESTART)
        return
    if actor is None or not same_origin(websocket.headers, websocket.headers.get("host", "")):
        await websocket.close(SIGNED_OUT)
        return
    if hub.closing:
        await websocket.close(RESTART)
        return
    await Console(websocket, hub, actor, after).serve()
