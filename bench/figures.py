"""A measured figure, how it compares with the baseline kept beside, and the database it was measured on."""

import contextlib
import json
import statistics
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg

from app.core import db, embedded
from app.core.migrate import migrate

HERE = Path(__file__).parent
RESULTS = HERE / "results"
BASELINES = HERE / "baselines.json"
_DATA = HERE.parent / ".run" / "bench"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its unit; `more_is_better` says which way is good."""

    name: str
    value: float
    unit: str
    more_is_better: bool = False


def percentile(values: Sequence[float], percent: int) -> float:
    """The value under which so many percent of the values lie."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def save(module: str, figures: Sequence[Figure]) -> None:
    """Keep the figures of one run, for a person or a script to compare."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{module}.json").write_text(json.dumps([asdict(figure) for figure in figures], indent=1) + "\n")


def baseline(module: str) -> dict[str, float]:
    """The figures of the machine that the baseline was measured on (2 cores), by name."""
    kept: dict[str, dict[str, float]] = json.loads(BASELINES.read_text()) if BASELINES.exists() else {}
    return kept.get(module, {})


@contextlib.asynccontextmanager
async def empty_database(pool_size: int = 20) -> AsyncIterator[str]:
    """An open, migrated, empty database on a server that keeps what it commits, as in production."""
    with embedded.start(_DATA) as server:
        url = server.url_of("bench")
        with psycopg.connect(server.url, autocommit=True) as admin:
            admin.execute("drop database if exists bench with (force)")
            admin.execute("create database bench template template0")
        migrate(url)
        db.open_database(url, pool_size=pool_size)
        try:
            yield url
        finally:
            await db.close_database()
