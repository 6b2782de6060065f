"""say_next(): where the next page is, in the header that HTTP has for it (RFC 8288)."""

from fastapi import Request, Response


def say_next(request: Request, response: Response, **onward: str | int | None) -> None:
    """Write a Link with rel="next" to the same address with these parameters; none when one of them is null."""
    if None not in onward.values():
        address = request.url.include_query_params(**onward)
        response.headers["Link"] = f'<{address.path}?{address.query}>; rel="next"'
