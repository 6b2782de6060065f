"""What an answer that is no success means, in the words of networks.errors."""

from datetime import datetime

from app.core.client import Answer
from app.networks.errors import Gone, NetworkError, RateLimited, Rejected, Transient, Unauthorized, Unknown
from app.networks.foreign import member, words
from app.networks.retry_after import retry_at


def failure(answer: Answer, *, wrote: bool, one_post: bool, now: datetime) -> NetworkError | None:
    """Name what went wrong, or None when nothing did.

    `wrote`: the request publishes, so an answer that leaves its fate open is Unknown and not Transient. `one_post`:
    the request names a post, so 404 and 410 say that it is gone.
    """
    status = answer.status
    if 200 <= status < 300:
        return None
    said = sentence(answer)
    if status == 401:
        return Unauthorized(said)
    if status == 429 or (status == 503 and "retry-after" in answer.headers and not _is_page(answer)):
        return RateLimited(said, retry_at=retry_at(answer.headers, now))
    if status in {404, 410} and one_post:
        return Gone(said)
    if status == 403 and not one_post:
        return Unauthorized(said)
    if status in {408, 425} or status >= 500:
        return Unknown(said) if wrote else Transient(said)
    if 300 <= status < 400:
        where = words(answer.headers.get("location"), 200) or "elsewhere"
        return Rejected(f"The server sends us to {where}; connect the account with that address.")
    return Rejected(said)


def sentence(answer: Answer) -> str:
    """The server's own words, from a JSON error; never a page of HTML. Without any, its status code."""
    try:
        body = answer.json()
    except ValueError:
        body = None
    said = words(member(body, "error_description"), 300) or words(member(body, "error"), 300)
    return said or f"The server answered {answer.status}."


def _is_page(answer: Answer) -> bool:
    return "html" in answer.headers.get("content-type", "") or answer.body.lstrip()[:1] == b"<"
