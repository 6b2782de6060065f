"""Whether and how a customer's posts can be answered on their network now: the adapter's rule over our rows."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from app.brands.account import bare_account
from app.brands.models import BrandAccount
from app.networks.answerable import Answerable, Asked
from app.networks.port import Account, Network
from app.networks.registry import networks
from app.tickets.models import Message
from app.tickets.views import AnswerableView, Lane

LISTENS_ONLY: Final = "answer.only_listens"
NOT_KNOWN: Final = "answer.unknown_network"


def listens_only(adapter: Network) -> bool:
    """Whether nothing at all can be answered there from here."""
    return adapter.can.isdisjoint({"public", "private"})


def can_answer(answerable: Answerable, lane: str) -> bool:
    """Whether an answer may leave from here in this lane."""
    return answerable.how == "yes" or (answerable.how == "private_only" and lane == "private")


def answerable_of(account: BrandAccount, message: Message, at: datetime, lane: Lane | None = None) -> Answerable:
    """The adapter's answer for this post at `at`; asks nobody, and needs no credentials."""
    return answerable_all(account, [message], at, lane)[0]


def answerable_all(
    account: BrandAccount, messages: Iterable[Message], at: datetime, lane: Lane | None = None
) -> list[Answerable]:
    """The adapter's answers for these posts of one account, in their order; for one lane, or for any."""
    adapter = networks().get(account.network)
    if adapter is None:
        return [Answerable("no", NOT_KNOWN, url=message.url) for message in messages]
    bare, listening = bare_account(account), listens_only(adapter)
    return [_one(adapter, bare, message, at, lane, listening=listening) for message in messages]


def _one(
    adapter: Network, account: Account, message: Message, at: datetime, lane: Lane | None, *, listening: bool
) -> Answerable:
    asked = Asked(
        remote_id=message.remote_id,
        author_remote_id=str(message.author.get("remote_id", "")),
        role=message.role or _role(message),
        visibility=message.visibility,
        posted_at=message.posted_at,
        url=message.url,
        vanished=message.vanished_at is not None,
        facts=message.facts,
        lane=lane,
    )
    answer = adapter.answerable(account, asked, at)
    if listening and answer.how in {"yes", "private_only"}:
        answer = replace(answer, how="by_hand" if message.url else "no", why=answer.why or LISTENS_ONLY)
    return answer if answer.url is not None or answer.how != "by_hand" else replace(answer, url=message.url)


def newest_answerable(
    account: BrandAccount, newest_first: Iterable[Any], at: datetime, lane: Lane | None = None
) -> tuple[Any, Answerable] | None:
    """The newest of these posts that can be answered in the lane (in any, without one), else the newest of all."""
    first: tuple[Any, Answerable] | None = None
    for message in newest_first:
        found = message, answerable_of(account, message, at, lane)
        if can_answer(found[1], lane or "private"):
            return found
        first = first or found
    return first


def answerable_view(answerable: Answerable) -> AnswerableView:
    """The adapter's answer as the console shows it."""
    return AnswerableView(
        how=answerable.how,
        why=answerable.why,
        until=answerable.until,
        url=answerable.url,
        notes=list(answerable.notes),
    )


def _role(message: Message) -> str:
    """What a post from before roles were kept most likely was."""
    if message.kind != "customer":
        return "own" if message.kind == "brand" else "other"
    return "direct" if message.lane == "private" else "mention"
