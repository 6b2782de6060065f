"""Pages: max_id, since_id, min_id and limit over a shelf of ids, and the Link header that leads on."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from typing import TypeVar
from urllib.parse import urlencode

from starlette.responses import Response

from app.sandbox.api.door import Call, answer
from app.sandbox.failures import Refusal
from app.sandbox.records import Json

T = TypeVar("T")

_CURSORS = ("max_id", "since_id", "min_id")


def limit(call: Call, default: int, most: int) -> int:
    """Read `limit`: never above `most`; nonsense is nothing on Mastodon and refused by GoToSocial."""
    given = call.text("limit")
    if given is None:
        return default
    if not given.removeprefix("-").isdecimal():
        if not call.world.flavour.honours_keys:
            raise Refusal(400, {"error": f"Bad Request: error parsing {given} as int"})
        return 0
    asked = abs(int(given))
    if asked == 0 and not call.world.flavour.honours_keys:
        return default
    return min(asked, most)


def window(call: Call, shelf: list[str], size: int, find: Callable[[str], T | None]) -> list[tuple[str, T]]:
    """Answer a page of a shelf (oldest id first) as pairs of id and thing, newest first.

    `min_id` gives the page right after it, `since_id` the newest page above it. `find` answers None to leave one out.
    """
    key = call.world.key
    after, since, before = (_cursor(call, call.text(name)) for name in ("min_id", "since_id", "max_id"))
    low = 0
    floor = after if after is not None else since
    if floor is not None:
        low = bisect_right(shelf, key(floor), key=key)
    high = len(shelf) if before is None else bisect_left(shelf, key(before), key=key)
    places: Iterable[int] = range(low, high) if after is not None else range(high - 1, low - 1, -1)
    page: list[tuple[str, T]] = []
    for place in places:
        if len(page) >= size:
            break
        thing = find(shelf[place])
        if thing is not None:
            page.append((shelf[place], thing))
    return page[::-1] if after is not None else page


def paged(call: Call, ids: list[str], bodies: list[Json], size: int) -> Response:
    """Make the answer with its Link header: `next` is older, `prev` newer."""
    if not ids:
        return answer(bodies)
    kept = [(name, value) for name, value in call.request.query_params.multi_items() if name not in _CURSORS]
    address = f"{call.world.address}{call.request.url.path}"
    older = urlencode([*kept, ("max_id", ids[-1])])
    newer = urlencode([*kept, ("min_id", ids[0])])
    links = [f'<{address}?{newer}>; rel="prev"']
    if len(ids) == size or not call.world.flavour.honours_keys:
        links.insert(0, f'<{address}?{older}>; rel="next"')
    return answer(bodies, headers={"Link": ", ".join(links)})


def _cursor(call: Call, given: str | None) -> str | None:
    """Read a cursor: Mastodon takes nonsense as zero, GoToSocial compares it as it is and finds nothing after it."""
    if given is None or given == "":
        return None
    if call.world.flavour.numeric_ids and not given.isdecimal() and given not in call.world.statuses:
        return ""
    return given
