"""WebSub: a hub that calls us when a feed has news, subscribed where one is offered (W3C WebSub; fact sheet section 4)."""

import hashlib
import hmac
from dataclasses import replace
from typing import Final

import structlog

from app.core.clock import now
from app.networks.adapters.feeds.fetch import ask
from app.networks.adapters.feeds.position import Position
from app.networks.errors import NetworkError
from app.networks.incoming import Answer, Request
from app.networks.port import Account

log = structlog.get_logger()

LEASE: Final = 864_000
"""Seconds for which we ask to be told; renewed when a fifth is left."""
_RETRY: Final = 3_600
"""Seconds for which a hub that refused us, or was away, is left alone."""
_DIGESTS: Final = frozenset(("sha1", "sha256", "sha384", "sha512"))


async def kept(account: Account, here: Position, hub: str | None = None) -> Position:
    """Subscribe at the hub, or again when the lease is nearly over; the feed is read all the same when that fails."""
    at = now().timestamp()
    if hub and here.hub and hub != here.hub:
        here = replace(here, leased=0.0, hub_at=0.0)  # the feed went over to another hub, which knows nothing of us
    hub = hub or here.hub
    if hub is None or account.incoming_url is None or here.leased - at > LEASE / 5 or here.hub_at > at:
        return here
    form = {
        "hub.mode": "subscribe",
        "hub.topic": topic(account),
        "hub.callback": account.incoming_url,
        "hub.lease_seconds": str(LEASE),
        "hub.secret": secret(account.incoming_url),
    }
    try:
        answer = await ask("POST", hub, {}, form)
    except NetworkError as problem:
        log.info("hub_unreachable", problem=problem.sentence)
        return replace(here, hub=hub, hub_at=at + _RETRY)
    if answer.status not in {202, 204}:
        log.info("hub_refused", status=answer.status)
        return replace(here, hub=None, hub_at=at + _RETRY)
    return replace(here, hub=hub, leased=at + LEASE, hub_at=0.0)


def topic(account: Account) -> str:
    """What the feed called itself when it was connected: the only name that we confirm to a hub."""
    return str(account.traits.get("topic") or account.server)


def secret(incoming_url: str) -> str:
    """What the hub signs with: nobody else knows our address, so nobody else can derive it; 64 letters."""
    return hashlib.sha256(f"websub {incoming_url}".encode()).hexdigest()


def answered(account: Account, request: Request) -> Answer:
    """Confirm a subscription, take note of news; what is signed wrongly is acknowledged and not believed."""
    if account.incoming_url is None:
        return Answer(404)
    if request.method == "GET":
        challenge, asked = request.query.get("hub.challenge", ""), request.query.get("hub.topic", "")
        if request.query.get("hub.mode") == "subscribe" and challenge and asked == topic(account):
            return Answer(200, challenge)
        return Answer(200 if request.query.get("hub.mode") == "denied" else 404)
    digest, _, signature = request.headers.get("x-hub-signature", "").partition("=")
    if digest not in _DIGESTS:
        return Answer(204, problem="signature")
    right = hmac.new(secret(account.incoming_url).encode(), request.body, digest).hexdigest()
    if not hmac.compare_digest(right.encode(), signature.lower().encode("utf-8", "replace")):
        return Answer(204, problem="signature")
    return Answer(204, happened=True)
