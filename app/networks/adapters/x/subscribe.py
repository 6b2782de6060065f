"""Sees to it that X Activity tells us: the webhook, replayed after it was out of order, and the subscriptions."""

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
    """The id of the webhook that leads to this account here; one that X gave up on is tried again and replayed.

    Without any, one is registered, if X can reach us and we can answer its challenge. An app has one webhook at most
    unless it pays for more, so one that leads elsewhere is left alone.
    """
    ours = api.account.incoming_url
    if ours is None or not api.account.credentials.get("consumer_secret"):
        return None
    for one in objects(member(await api.app("GET", "/2/webhooks"), "data")):
        number = _number(one)
        if number is not None and one.get("url") == ours:
            if one.get("valid") is False:
                await _revive(api, number)
            return number
    try:
        return _number(await api.app("POST", "/2/webhooks", {"url": ours}))
    except NetworkError as problem:
        log.warning("webhook_refused", account_id=api.account.id, problem=problem.sentence)
        return None


def _number(webhook: Any) -> str | None:
    number = identifier(member(webhook, "id") or member(webhook, "data", "id"), 60)
    return number if number is not None and number.isalnum() else None


async def _revive(api: Api, webhook: str) -> None:
    try:
        await api.app("PUT", f"/2/webhooks/{webhook}")
        until = now()
        stretch = {"from_date": f"{until - _REPLAYED:{_MINUTE}}", "to_date": f"{until:{_MINUTE}}"}
        await api.app("POST", "/2/webhooks/replay", {"webhook_id": webhook, **stretch})
    except NetworkError as problem:
        log.warning("webhook_out_of_order", account_id=api.account.id, problem=problem.sentence)
