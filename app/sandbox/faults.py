"""Faults on demand: what a test or a curious person asked the network to do wrong, for the next n requests."""

import asyncio
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

from starlette.types import Message, Receive, Scope, Send

Kind = Literal["delay", "rate_limit", "error", "drop", "html", "broken", "hang"]


@dataclass(slots=True)
class Fault:
    """One order. `after`: the request is carried out first, and only its answer goes wrong."""

    kind: Kind
    path: str = "*"
    method: str | None = None
    times: int | None = 1  # None: until it is taken back
    skip: int = 0  # let so many matching requests pass first
    after: bool = False
    seconds: float = 0.0
    code: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    reset: bool = False  # a dropped connection ends with RST instead of FIN
    repeats_only: bool = False  # only requests with an Idempotency-Key that was seen before
    id: int = 0
    met: int = 0  # how many requests it has hit


class Faults:
    """All orders in force, oldest first."""

    def __init__(self) -> None:
        """Begin with a network that works."""
        self.orders: list[Fault] = []
        self.keys: set[str] = set()
        self._number = 0

    def add(self, fault: Fault) -> Fault:
        """Put an order in force."""
        self._number += 1
        fault.id = self._number
        self.orders.append(fault)
        return fault

    def clear(self, fault_id: int | None = None) -> None:
        """Take back one order, or all."""
        self.orders = [] if fault_id is None else [fault for fault in self.orders if fault.id != fault_id]

    def hits(self, method: str, path: str, key: str | None) -> list[Fault]:
        """Answer the orders that strike this request, in the order they were given, and use them up."""
        seen = key is not None and key in self.keys
        if key:
            self.keys.add(key)
        struck: list[Fault] = []
        for fault in tuple(self.orders):
            if not fnmatchcase(path, fault.path) or fault.method not in {None, method}:
                continue
            if fault.repeats_only and not seen:
                continue
            if fault.skip:
                fault.skip -= 1
                continue
            fault.met += 1
            struck.append(fault)
            if fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    self.orders.remove(fault)
            if fault.kind != "delay":
                break
        return struck


async def hang(receive: Receive) -> None:
    """Say nothing until the client gives up."""
    while (await receive())["type"] not in {"http.disconnect", "websocket.disconnect"}:
        pass


async def drop(scope: Scope, receive: Receive, send: Send, *, reset: bool) -> None:
    """End the connection without an answer; a server that does not offer that gets half an answer sent instead."""
    end = scope.get("extensions", {}).get("sandbox.reset" if reset else "sandbox.drop")
    if end is None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
        return
    end()
    await hang(receive)


async def answer_wrongly(fault: Fault, send: Send, kept: list[Message]) -> None:
    """Send the wrong answer a fault orders, in the place of what the request made."""
    headers = dict(fault.headers)
    if fault.kind == "html":
        headers["content-type"] = "text/html"
        await respond(send, fault.code, headers, b"<html>Bad gateway</html>")
    elif fault.kind == "broken":
        whole = b"".join(one.get("body", b"") for one in kept)
        await respond(send, 200, headers, whole[: len(whole) // 2] if len(whole) > 1 else b'{"id": "1')
    else:
        words = {429: "Too many requests", 503: "There was a temporary problem serving your request, please try again"}
        body = f'{{"error":"{words[fault.code]}"}}'.encode() if fault.code in words else b""
        await respond(send, fault.code, headers, body)


async def respond(send: Send, code: int, headers: dict[str, str], body: bytes) -> None:
    """Send a whole answer; it is JSON unless the headers say otherwise."""
    said = {"content-type": "application/json; charset=utf-8"} | {
        name.lower(): value for name, value in headers.items()
    }
    raw = [(name.encode(), value.encode()) for name, value in said.items()]
    raw.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": code, "headers": raw})
    await send({"type": "http.response.body", "body": body})


async def pause(seconds: float) -> None:
    """Wait as long as an order says."""
    await asyncio.sleep(max(0.0, seconds))
