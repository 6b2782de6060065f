"""Finds a site's REST interface, signs in with an application password, and learns what the account may do."""

import hmac
import re
import secrets
from typing import Any, Final
from urllib.parse import urlencode, urljoin, urlsplit

from app.core import client
from app.core.settings import settings
from app.networks.adapters.wordpress.answer import days_of
from app.networks.adapters.wordpress.client import Api
from app.networks.errors import NetworkError, Rejected, Transient, Unauthorized
from app.networks.foreign import host_of, identifier, member, whole, words
from app.networks.html import web_address
from app.networks.port import Account, Authorization, Connected

_APP_ID: Final = "6d5f2c1e-7a0b-4c53-9b1d-3f0f8f6f2a11"
"""Names us among a user's application passwords; the same everywhere, so that a site can take all of ours away."""
_LINK: Final = re.compile(r"<([^<>]{1,2000})>;\s*rel=\"https://api\.w\.org/\"")


class SiteAddressWrong(Rejected):
    """This is not the address of a site. Write it like blog.example."""

    field = "server"


class NotWordPress(Transient):
    """What answers at this address offers no WordPress REST interface."""

    field = "server"


class ReturnNotOurs(Rejected):
    """This sign-in was not begun here, or it was finished already. Begin again."""


class ElsewhereRefused(Rejected):
    """The site names another host for its REST interface; the password is not sent there."""

    field = "server"


class DaysWrong(Rejected):
    """Write the days after which the site closes comments as a number, or nothing."""

    field = "close_days"


def close_days(fields: dict[str, str]) -> int | None:
    """After how many days the site closes its posts to comments, as somebody who knows it says. Raises DaysWrong."""
    said = fields.get("close_days", "").strip()
    days = days_of(said)
    if said and days is None:
        raise DaysWrong
    return days


def site_address(said: str) -> str:
    """The site's address, https unless private networks are allowed. Raises SiteAddressWrong."""
    text = said.strip().rstrip("/")
    address = web_address(text if "://" in text else f"https://{text}")
    parts = urlsplit(address or "")
    allowed = {"https", "http"} if settings().allow_private_networks else {"https"}
    host = parts.hostname or ""
    if address is None or parts.scheme not in allowed or parts.username or parts.query or parts.fragment:
        raise SiteAddressWrong
    if ("." not in host and ":" not in host and not parts.port) or re.search(r"[\s<>\"'\\^`{|}%]", parts.netloc):
        raise SiteAddressWrong
    return address


async def begin(fields: dict[str, str], return_url: str) -> Authorization:
    """Where a person allows us in: WordPress makes an application password and sends it back with the browser."""
    site, days = site_address(fields.get("server", "")), close_days(fields)
    root = await rest_root(site)
    index = await Api(root).get("")
    page = web_address(member(index, "authentication", "application-passwords", "endpoints", "authorization"))
    if page is None:
        raise Rejected("This site does not give out application passwords; paste one made by its administrator.")
    if urlsplit(page).hostname != urlsplit(site).hostname:
        raise ElsewhereRefused
    state = secrets.token_urlsafe(32)
    mark = "&" if "?" in return_url else "?"
    question = {
        "app_name": "Mentiondesk",
        "app_id": _APP_ID,
        "success_url": f"{return_url}{mark}{urlencode({'state': state})}",
        "reject_url": f"{return_url}{mark}{urlencode({'state': state, 'error': 'access_denied'})}",
    }
    return Authorization(
        f"{page}?{urlencode(question)}", state, {"server": site, "state": state, "close_days": str(days or "")}
    )


async def finish(keep: dict[str, str], answer: dict[str, str], network: str) -> Connected:
    """Take the password that the browser brought back. Raises Rejected."""
    if not keep.get("state") or not hmac.compare_digest(keep["state"].encode(), answer.get("state", "").encode()):
        raise ReturnNotOurs
    if not answer.get("password") or not answer.get("user_login"):
        raise Rejected(words(answer.get("error"), 300) or "The site sent no password back.")
    credentials = {"user": answer["user_login"], "token": answer["password"]}
    return await describe(keep["server"], credentials, network, close_days(keep))


async def describe(site: str, credentials: dict[str, str], network: str, days: int | None = None) -> Connected:
    """Ask the site who we are and what we may do. Raises Unauthorized, NotWordPress."""
    token = credentials.get("token", "")
    if not token.strip() or not token.isascii() or not token.isprintable():
        raise Unauthorized
    root = await rest_root(site)
    api = Api(root, credentials)
    me = await api.get("wp/v2/users/me", (("context", "edit"),))
    remote_id = whole(member(me, "id"), 10**18)
    slug = identifier(member(me, "slug"), 200) or identifier(member(me, "username"), 200)
    if not remote_id or slug is None:
        raise NotWordPress
    index = await Api(root).get("")
    traits: dict[str, Any] = {"root": root, "moderates": member(me, "capabilities", "moderate_comments") is True}
    if days:
        traits["close_days"] = days
    host = host_of(site)
    return Connected(
        account=Account(network, site, str(remote_id), f"{slug}@{host}", credentials, traits),
        name=words(member(index, "name"), 200) or host,
        avatar_url=_avatar(me),
        url=site,
        warnings=() if traits["moderates"] else ("connect.wordpress.no_moderation",),
    )


async def rest_root(site: str) -> str:
    """Where the site's REST interface is, as its pages say, else where it usually is; always on the site's own host."""
    try:
        answer = await Api(site).ask("GET", "/")
        named = _LINK.search(answer.headers.get("link", ""))
        root = urljoin(site + "/", named[1]) if named else None
    except Transient as problem:
        if not isinstance(problem.__cause__, client.AnswerTooLarge):
            raise
        root = None
    if root is not None and urlsplit(root).hostname != urlsplit(site).hostname:
        raise ElsewhereRefused
    for candidate in (root, f"{site}/wp-json/", f"{site}/?rest_route=/"):
        if candidate is not None and await _is_root(candidate):
            return candidate
    raise NotWordPress


async def _is_root(address: str) -> bool:
    try:
        index = await Api(address).get("")
    except Rejected:
        return False
    except NetworkError as problem:
        if type(problem) is Transient:
            raise
        return False
    return isinstance(member(index, "namespaces"), list) and "wp/v2" in index["namespaces"]


def _avatar(me: Any) -> str | None:
    avatars = member(me, "avatar_urls")
    pictures = [web_address(value) for value in avatars.values()] if isinstance(avatars, dict) else []
    return next((one for one in reversed(pictures) if one), None)
