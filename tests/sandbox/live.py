"""A running sandbox for any test: a real server on a free loopback port, and a hand to steer it with.

    with start_sandbox() as sandbox:                      # or `async with`, or flavour="gotosocial"
        brand = sandbox.brand("acme")                     # .id, .handle, .token
        post = sandbox.post_as("nora", "@acme it is down")         # the status entity; nora is made when new
        sandbox.post_as("nora", "@acme psst", visibility="direct", in_reply_to_id=post["id"])
        sandbox.fault("drop", path="/api/v1/statuses", method="POST", after=True)   # posted, but no answer
        assert [one["text"] for one in sandbox.posts(author="acme")] == []

The server runs in a thread of its own with its own loop, so the control methods are plain calls that also work inside
async tests. Everything goes over HTTP; nothing reaches into the server. `sandbox.control(method, path, **body)` is the
way to whatever has no method here (see app/sandbox/control/).
"""

import asyncio
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import httpx2

from app.core.port import address_of
from app.sandbox.run import bind, make_server


@dataclass(frozen=True)
class LiveBrand:
    """A brand's account with its token."""

    id: str
    handle: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


class Sandbox:
    """A running sandbox and the hand that steers it. Make it with start_sandbox()."""

    def __init__(self, *, flavour: str, folder: Path | None, port: int) -> None:
        self.flavour = flavour
        self.folder = folder
        self._port = port

    def start(self) -> Self:
        """Start serving; returns when the server answers."""
        self._socket = bind("127.0.0.1", self._port)
        self.base_url = address_of(self._socket, "127.0.0.1")
        self._port = self._socket.getsockname()[1]  # the same one after stop() and start()
        self._server = make_server(self._socket, "127.0.0.1", flavour=self.flavour, folder=self.folder)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        deadline = time.monotonic() + 20
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                raise RuntimeError("the sandbox did not start")
            time.sleep(0.005)
        self._http = httpx2.Client(base_url=self.base_url, timeout=60, trust_env=False)
        return self

    def _run(self) -> None:
        with asyncio.Runner() as runner:
            runner.run(self._server.serve([self._socket]))

    def stop(self) -> None:
        """Stop serving; with a folder, start() goes on where it stopped."""
        self._http.close()
        self._server.should_exit = True
        self._thread.join(20)
        self._socket.close()
        assert not self._thread.is_alive(), "the sandbox did not stop"

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        return await asyncio.to_thread(self.start)

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self.stop)

    # --- the control interface -------------------------------------------------------------------------------------

    def control(self, method: str, path: str, /, **body: Any) -> Any:
        """Call /sandbox/<path> and answer its JSON; what went wrong is raised with the sandbox's own sentence."""
        url = f"/sandbox/{path.lstrip('/')}"
        answer = self._http.request(method, url, **({"params": body} if method == "GET" else {"json": body}))
        assert answer.is_success, f"{method} {url}: {answer.status_code} {answer.text}"
        return answer.json()

    def brand(self, handle: str = "acme", name: str = "", **more: Any) -> LiveBrand:
        """Make a brand's account with a full token. `filters_private=True` hides private mentions as servers may do."""
        made = self.control("POST", "brands", handle=handle, name=name, **more)
        return LiveBrand(made["account"]["id"], made["account"]["acct"], made["token"])

    def person(self, handle: str, name: str = "", **more: Any) -> dict[str, Any]:
        """Make or find a person; "alice@toot.example" is somebody of another server. Answers the account entity."""
        return self.control("POST", "people", handle=handle, name=name, **more)

    def token(self, handle: str, scopes: list[str] | None = None) -> str:
        """A token for anybody; all scopes unless some are named."""
        return self.control("POST", "tokens", handle=handle, **({"scopes": scopes} if scopes else {}))["token"]

    def revoke(self, token: str) -> None:
        """Revoke a token: its next request is a 401, its streams end."""
        self.control("POST", "tokens/revoke", token=token)

    def post_as(self, handle: str, text: str, **more: Any) -> dict[str, Any]:
        """Post as anybody. `more`: visibility (public), in_reply_to_id, spoiler_text, sensitive, language, media_ids,
        quoted_status_id, application. Answers the status entity."""
        return self.control("POST", "posts", **{"as": handle}, text=text, **more)

    def quote(self, handle: str, status_id: str, text: str) -> dict[str, Any]:
        """Quote a post as anybody."""
        return self.post_as(handle, text, quoted_status_id=status_id)

    def edit(self, status_id: str, text: str, spoiler_text: str | None = None) -> dict[str, Any]:
        """Edit anybody's post."""
        return self.control("PUT", f"posts/{status_id}", text=text, spoiler_text=spoiler_text)

    def delete(self, status_id: str) -> None:
        """Delete anybody's post."""
        self.control("DELETE", f"posts/{status_id}")

    def boost(self, handle: str, status_id: str) -> dict[str, Any]:
        """Boost a post as anybody."""
        return self.control("POST", f"posts/{status_id}/boost", **{"as": handle})

    def favourite(self, handle: str, status_id: str) -> dict[str, Any]:
        """Like a post as anybody."""
        return self.control("POST", f"posts/{status_id}/favourite", **{"as": handle})

    def block(self, who: str, whom: str, *, on: bool = True) -> None:
        """Let somebody block somebody (on=False: no longer)."""
        self.control("POST", "blocks", who=who, whom=whom, on=on)

    def posts(self, author: str | None = None, text: str | None = None) -> list[dict[str, Any]]:
        """Everything the network holds, private posts too, oldest first: id, author, text, visibility, in_reply_to_id,
        mentions, media, application, uri ... `text` keeps those that contain it."""
        return self.control("GET", "posts", **{k: v for k, v in (("author", author), ("text", text)) if v})

    def fault(self, kind: str, path: str = "*", **more: Any) -> dict[str, Any]:
        """Let the next request(s) to a path go wrong.

        kind: delay (seconds) | rate_limit (seconds until reset; 0: without headers) | error (code) | drop | html (502)
        | broken (half the JSON) | hang. `after=True`: the request is carried out, only its answer goes wrong.
        `times` (1; None: until cleared), `skip` the first n, `method`, `headers`, `reset` (RST instead of FIN),
        `repeats_only` (only a repeated Idempotency-Key). Paths take * as in "/api/v1/statuses/*".
        """
        return self.control("POST", "faults", kind=kind, path=path, **more)

    def clear_faults(self) -> None:
        """Take every fault back."""
        self.control("DELETE", "faults")

    def options(self, **more: Any) -> dict[str, Any]:
        """picture_seconds, rate_limit, paging_limit, clock_shift (seconds ahead), silent_streams."""
        return self.control("POST", "options", **more)

    def cut_streams(self) -> int:
        """End every open stream; answers how many there were."""
        return self.control("POST", "streams/cut")["cut"]

    def overview(self) -> dict[str, Any]:
        """Numbers: people, brands, posts, notifications, listeners."""
        return self.control("GET", "overview")

    def reset(self) -> None:
        """Forget everything; ids keep growing."""
        self.control("POST", "reset")


def start_sandbox(flavour: str = "mastodon", *, folder: Path | None = None, port: int = 0) -> Sandbox:
    """Make a sandbox to be used as a (sync or async) context manager, or with start() and stop()."""
    return Sandbox(flavour=flavour, folder=folder, port=port)
