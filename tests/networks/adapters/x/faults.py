"""What goes wrong at the double of X: scripted, before or after a request was carried out."""

import json
import re
import time
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass
class Fault:
    kind: str  # drop, error, html, broken, rate_limit, or answer
    path: str = ".*"
    method: str = "*"
    after: bool = False
    times: int | None = 1
    seconds: int = 40
    status: int = 500
    body: Any = None


class Faulty:
    """Lets each request through to the app unless a fault is meant for it; keeps a list of what was asked."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.faults: list[Fault] = []
        self.asked: list[tuple[str, str, str]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self.asked.append((scope["method"], scope["path"], scope["query_string"].decode()))
        fault = self._meant_for(scope)
        if fault is None:
            await self._app(scope, receive, send)
            return
        if fault.after:
            await self._app(scope, receive, _swallow)
        else:
            while (await receive()).get("more_body"):
                continue
        if fault.kind == "drop":
            scope["extensions"]["sandbox.drop"]()
            return
        status, headers, body = _wrong(fault)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _meant_for(self, scope: Scope) -> Fault | None:
        for fault in self.faults:
            if fault.method in {"*", scope["method"]} and re.fullmatch(fault.path, scope["path"]) and fault.times != 0:
                fault.times = None if fault.times is None else fault.times - 1
                return fault
        return None


async def _swallow(_message: Message) -> None:
    return


def _wrong(fault: Fault) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    as_json = [(b"content-type", b"application/problem+json")]
    if fault.kind == "html":
        return 502, [(b"content-type", b"text/html")], b"<html><body>Bad gateway</body></html>"
    if fault.kind == "broken":
        return 200, as_json, b'{"data": [{"id": "1"'
    if fault.kind == "rate_limit":
        reset = [(b"x-rate-limit-limit", b"300"), (b"x-rate-limit-remaining", b"0")]
        reset.append((b"x-rate-limit-reset", str(int(time.time()) + fault.seconds).encode()))
        body = {"title": "Too Many Requests", "detail": "Too Many Requests", "type": "about:blank", "status": 429}
        return 429, [*as_json, *reset], json.dumps(body).encode()
    body = fault.body or {"title": "Service Unavailable", "detail": "Service Unavailable", "type": "about:blank"}
    return fault.status if fault.kind == "answer" else 503, as_json, json.dumps(body).encode()
