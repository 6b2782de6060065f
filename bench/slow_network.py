"""A network that takes every post and answers after a while, in a process of its own: `python -m bench.slow_network PORT SECONDS`."""

import asyncio
import itertools
import json
import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.core.clock import now


class Posts:
    """What was posted, in the order in which it came, and how many requests were open at once."""

    def __init__(self, seconds: float) -> None:
        """Each answer takes so long."""
        self._seconds = seconds
        self._numbers = itertools.count(1)
        self._taken: list[dict[str, str]] = []
        self._keys: set[str] = set()

    async def post(self, request: Request) -> Response:
        """Take a post, think, and answer as Mastodon does."""
        asked = json.loads(await request.body())
        key = request.headers.get("idempotency-key", "")
        if key in self._keys:
            raise RuntimeError("The same reply came twice.")
        self._keys.add(key)
        self._taken.append({"under": asked["in_reply_to_id"], "text": asked["status"]})
        number = next(self._numbers)
        await asyncio.sleep(self._seconds)
        at = now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        address = f"http://{request.headers['host']}/posts/{number}"
        return JSONResponse(
            {
                "id": str(number),
                "uri": address,
                "url": address,
                "created_at": at,
                "content": f"<p>{asked['status']}</p>",
                "visibility": asked["visibility"],
                "in_reply_to_id": asked["in_reply_to_id"],
                "account": {"id": "1", "username": "acme", "acct": "acme", "url": address},
                "mentions": [],
                "media_attachments": [],
                "tags": [],
                "emojis": [],
            }
        )

    async def taken(self, _: Request) -> Response:
        """Everything that was posted."""
        return JSONResponse(self._taken)

    async def forget(self, _: Request) -> Response:
        """Begin anew."""
        self._taken.clear()
        self._keys.clear()
        return JSONResponse({})


def main(port: int, seconds: float) -> None:
    """Serve until a signal."""
    posts = Posts(seconds)
    routes = [
        Route("/api/v1/statuses", posts.post, methods=["POST"]),
        Route("/taken", posts.taken),
        Route("/taken", posts.forget, methods=["DELETE"]),
    ]
    print("answers", flush=True)
    uvicorn.run(Starlette(routes=routes), host="127.0.0.1", port=port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
