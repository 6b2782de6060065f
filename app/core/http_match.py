"""seen_revision(), demanded_revision(): what the asker saw of a thing, from the body or from If-Match, the header HTTP has for it."""

import re
from typing import Annotated, Final, Protocol

from fastapi import Header, Response
from pydantic import Field

from app.core.errors import DeskError, Invalid

_ETAG: Final = re.compile(r'(?:W/)?"([0-9]{1,10})"')

Seen = Annotated[
    int | None,
    Field(ge=0, le=2**31 - 1, description="the revision you saw; an older one is refused with 409"),
]
"""The same in a body or a question."""

IfMatch = Annotated[
    str | None,
    Header(
        max_length=100,
        json_schema_extra={"pattern": r'^(\*|(W/)?"[0-9]{1,10}")$'},
        description='the revision you saw, such as "7", or * for any; an older one is refused with 409',
    ),
]


class MatchUnreadable(Invalid):
    """If-Match is the revision of the thing in quotes, or *; it says the same as `revision` if both are given."""


class RevisionMissing(DeskError):
    """Say which revision you saw, in `revision` or in If-Match, so that nobody's change is overwritten unseen."""

    status = 428


class Revised(Protocol):
    """What counts its changes."""

    @property
    def revision(self) -> int:
        """From 1, one more with each change."""


def seen_revision(revision: int | None, if_match: str | None) -> int | None:
    """The revision that must still be the present one; null for any. Raises MatchUnreadable."""
    if if_match is None or if_match.strip() == "*":
        return revision
    found = _ETAG.fullmatch(if_match.strip())
    if found is None or (revision is not None and revision != int(found[1])):
        raise MatchUnreadable(field="If-Match")
    return int(found[1])


def demanded_revision(revision: int | None, if_match: str | None) -> int | None:
    """The same, where it must be said: null only when If-Match is *. Raises RevisionMissing, MatchUnreadable."""
    if revision is None and if_match is None:
        raise RevisionMissing(field="revision")
    return seen_revision(revision, if_match)


def say_revision(response: Response, thing: Revised) -> None:
    """Write the thing's revision into the header that If-Match repeats."""
    response.headers["ETag"] = f'"{thing.revision}"'
