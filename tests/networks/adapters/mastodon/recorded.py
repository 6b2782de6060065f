"""What servers of this family were recorded to answer."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.networks.adapters.mastodon.translate import Reader

FOLDER = Path(__file__).parent / "samples"
BRAND = Reader("109000000000000001", "social.example", datetime(2026, 9, 1, tzinfo=UTC))
GTS_BRAND = Reader("01FEFQ76ZDYD767EKWN8GY78VZ", "gts.test", datetime(2026, 11, 23, tzinfo=UTC))


def recorded(name: str) -> Any:
    """One recording, by the beginning of its file's name."""
    (path,) = FOLDER.glob(f"{name}*.json")
    return json.loads(path.read_text())


def frames(name: str) -> list[str]:
    """The frames of a recorded websocket."""
    return (FOLDER / f"{name}.jsonl").read_text().splitlines()
