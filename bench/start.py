"""How long the embedded PostgreSQL takes to be there: made anew, started again, attached to."""

import asyncio
import tempfile
import time
from pathlib import Path

from app.core import embedded
from bench.figures import Figure


async def measure() -> list[Figure]:
    """Seconds for each, and for stopping."""
    return await asyncio.to_thread(_measure)


def _measure() -> list[Figure]:
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        data = Path(folder) / "data"
        for name in ("made anew", "started again"):
            began = time.perf_counter()
            server = embedded.start(data)
            figures.append(Figure(name, time.perf_counter() - began, "s"))
            began = time.perf_counter()
            other = embedded.start(data)
            attached = time.perf_counter() - began
            other.stop()
            began = time.perf_counter()
            server.stop()
            stopped = time.perf_counter() - began
        figures += [Figure("attached to", attached, "s"), Figure("stopped", stopped, "s")]
    return figures
