"""What Sentry would receive: a server on loopback that takes envelopes and keeps them."""

import gzip
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


class Receiver:
    """Takes envelopes at the address of its `dsn` while it is open."""

    def __init__(self) -> None:
        self.items: list[tuple[str, dict[str, Any]]] = []
        self.raw: list[str] = []
        received = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                received.take(gzip.decompress(body) if self.headers.get("content-encoding") == "gzip" else body)
                self.send_response(200)
                self.send_header("content-length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.dsn = f"http://public@127.0.0.1:{self._server.server_address[1]}/7"

    def take(self, envelope: bytes) -> None:
        """Keep an envelope: a header, then pairs of an item's header and its payload, a line each."""
        lines = envelope.decode().splitlines()
        self.raw.append(envelope.decode())
        for header, payload in zip(lines[1::2], lines[2::2], strict=False):
            self.items.append((json.loads(header)["type"], json.loads(payload)))

    def of(self, kind: str, name: str = "") -> list[dict[str, Any]]:
        """What came of one kind, `transaction` or `event`, by the beginning of its name."""
        return [
            item for known, item in list(self.items) if known == kind and item.get("transaction", "").startswith(name)
        ]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
