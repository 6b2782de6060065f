"""Which of many posts do not stand any more, by a compliance job: X answers for thousands at once, and charges nothing.

A job takes a while: it is made and its ids are handed in; what came of it is fetched by a later call.
"""

import json
from collections.abc import Sequence
from typing import Final

from app.core import client
from app.networks.adapters.x import ids
from app.networks.adapters.x.client import Api
from app.networks.adapters.x.wire import Unreadable
from app.networks.errors import Rejected, Transient
from app.networks.foreign import identifier, member, words
from app.networks.html import web_address
from app.networks.port import Account, Checked
from app.networks.reach import reaching

AT_ONCE: Final = 10_000
_WAIT_SECONDS: Final = 60.0
_LARGEST: Final = 8_000_000
"""Bytes: all of a job's posts deleted, with what is said of each."""
_OVER: Final = frozenset(("failed", "expired"))


async def vanished(account: Account, remote_ids: Sequence[str], job: str | None) -> Checked:
    """As the port promises. Private messages are left out: X says of none that it was deleted."""
    api = Api(account)
    if job is not None:
        return await _answer(api, job)
    numbers = [one for one in remote_ids if ids.is_number(one)]
    if not numbers:
        return Checked()
    made = member(await api.app("POST", "/2/compliance/jobs", {"type": "tweets"}), "data")
    number, address = identifier(member(made, "id"), 60), web_address(member(made, "upload_url"))
    if number is None or not ids.is_number(number) or address is None:
        raise Unreadable
    await _ask(api, "PUT", address, ("\n".join(numbers).encode(), "text/plain"))
    return Checked(job=number, again=_WAIT_SECONDS)


async def _answer(api: Api, job: str) -> Checked:
    told = member(await api.app("GET", f"/2/compliance/jobs/{job}"), "data")
    status = words(member(told, "status"), 60)
    if status in _OVER:
        raise Rejected(f"X did not finish looking for deleted posts ({status}).")
    if status != "complete":
        return Checked(job=job, again=_WAIT_SECONDS)
    address = web_address(member(told, "download_url"))
    if address is None:
        raise Unreadable
    answer = await _ask(api, "GET", address, None)
    return Checked(frozenset(to_deleted(answer.body)))


def to_deleted(lines: bytes) -> set[str]:
    """The posts that a job's answer, a JSON object a line, tells us to delete; lines that say nothing else are passed over."""
    found = set()
    for line in lines.splitlines():
        try:
            said = json.loads(line)
        except (ValueError, RecursionError):
            continue
        number = identifier(member(said, "id"), 60)
        if member(said, "action") == "delete" and number is not None:
            found.add(number)
    return found


async def _ask(api: Api, method: str, address: str, data: tuple[bytes, str] | None) -> client.Answer:
    """Where X keeps a job's files, which is elsewhere and needs no sign-in but the address itself."""
    with reaching(wrote=False):
        answer = await client.request(method, address, data=data, budget=api.wire.left(), largest=_LARGEST)
    if not 200 <= answer.status < 300:
        status = answer.status
        raise Transient(f"The place where X keeps what was asked answered {status}.")
    return answer
