"""What an answer that is no success means, in the words of networks.errors."""

from datetime import datetime, timedelta
from typing import Any, Final

import regex

from app.core.client import Answer
from app.networks.errors import Gone, NetworkError, RateLimited, Rejected, Transient, Unauthorized, Unknown
from app.networks.foreign import member, objects, words
from app.networks.retry_after import retry_at

_PAID_AGAIN: Final = timedelta(minutes=15)
"""When credits ran out somebody has to buy some: it is looked at again after this."""
_MONEY: Final = regex.compile(r"credit|usage.?cap|\bspend", regex.IGNORECASE)
_NOT_THERE: Final = ("deleted or not visible", "not found", "resource-not-found")
_GONE: Final = ("resource-not-found", "not-authorized-for-resource", "resource-unavailable")


class Duplicate(Rejected):
    """X does not take the same text twice in a short time. Say it in other words."""


def failure(answer: Answer, *, wrote: bool, act: bool = False, now: datetime) -> NetworkError | None:
    """Name what went wrong, or None when nothing did.

    `wrote`: the request publishes, so an answer that leaves its fate open is Unknown and not Transient, and a refusal
    is about this post and not about the sign-in; so it is of an `act`, which leaves nothing behind that matters.
    """
    status, body = answer.status, _body(answer)
    if 200 <= status < 300:
        return None
    said = sentence(body, status)
    if status == 401:
        return Unauthorized(said)
    if status == 402 or (status in {403, 429} and _is_about_money(body)):
        return RateLimited(
            f"X answers nothing more for this developer app: its credits or its spending limit are used up ({said}). Buy credits or raise the limit in the developer console.",
            retry_at=now + _PAID_AGAIN,
        )
    if status == 429:
        return RateLimited(said, retry_at=retry_at(answer.headers, now))
    if status in {408, 425} or status >= 500:
        return Unknown(said) if wrote else Transient(said)
    return _refused_post(said, body) if wrote or act else _refused_reading(said, status)


def _refused_post(said: str, body: Any) -> NetworkError:
    lower = f"{said} {member(body, 'detail')} {member(body, 'type')}".lower()
    if "duplicate content" in lower:
        return Duplicate()
    return Gone(said) if any(sign in lower for sign in _NOT_THERE) else Rejected(said)


def _refused_reading(said: str, status: int) -> NetworkError:
    return Gone(said) if status == 404 else Unauthorized(said) if status == 403 else Rejected(said)


def sentence(body: Any, status: int) -> str:
    """X's own words; without any, its status code. Never a page of HTML."""
    errors = objects(member(body, "errors"))
    first = errors[0] if errors else None
    specific = words(member(first, "message"), 300) or words(member(first, "detail"), 300)
    general = words(member(body, "detail"), 300) or words(member(body, "error_description"), 300)
    said = specific or general or words(member(body, "title"), 300) or words(member(body, "error"), 300)
    return said or f"X answered {status}."


def partial(body: Any) -> dict[str, NetworkError]:
    """What could not be given beside what was: for each id asked for, whether it is gone or hidden from us."""
    found: dict[str, NetworkError] = {}
    for error in objects(member(body, "errors")):
        about = words(error.get("resource_id"), 60) or words(error.get("value"), 60)
        kind = str(error.get("type", ""))
        if about and kind.endswith(_GONE):
            found[about] = Gone(words(error.get("detail"), 300) or "")
    return found


def _is_about_money(body: Any) -> bool:
    said = " ".join(str(member(body, name))[:300] for name in ("type", "title", "detail", "reason"))
    return _MONEY.search(said) is not None


def _body(answer: Answer) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None
