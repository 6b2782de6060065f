"""Refuses files that are too large to be read by anybody: what is generated or recorded belongs elsewhere."""

import sys
from pathlib import Path

_LARGEST_BYTES = 600_000


def too_large(paths: list[Path]) -> list[Path]:
    """Those of the paths that are files over the limit."""
    return [path for path in paths if path.is_file() and path.stat().st_size > _LARGEST_BYTES]


def work() -> int:
    """Name each file that is too large; pre-commit gives the paths."""
    found = too_large([Path(argument) for argument in sys.argv[1:]])
    for path in found:
        sys.stderr.write(f"{path} is larger than {_LARGEST_BYTES // 1000} kB.\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(work())
