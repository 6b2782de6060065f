"""reason_of(): a name that stays for each sentence said of a network, so that it can be said in any language.

What a network says itself has no such name, and is told in the network's own words.
"""

import re
from functools import cache
from typing import Any, Final

from app.core.reason import Reason
from app.networks.registry import networks

_SENTENCES: Final = {
    "unreached": r"The network could not be reached; nothing was done there, trying again is safe\.",
    "asked_to_wait": r"The network asks us to wait; nothing was done there\.",
    "refused_for_good": r"The network refused this request for good; repeating it would be refused again\.",
    "post_gone": r"The post is not there any more, or may not be seen by this account\.",
    "sign_in_over": r"The network no longer accepts this account's sign-in\.",
    "no_answer": r"The request left and no answer came: it may or may not have been carried out\.",
    "nothing_leaves": r"Nothing can be answered there from here\.",
    "server_unreached": r"The server could not be reached(?: or did not finish its answer in time)?\.",
    "answer_too_large": r"The server's answer is (?:too large to read|larger than \d+ MB)\.",
    "answer_unreadable": r"The (?:(?:server|site)'s answer|answer of \w+) could not be read\.",
    "answered": r"(?:The (?:server|site)|\w+) answered (?P<status>\d{3})\.",
    "sends_us_on": r"The server sends us to (?P<where>\S+); connect the account with that address\.",
    "no_such_server": r"There is no server named (?P<host>.+)\.",
    "private_address": r"This address lies inside a private network, where accounts may not live unless .+\.",
    "no_address": r"This is not (?:the|an) address of (?:a server|a site|the web)\. Write it like (?P<example>\S+)\.",
    "another_network": r"What answers at this address does not speak like .+\.",
    "sign_in_not_begun": r"This sign-in was not begun here, or it was finished already\. Begin again\.",
    "no_token": r"(?:The server|\w+) gave no (?:token|session)\.|The (?:server sent no code|site sent no password) back\.",
    "not_registered": r"The server did not register Mentiondesk as an application\.",
    "picture_in_work": r"(?:The server|\w+) is still working on the picture\.",
    "no_picture": r"The file is not a picture\.",
    "live_line_broke": r"The live line (?:broke|was refused) \(\w+\)\.",
    "leads_on": r"This address leads on and on to other addresses\.|The server sends us on without saying where\.",
    "budget_spent": r"The budget of this month is spent: .+",
    "account_off": r"The account was taken off\.",
    "not_found_again": r"The network did not answer and the reply was not found\. .+",
    "credentials_unreadable": r"The stored credentials cannot be opened: .+",
}
NAMES: Final = frozenset(_SENTENCES)
_VALUE: Final = re.compile(r"\\\{(\w+)\\\}")
"""A value's place in an adapter's sentence, such as `{status}`, once the sentence is escaped for a pattern."""


def reason_of(sentence: str | None) -> Reason | None:
    """The reason's name and values, the house's or a network's own; null for what a network says itself."""
    if sentence is None:
        return None
    for key, known in _known().items():
        if found := known.fullmatch(sentence):
            return Reason(key, found.groupdict())
    return None


@cache
def _known() -> dict[str, re.Pattern[str]]:
    troubles = {
        f"trouble.{name}.{key}": _VALUE.sub(r"(?P<\1>.+)", re.escape(sentence))
        for name, network in networks().items()
        for key, sentence in network.words["en"].trouble.items()
    }
    house = {f"reason.{name}": sentence for name, sentence in _SENTENCES.items()}
    return {key: re.compile(sentence) for key, sentence in (house | troubles).items()}


def why_of(sentence: str | None) -> dict[str, Any]:
    """The same, as views that show a `problem` carry it beside the sentence."""
    why = reason_of(sentence)
    return {"problem_code": why and why.key, "problem_values": dict(why.values) if why else {}}
