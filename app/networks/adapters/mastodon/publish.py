"""Publishing: pictures first, the post under its key, and the search for a post whose answer was lost."""

import asyncio
from datetime import datetime
from typing import Any, Final

from app.networks.adapters.mastodon.client import Api, Unreadable, segment
from app.networks.adapters.mastodon.failures import sentence
from app.networks.adapters.mastodon.pages import reader_of
from app.networks.adapters.mastodon.recall import CLOCKS_DIFFER, recognise
from app.networks.adapters.mastodon.translate import their_visibility, to_published
from app.networks.errors import Gone, Rejected, Transient, Unknown
from app.networks.foreign import identifier, member, moment
from app.networks.port import Account, Outgoing, Published, Upload
from app.networks.together import together

FORBIDDEN: Final = 403
_PAUSE_SECONDS: Final = 0.5
_MOST_PAGES: Final = 8
_PLAIN_TEXT: Final = frozenset(("gotosocial", "pleroma", "akkoma"))
"""Families where an account can be set to Markdown, which would rewrite an agent's words."""


async def upload(account: Account, picture: Upload) -> str:
    """Upload a picture and wait until it may be used (202 and 206 mean: not yet).

    Raises Transient when it takes long, and Rejected where this sign-in may do everything but upload.
    """
    api = Api.of(account)
    answer = await api.ask(
        "POST",
        "/api/v2/media",
        form={"description": picture.alt},
        files={"file": (picture.filename, picture.data, picture.media_type)},
    )
    if answer.status == FORBIDDEN:
        raise Rejected(sentence(answer))
    media_id = None
    while True:
        media_id = identifier(member(api.read(answer), "id"), 200) or media_id
        if media_id is None:
            raise Unreadable
        if answer.status not in {202, 206}:
            return media_id
        if api.left() <= 2 * _PAUSE_SECONDS:
            raise Transient("The server is still working on the picture.")
        await asyncio.sleep(_PAUSE_SECONDS)
        answer = await api.ask("GET", f"/api/v1/media/{segment(media_id)}")


async def publish(account: Account, outgoing: Outgoing) -> Published:
    """Publish once, under the reply's key. Raises Unknown whenever the post may be out."""
    api = Api.of(account)
    body: dict[str, Any] = {
        "status": outgoing.text,
        "in_reply_to_id": outgoing.in_reply_to,
        "visibility": their_visibility(outgoing.visibility),
    }
    if outgoing.media_ids:
        body["media_ids"] = list(outgoing.media_ids)
    if outgoing.content_warning:
        body |= {"spoiler_text": outgoing.content_warning, "sensitive": True}
    if outgoing.language:
        body["language"] = outgoing.language
    if account.traits.get("family") in _PLAIN_TEXT:
        body["content_type"] = "text/plain"
    if outgoing.visibility == "direct" and outgoing.recipients and account.traits.get("family") == "mastodon":
        allowed = await _ids_of(api, outgoing.recipients)
        if allowed is not None:
            # The server refuses the post should it mention anybody else: a net under the check of the text.
            body["allowed_mentions"] = allowed
    posted = await api.send("POST", "/api/v1/statuses", body, headers={"idempotency-key": outgoing.key}, wrote=True)
    published = to_published(posted, reader_of(account))
    if published is None:
        raise Unknown((Unreadable.__doc__ or "").strip())
    return published


async def find(account: Account, outgoing: Outgoing, since: datetime) -> Published | None:
    """Look for the reply under its parent and among our own posts since then; None only after reading all of them."""
    api = Api.of(account)
    application = account.traits.get("application")
    own, thread = await together(_own_since(api, account, since), _under(api, outgoing.in_reply_to))
    return recognise([*own, *thread], outgoing, since, reader_of(account), application)


async def _own_since(api: Api, account: Account, since: datetime) -> list[Any]:
    path = f"/api/v1/accounts/{segment(account.remote_id)}/statuses"
    found: list[Any] = []
    oldest: str | None = None
    for _ in range(_MOST_PAGES):
        where = (("max_id", oldest),) if oldest else ()
        page = await api.get(path, (("limit", "40"), ("exclude_reblogs", "true"), *where))
        if not isinstance(page, list):
            raise Unreadable
        found += page
        last = page[-1] if page else None
        posted_at = moment(member(last, "created_at"))
        next_oldest = identifier(member(last, "id"), 200)
        if posted_at is None or next_oldest in {None, oldest} or posted_at < since - CLOCKS_DIFFER:
            break
        oldest = next_oldest
    return found


async def _under(api: Api, parent: str) -> list[Any]:
    try:
        context = await api.get(f"/api/v1/statuses/{segment(parent)}/context", one_post=True)
    except Gone:
        return []
    descendants = member(context, "descendants")
    return descendants if isinstance(descendants, list) else []


async def _ids_of(api: Api, handles: tuple[str, ...]) -> list[str] | None:
    """The account ids behind handles; None when the server does not tell all of them."""
    ids = []
    for handle in handles:
        try:
            found = await api.get("/api/v1/accounts/lookup", (("acct", handle),), one_post=True)
        except (Rejected, Transient):
            return None
        account_id = identifier(member(found, "id"), 200)
        if account_id is None:
            return None
        ids.append(account_id)
    return ids
