"""Recorded payloads, and whose they are."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.networks.adapters.x.translate import Around, Reader, around, to_inbound
from app.networks.port import Inbound, Reject

READER = Reader("1111111111111111111", "brand", datetime(2026, 9, 1, tzinfo=UTC))


def sample(name: str) -> Any:
    (path,) = (Path(__file__).parent / "samples").glob(f"{name}*.json")
    return json.loads(path.read_text())


def posts(name: str) -> list[Inbound | Reject]:
    """The posts of a recorded page, read with what came along."""
    page = sample(name)
    near: Around = around(page.get("includes"))
    return [to_inbound(one, READER, near) for one in page["data"]]


def post(name: str, number: int = 0) -> Inbound:
    read = posts(name)[number]
    assert isinstance(read, Inbound)
    return read
