"""Databases of their own for worlds: a clone on the tests' server, or a whole server that may be stopped hard."""

import os
import random
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests import postgres
from tests.faults.processes import Ground, Zygote


@pytest.fixture(autouse=True)
def drawn() -> None:
    """Everything drawn in a run comes from one number; `FAULTS_SEED` gives that of a run that failed, which says it."""
    seed = int(os.environ.get("FAULTS_SEED") or secrets.randbits(32))
    random.seed(seed)
    print(f"FAULTS_SEED={seed}")  # noqa: T201 - pytest shows it with what failed


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
