"""seen_revision(): what the asker saw of a thing, from the body or from If-Match, the header HTTP has for it."""

import re
from typing import Annotated, Final

from fastapi import Header

from app.core.errors import Invalid

_ETAG: Final = re.compile(r'(?:W/)?"([0-9]{1,10})"')

IfMatch = Annotated[
    str | None,
    Header(max_length=100, description='the revision you saw, such as "7"; an older one is refused with 409'),
]


class MatchUnreadable(Invalid):
    """If-Match is the revision of the thing in quotes, or *; it says the same as `revision` if both are given."""


def seen_revision(revision: int | None, if_match: str | None) -> int | None:
    """The revision that must still be the present one; null for any. Raises MatchUnreadable."""
    if if_match is None or if_match.strip() == "*":
        return revision
    found = _ETAG.fullmatch(if_match.strip())
    if found is None or (revision is not None and revision != int(found[1])):
        raise MatchUnreadable(field="If-Match")
    return int(found[1])
