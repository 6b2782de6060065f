"""read_range(): which bytes a Range header asks for (RFC 9110, section 14); pure."""

import re
from typing import Final

_ONE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def read_range(header: str | None, size: int) -> tuple[int, int] | None:
    """The first and last byte asked for, both with it; null for all of it, also where several stretches are asked for.

    Raises ValueError where there are no such bytes.
    """
    found = _ONE.fullmatch(header.strip()) if header else None
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if first == "":
        begins, ends = max(size - int(last), 0), size - 1
    else:
        begins, ends = int(first), min(int(last), size - 1) if last else size - 1
    if last and first and int(last) < int(first):
        return None  # no range at all: such a header says nothing
    if begins > ends:
        raise ValueError(header)
    return begins, ends
