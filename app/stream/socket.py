"""One console's connection: attach, replay from its last seq, then live; heartbeats carry the seq; close codes say why."""

import asyncio
import random
from bisect import bisect_right
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from operator import attrgetter
from typing import Any, Final

import orjson
import structlog
from fastapi import WebSocket, WebSocketDisconnect
from sqlalchemy.exc import SQLAlchemyError

from app.access.recognise import recognise
from app.agents.current import COOKIE, actor_of
from app.agents.permit import Actor, sees
from app.core import eventlog
from app.core.clock import now
from app.core.db import Tx
from app.core.eventlog import Logged
from app.core.http import bearer, same_origin
from app.core.ids import new_id
from app.core.shared_frame import offered
from app.core.transaction import glance, transaction
from app.stream import presence
from app.stream.audience import reach_of
from app.stream.bundle import Bundle, bundle, packet
from app.stream.hub import Hub, TooSlow
from app.stream.still import actor_still
from app.stream.visible import brand_of_ticket

log = structlog.get_logger()

HEARTBEAT_SECONDS: Final = 15.0
RECHECK_SECONDS: Final = 60.0
_PAGE: Final = 500
_TAKE_SECONDS: Final = 10.0
"""So long a console may take nothing while something waits for it; then it is let go and resumes when it can."""
_CLOSE_SECONDS: Final = 1.0
_LONGEST_FRAME: Final = 2_000
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
        self._reach = reach_of(actor)
        self._sent = after
        self._told = after
        self._beat_due = True  # what it missed is followed by a heartbeat, by which it knows that it is live
        self._id = new_id("so")
        self._was_somewhere = False
        # consoles that came back together ask for their sign-ins one by one, and not all in the same moment of each minute
        self._checked = now() - timedelta(seconds=random.uniform(0, RECHECK_SECONDS / 2))  # noqa: S311 - no secret
        self._loop = asyncio.get_running_loop()
        self._write_shared = offered(websocket.scope)
        self._alarm = hub.attach(self._hand_on)
        self._handing: float | None = None  # since when the console takes nothing
        self._spoke = self._loop.time()

    async def serve(self) -> None:
        """Serve until either side ends it."""
        reading = asyncio.create_task(self._read())
        sending = asyncio.create_task(self._send())
        timer = asyncio.create_task(self._watch())
        try:
            await asyncio.wait({reading, sending, timer}, return_when=asyncio.FIRST_COMPLETED)
            for task in (sending, timer, reading):
                if task.done():
                    task.result()
        except (_Closed, TooSlow) as end:
            await self._close(end.code if isinstance(end, _Closed) else TOO_SLOW)
        except (WebSocketDisconnect, RuntimeError):
            pass
        except (SQLAlchemyError, OSError) as problem:  # the database is away: come back in a moment
            log.warning("console_sent_away", problem=type(problem).__name__)
            await self._close(RESTART)
        finally:
            self._hub.detach(self._alarm)
            for task in (reading, sending, timer):
                task.cancel()
            await asyncio.gather(reading, sending, timer, return_exceptions=True)
            if self._was_somewhere:
                with suppress(SQLAlchemyError, OSError):  # else they are forgotten after fifteen seconds
                    await presence.say(self._id, self._actor.agent_id, None, "left", None)

    async def _close(self, code: int) -> None:
        with suppress(RuntimeError, WebSocketDisconnect, TimeoutError):
            async with asyncio.timeout(_CLOSE_SECONDS):  # who takes nothing does not take this either
                await self._ws.close(code)

    async def _watch(self) -> None:
        """The only timer of a console, so that none is made per frame: heartbeats, and whether it still takes anything."""
        pause = min(HEARTBEAT_SECONDS, _TAKE_SECONDS) / 2
        await asyncio.sleep(random.uniform(0, pause))  # noqa: S311 - no secret
        while True:
            await asyncio.sleep(pause)
            at = self._loop.time()
            if self._handing is not None and at - self._handing >= _TAKE_SECONDS:
                raise _Closed(TOO_SLOW)
            if at - self._spoke >= HEARTBEAT_SECONDS:
                self._beat_due = True
            if abs((now() - self._checked).total_seconds()) >= RECHECK_SECONDS:
                self._checked, known = now(), self._actor
                found = await self._hub.stills.of(known)
                if found is None or self._actor is known:  # else an event said something newer meanwhile
                    self._be(found)
            self._alarm.wake()

    async def _send(self) -> None:
        """Replay what the hub does not hold any more, then hand on what it holds, whenever there is more of it."""
        await self._replay()
        while True:
            while (next_up := self._hub.after(self._sent, self._reach)) is not None:
                await self._take(next_up)
            for told in self._alarm.told():
                if sees(self._actor, told.brand_id):
                    await self._hand_over(told.frame)
            # a console that may hear little still learns how far the log has gone
            if self._told < self._sent or self._beat_due:
                await self._heartbeat()
            if self._hub.closing:
                raise _Closed(RESTART)
            await self._alarm.woken()

    def _hand_on(self) -> bool:
        """Called while the task rests: hand on what comes next without it. Whether there is nothing left for the task."""
        if self._beat_due or self._hub.closing:
            return False
        next_up = self._hub.after(self._sent, self._reach)
        if next_up is None:
            return True
        if next_up.turn is not None or next_up.ready is None or not self._write_shared(next_up.ready):
            return False
        self._sent, self._told = next_up.reached, next_up.told
        self._spoke = self._loop.time()
        return self._told == self._sent == self._hub.position

    async def _replay(self) -> None:
        async with self._hub.entrance, glance() as tx:
            head, pruned = await eventlog.standing(tx)
        if self._sent < pruned:
            self._sent = head
            await self._frame({"kind": "resync", "head": self._sent})
        elif self._sent > head:
            raise _Closed(TOO_OLD)  # this number is not ours: another installation, or a restored backup
        while self._sent < self._hub.floor:
            async with self._hub.entrance, glance() as tx:  # in turns, page by page: one far behind keeps nobody out
                batch = await eventlog.read_after(tx, self._sent, _PAGE)
            packets = [packet(event) for event in batch]
            if not packets:
                break
            while packets[-1].seq > self._sent:
                rest = bisect_right(packets, self._sent, key=attrgetter("seq"))
                await self._take(bundle(packets[rest:], self._reach))

    async def _take(self, next_up: Bundle) -> None:
        """Hand on one bundle. After a turn it is asked anew what may be heard, of the turn itself as well."""
        if next_up.turn is not None and await self._turns(next_up.turn):
            next_up = bundle([packet(next_up.turn)], self._reach)
        self._sent = next_up.reached
        if next_up.frame is not None and next_up.ready is not None:
            if self._write_shared(next_up.ready):
                self._spoke = self._loop.time()
            else:
                await self._hand_over(next_up.frame)
            self._told = next_up.told

    async def _turns(self, event: Logged) -> bool:
        """Whether the reach was read anew, because this event may have changed it. Ends the line of an ended sign-in."""
        if event.type == "sign_in.ended":
            if self._actor.sign_in_id in event.fact["sign_in_ids"]:
                raise _Closed(SIGNED_OUT)
            return False
        if event.type == "key.revoked":
            if event.fact["key"]["id"] == self._actor.agent_id:
                raise _Closed(SIGNED_OUT)
            return False
        if event.type == "agent.changed" and event.fact["agent"]["id"] != self._actor.agent_id:
            return False
        if event.type == "agent.changed":
            await self._recheck()
            return True
        if self._actor.lead:  # sees every brand, whatever teams and brands there are
            return False
        if self._actor.scopes is not None:  # keys are in no team: what they reach stands with them
            await self._recheck()
            return True
        brand_ids = (await self._hub.reaches.after(event.seq)).get(self._actor.agent_id)
        if brand_ids is None:
            raise _Closed(SIGNED_OUT)  # disabled meanwhile
        self._actor = replace(self._actor, brand_ids=brand_ids)
        self._reach = reach_of(self._actor)
        return True

    async def _recheck(self) -> None:
        """A sign-in, role or team may have changed: what the agent may see is asked again."""
        self._checked = now()
        async with glance() as tx:
            self._be(await actor_still(tx, self._actor))

    def _be(self, actor: Actor | None) -> None:
        """Go on as who they are now. Ends the line of who may hear nothing any more."""
        if actor is None:
            raise _Closed(SIGNED_OUT)
        self._actor, self._reach = actor, reach_of(actor)

    async def _heartbeat(self) -> None:
        self._told, self._beat_due = self._sent, False
        await self._frame({"kind": "heartbeat", "seq": self._sent})

    async def _frame(self, frame: dict[str, Any]) -> None:
        await self._hand_over(orjson.dumps(frame).decode())

    async def _hand_over(self, text: str) -> None:
        self._handing = self._spoke = self._loop.time()
        await self._ws.send_text(text)
        self._handing = None

    async def _read(self) -> None:
        """Upstream there is only presence, of people; every deed is an HTTP request with a status."""
        while True:
            try:
                text = await self._ws.receive_text()
            except KeyError as bad:  # a frame of bytes
                raise _Closed(BAD_FRAME) from bad
            if len(text) > _LONGEST_FRAME or self._actor.scopes is not None:
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
            self._was_somewhere = self._was_somewhere or where is not None
            await presence.say(self._id, self._actor.agent_id, where, doing, brand)


async def _who(tx: Tx, websocket: WebSocket) -> Actor | None:
    token = bearer(websocket.headers)
    if token is None:
        return await actor_of(tx, websocket.cookies.get(COOKIE))
    holder = await recognise(tx, token)
    return holder.actor if holder is not None and "read" in (holder.actor.scopes or ()) else None


async def serve(websocket: WebSocket, hub: Hub, after: int) -> None:
    """Open a connection: a console's cookie says who it is, its Origin that it is our page; a key is its own proof."""
    await websocket.accept()
    by_key = bearer(websocket.headers) is not None  # its use is written down
    try:
        async with hub.entrance, transaction() if by_key else glance() as tx:
            actor = await _who(tx, websocket)
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
