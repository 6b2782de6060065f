"""Whether X lets us answer a post by its API, and the way there where it does not; pure."""

from typing import Final

from app.networks.adapters.x import ids
from app.networks.answerable import Answerable, Asked
from app.networks.port import Account

_SITE: Final = "https://x.com"


def answerable(account: Account, asked: Asked) -> Answerable:
    """How a post can be answered.

    Since February 2026 the API answers only those who named the account or quoted one of its posts ("summoned it"),
    but for apps of an Enterprise plan. Whoever names us may be answered by us whatever else they set.
    """
    if asked.vanished:
        return Answerable("no", "answer.vanished")
    name = ids.read_name(asked.remote_id)
    if name is not None and name.kind == "encrypted":
        return Answerable("by_hand", "answer.x.encrypted", url=f"{_SITE}/messages")
    if asked.visibility == "direct":
        return Answerable()
    facts = asked.facts
    by_hand = asked.url or f"{_SITE}/i/status/{asked.remote_id}"
    names_us, exempt = facts.get("names_us") is True, account.traits.get("exempt") is True
    if not facts or names_us:
        doubtful = facts.get("only_as_reply") is True and not exempt
        return Answerable(notes=("answer.x.link_costs", *(("answer.x.may_refuse",) if doubtful else ())))
    if facts.get("settings", "everyone") != "everyone":
        return Answerable("by_hand", "answer.x.replies_restricted", url=by_hand)
    if facts.get("quotes_us") is True or exempt:
        return Answerable(notes=("answer.x.link_costs",))
    return Answerable("by_hand", "answer.x.not_summoned", url=by_hand)
