"""Databases of their own for worlds: a clone on the tests' server, or a whole server that may be stopped hard."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests import postgres
from tests.faults.processes import Ground, Zygote


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    """What forks the product's processes."""
    made = Zygote()
    yield made
    made.close()


@pytest.fixture
def ground(zygote: Zygote) -> Iterator[Ground]:
    """A folder of a short name that every account can reach, and the zygote."""
    with tempfile.TemporaryDirectory(prefix="md-") as made:
        Path(made).chmod(0o755)
        yield Ground(Path(made), zygote)


@pytest.fixture
def own_database(template: str) -> Iterator[str]:
    """A migrated database on the tests' server."""
    url = postgres.clone(f"faults_{uuid4().hex[:8]}", template)
    yield url
    postgres.drop(url)
