"""Private messages: what is new, and what was said in a conversation."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from app.core.clock import now
from app.networks.adapters.bluesky.call import Unreadable
from app.networks.adapters.bluesky.client import Api
from app.networks.adapters.bluesky.names import message_id
from app.networks.adapters.bluesky.place import Place
from app.networks.adapters.bluesky.translate import Reader, to_author, to_message
from app.networks.errors import Gone, Rejected
from app.networks.foreign import identifier, member, moment, objects
from app.networks.port import Author, Inbound, Reject, Thread

_EVERY: Final = timedelta(minutes=10)
"""So often the conversations are looked through as well: how long the log is kept is not known."""
_BACK: Final = timedelta(hours=1)
_OVERLAP: Final = timedelta(minutes=2)
_SIZE: Final = 100
_MOST_PAGES: Final = 20
_FEW_PAGES: Final = 4
_MOST_LOGS: Final = 10

Outcome = Inbound | Reject


async def news(api: Api, place: Place) -> tuple[list[Outcome], Place]:
    """What was said since that place, oldest first, and the place after it."""
    reader = Reader(api.account.remote_id, api.account.handle, now())
    changed, log = await _log(api, place.log)
    wanted: dict[str, set[str] | datetime] = dict(changed) if place.log is not None else {}
    looked = place.looked
    if looked is None or reader.now - looked >= _EVERY or looked > reader.now:
        since = min(looked, reader.now) - _OVERLAP if looked else reader.now - _BACK
        wanted |= dict.fromkeys(await _recent(api, since), since)
        looked = reader.now
    found: list[Outcome] = []
    for convo, which in wanted.items():
        found += await _said(api, reader, convo, which)
    return found, replace(place, log=log, looked=looked)


async def around(api: Api, reader: Reader, convo: str, message: str) -> Thread:
    """What was said before and after a message. Raises Gone when it is not there any more."""
    said, ended = await _conversation(api, reader, convo, until=message, pages=_MOST_PAGES)
    here = message_id(convo, message)
    read = [one for one in said if isinstance(one, Inbound)]
    place = next((n for n, one in enumerate(read) if one.remote_id == here), None)
    if place is None:
        if not ended:
            raise Unreadable
        raise Gone
    return Thread(tuple(read[:place]), tuple(read[place + 1 :]), read[place])


async def one(api: Api, reader: Reader, convo: str, message: str) -> Inbound:
    """A message. Raises Gone when it is not there any more."""
    found = (await around(api, reader, convo, message)).post
    if found is None:
        raise Gone
    return found


async def latest(
    api: Api, convo: str, *, pages: int = 1, until: str | None = None
) -> tuple[list[dict[str, Any]], bool]:
    """The newest messages of a conversation as they came, newest first, down to `until`; and whether they are all."""
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    for _ in range(pages):
        where = (("cursor", cursor),) if cursor else ()
        told = await api.get(
            "chat.bsky.convo.getMessages", (("convoId", convo), ("limit", str(_SIZE)), *where), chat=True
        )
        if not isinstance(member(told, "messages"), list):
            raise Unreadable
        found += objects(member(told, "messages"))
        further = identifier(member(told, "cursor"))
        if further is None or further == cursor:
            return found, True
        if until is not None and any(member(one, "id") == until for one in found):
            return found, False
        cursor = further
    return found, False


async def _log(api: Api, cursor: str | None) -> tuple[dict[str, set[str]], str | None]:
    """Which messages of which conversations the log names since its cursor, and where it ends."""
    changed: dict[str, set[str]] = {}
    for _ in range(_MOST_LOGS):
        told = await api.get("chat.bsky.convo.getLog", (("cursor", cursor),) if cursor else (), chat=True)
        events = objects(member(told, "logs"))
        for event in events:
            convo, message = identifier(event.get("convoId"), 200), identifier(member(event, "message", "id"), 200)
            if convo and message and str(event.get("$type")).endswith("#logCreateMessage"):
                changed.setdefault(convo, set()).add(message)
        further = identifier(member(told, "cursor"))
        if not events or further is None or further == cursor:
            return changed, further or cursor
        began, cursor = cursor, further
        if began is None:
            return changed, cursor
    return changed, cursor


async def _recent(api: Api, since: datetime) -> list[str]:
    """The conversations in which something was said since then."""
    told = await api.get("chat.bsky.convo.listConvos", (("limit", str(_SIZE)),), chat=True)
    found = []
    for convo in objects(member(told, "convos")):
        at, known = moment(member(convo, "lastMessage", "sentAt")), identifier(convo.get("id"), 200)
        if known and at is not None and at >= since:
            found.append(known)
    return found


async def _said(api: Api, reader: Reader, convo: str, which: set[str] | datetime) -> list[Outcome]:
    """The named messages of a conversation, or those since an instant; oldest first."""
    named = {message_id(convo, one) for one in which} if isinstance(which, set) else None
    try:
        said, _ = await _conversation(api, reader, convo, pages=1)
        if named is not None and not named <= {one.remote_id for one in said}:
            said, _ = await _conversation(api, reader, convo, pages=_FEW_PAGES)
    except Rejected:  # we may not read this one any more; the others are not kept waiting
        return []
    if isinstance(which, datetime):
        return [one for one in said if isinstance(one, Inbound) and one.posted_at >= which]
    return [one for one in said if one.remote_id in (named or ())]


async def _conversation(
    api: Api, reader: Reader, convo: str, *, until: str | None = None, pages: int
) -> tuple[list[Outcome], bool]:
    """What was said between us and one other, oldest first, each under the message before it.

    Of a conversation that goes further back, the oldest message at hand is only the parent of the next. Conversations
    of several are none of ours: answers in them would reach people who never wrote to the brand.
    """
    other = await _other(api, reader, convo)
    if other is None:
        return [], True
    messages, ended = await latest(api, convo, pages=pages, until=until)
    said: list[Outcome] = []
    parent: str | None = None
    for message in reversed(messages):
        read = to_message(message, reader, convo=convo, parent=parent, other=other)
        if read is None:
            continue
        if isinstance(read, Inbound):
            parent = read.remote_id
        said.append(read)
    sought = until is not None and bool(said) and said[0].remote_id == message_id(convo, until)
    return said if ended or sought else said[1:], ended


async def _other(api: Api, reader: Reader, convo: str) -> Author | None:
    """Who is at the other end of a conversation of two."""
    told = await api.get("chat.bsky.convo.getConvo", (("convoId", convo),), chat=True)
    people = [to_author(member_) for member_ in objects(member(told, "convo", "members"))]
    others = [one for one in people if one is not None and one.remote_id != reader.did]
    kind = member(told, "convo", "kind", "$type")
    return others[0] if len(others) == 1 and not str(kind).endswith("#groupConvo") else None
