"""Sees to it that X Activity tells us: the subscriptions, and the webhook with a replay after it was out of order."""

from datetime import timedelta
from typing import Any, Final

import structlog

from app.core.clock import now
from app.networks.adapters.x.client import Api
from app.networks.adapters.x.events import WANTED
from app.networks.errors import NetworkError
from app.networks.foreign import identifier, member, objects

log = structlog.get_logger()

_REPLAYED: Final = timedelta(hours=24)
"""So far back deliveries are asked for again; what X has not kept, the readings bring."""
_MINUTE: Final = "%Y%m%d%H%M"


async def subscribe(api: Api) -> None:
    """Make the subscriptions that are missing, to our webhook where one is registered. Raises Unauthorized.

    One kind that this app may not have does not keep us from the others.
    """
    webhook = await _webhook(api)
    known = objects(member(await api.app("GET", "/2/activity/subscriptions"), "data"))
    there = {
        member(one, "event_type")
        for one in known
        if identifier(member(one, "filter", "user_id"), 60) == api.account.remote_id
        and identifier(one.get("webhook_id"), 60) == webhook
    }
    for kind in WANTED:
        if kind in there:
            continue
        wish: dict[str, Any] = {"event_type": kind, "filter": {"user_id": api.account.remote_id}, "tag": "mentiondesk"}
        try:
            await api.send("/2/activity/subscriptions", {**wish, **({"webhook_id": webhook} if webhook else {})})
        except NetworkError as problem:
            log.warning("subscription_failed", account_id=api.account.id, kind=kind, problem=problem.sentence)


async def _webhook(api: Api) -> str | None:
    """The id of the webhook that leads to this account here; one that X gave up on is tried again and replayed."""
    ours = f"/incoming/{api.account.id}/"
    for one in objects(member(await api.app("GET", "/2/webhooks"), "data")):
        number = identifier(one.get("id"), 60)
        if number is None or not number.isalnum() or not api.account.id or ours not in str(one.get("url")):
            continue
        if one.get("valid") is False:
            await _revive(api, number)
        return number
    return None


async def _revive(api: Api, webhook: str) -> None:
    try:
        await api.app("PUT", f"/2/webhooks/{webhook}")
        until = now()
        stretch = {"from_date": f"{until - _REPLAYED:{_MINUTE}}", "to_date": f"{until:{_MINUTE}}"}
        await api.app("POST", "/2/webhooks/replay", {"webhook_id": webhook, **stretch})
    except NetworkError as problem:
        log.warning("webhook_out_of_order", account_id=api.account.id, problem=problem.sentence)
