"""The inbox of direct messages, within the 15 requests that X allows in 15 minutes."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from app.networks.adapters.x import ids
from app.networks.adapters.x.client import Api
from app.networks.adapters.x.failures import partial
from app.networks.adapters.x.posts import reader_of, surrounded
from app.networks.adapters.x.translate import Around, encrypted, to_instant, to_message
from app.networks.adapters.x.wire import Unreadable
from app.networks.errors import Gone
from app.networks.foreign import identifier, member, objects, raw
from app.networks.port import Inbound, Reject

_MOST_PAGES: Final = 8
_PART: Final = "100"
_FIELDS: Final = (
    ("dm_event.fields", "id,text,event_type,dm_conversation_id,created_at,sender_id,attachments,entities"),
    ("expansions", "attachments.media_keys"),
    ("media.fields", "type,alt_text,width,height,duration_ms"),
)
_CLOCKS_DIFFER: Final = timedelta(seconds=60)


async def inbox(api: Api, begun: datetime, since: str | None) -> tuple[list[Inbound | Reject], str | None]:
    """The messages since the newest known one, or since reading began, oldest first; and the newest event there is.

    At most once a minute, so that the budget leaves room for looking for what was sent; nothing in between.
    """
    if not api.memory.may_ask_messages():
        return [], since
    events: list[dict[str, Any]] = []
    pages: list[Any] = []
    reached, token = False, ""
    while not reached and len(pages) < _MOST_PAGES:
        onward = [("pagination_token", token)] if token else []
        page = await api.get_page(
            "/2/dm_events", [("max_results", "100"), ("event_types", "MessageCreate"), *_FIELDS, *onward]
        )
        pages.append(page)
        fresh = objects(member(page, "data"))
        api.count("message.read", fresh)
        kept = [one for one in fresh if _is_after(one, begun, since)]
        events += kept
        token = identifier(member(page, "meta", "next_token")) or ""
        reached = len(kept) < len(fresh) or not token
    near = await surrounded(api, pages)
    items = _read(api, events, near)
    if not reached:
        said = f"{len(events)} messages or more since the last reading: older ones were not read, look there"
        items.insert(0, Reject(None, said, raw({"since": since})))
    numbers = [number for one in events if (number := identifier(one.get("id"), 60)) and ids.is_number(number)]
    return items, ids.newest([*numbers, *([since] if since else [])])


async def older(api: Api, token: str, since: datetime | None) -> tuple[list[Inbound | Reject], str | None, bool]:
    """A page of earlier messages, oldest first, the token of the one before it, and whether X was asked at all.

    X keeps 30 days of them. None is older than `since`; no token when that, or the beginning, is reached.
    """
    if not api.memory.may_ask_messages():
        return [], token, False
    onward = [("pagination_token", token)] if token else []
    page = await api.get_page(
        "/2/dm_events", [("max_results", _PART), ("event_types", "MessageCreate"), *_FIELDS, *onward]
    )
    fresh = objects(member(page, "data"))
    api.count("message.read", fresh)
    kept = [one for one in fresh if since is None or (to_instant(one) or since) >= since]
    items = _read(api, kept, await surrounded(api, [page]), earlier=True)
    further = identifier(member(page, "meta", "next_token")) if len(kept) == len(fresh) else None
    return items, further, True


async def message_now(api: Api, remote_id: str) -> Inbound:
    """A direct message by our name of it; asked for once, since it never changes. Raises Gone when it vanished."""
    name = ids.read_name(remote_id)
    if name is None or name.kind == "post":
        raise Gone
    if name.kind == "encrypted":
        people = await api.profiles([name.sender])
        return encrypted(remote_id, reader_of(api.account), Around(people=people))
    if remote_id in api.memory.messages:
        return api.memory.messages[remote_id]
    page = await api.get(f"/2/dm_events/{name.id}", _FIELDS)
    event = member(page, "data")
    if not isinstance(event, dict):
        raise next(iter(partial(page).values()), Unreadable())
    api.count("message.read", [event])
    near = await surrounded(api, [{"data": [event], "includes": member(page, "includes")}])
    read = to_message(event, reader_of(api.account), near)
    if not isinstance(read, Inbound):
        raise Unreadable
    api.memory.keep_messages([read])
    return read


async def sent_since(api: Api, talk: str, since: datetime) -> list[dict[str, Any]]:
    """The events of a conversation since then, newest first; all of them."""
    found: list[dict[str, Any]] = []
    token: str | None = None
    for _ in range(_MOST_PAGES):
        onward = [("pagination_token", token)] if token else []
        asked = [("max_results", "100"), ("event_types", "MessageCreate"), *_FIELDS, *onward]
        page = await api.get_page(f"/2/dm_conversations/{talk}/dm_events", asked)
        fresh = objects(member(page, "data"))
        api.count("message.read", fresh)
        found += fresh
        oldest = to_instant(fresh[-1]) if fresh else None
        token = identifier(member(page, "meta", "next_token"))
        if token is None or oldest is None or oldest < since - _CLOCKS_DIFFER:
            break
    return found


def talk_with(own: str, other: str) -> str:
    """The conversation of two: the smaller id first."""
    return "-".join(sorted((own, other), key=ids.age))


def _read(api: Api, events: list[dict[str, Any]], near: Around, *, earlier: bool = False) -> list[Inbound | Reject]:
    """Oldest first. What we said answers what was said to us last; all of a talk hangs together otherwise.

    What is `earlier` than what was read says nothing of who asked last.
    """
    asked_by: dict[str, str] = {} if earlier else api.memory.asked_by
    reader = reader_of(api.account)
    items: list[Inbound | Reject] = []
    for event in reversed(events):
        read = to_message(event, reader, near)
        if isinstance(read, Inbound):
            talk = str(read.facts["talk"])
            if read.role == "own":
                read = replace(read, in_reply_to=asked_by.get(talk, read.in_reply_to))
            elif earlier:
                asked_by[talk] = read.remote_id
            else:
                api.memory.note_asker(talk, read.remote_id)
            items.append(read)
        elif read is not None:
            items.append(read)
    api.memory.keep_messages([item for item in items if isinstance(item, Inbound)])
    return items


def _is_after(event: dict[str, Any], begun: datetime, since: str | None) -> bool:
    number = identifier(event.get("id"), 60)
    if since is not None:
        return number is None or ids.age(number) > ids.age(since)
    made = to_instant(event)
    return made is None or made >= begun
