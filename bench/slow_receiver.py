"""A receiver of webhooks that thinks for a while about each, in a process of its own: `python -m bench.slow_receiver PORT SECONDS`."""

import asyncio
import json
import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


class Taken:
    """What arrived: by address the number and ticket of each event, in the order in which it came."""

    def __init__(self, seconds: float) -> None:
        """Each answer takes so long."""
        self._seconds = seconds
        self._taken: list[tuple[str, int, str | None]] = []

    async def take(self, request: Request) -> Response:
        """Take a delivery, think, and say yes."""
        data = json.loads(await request.body())["data"]
        self._taken.append((request.url.path, data["seq"], data["ticket_id"]))
        await asyncio.sleep(self._seconds)
        return Response(status_code=204)

    async def taken(self, _: Request) -> Response:
        """Everything that arrived."""
        return JSONResponse(self._taken)


def main(port: int, seconds: float) -> None:
    """Serve until a signal."""
    taken = Taken(seconds)
    routes = [Route("/taken", taken.taken), Route("/{name}", taken.take, methods=["POST"])]
    print("answers", flush=True)
    uvicorn.run(Starlette(routes=routes), host="127.0.0.1", port=port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
