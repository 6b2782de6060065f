"""Who an account is and what its server can do, learnt when it is connected and whenever that is refreshed."""

from typing import Any, Final
from urllib.parse import urlsplit

from app.networks.adapters.mastodon import sign_in
from app.networks.adapters.mastodon.client import Api, Unreadable
from app.networks.adapters.mastodon.server import traits
from app.networks.errors import NetworkError, Rejected
from app.networks.foreign import identifier, member, objects, words
from app.networks.html import web_address
from app.networks.port import Account, Connected
from app.networks.together import together

POLICIES: Final = (
    *("for_not_following", "for_not_followers", "for_new_accounts"),
    *("for_private_mentions", "for_limited_accounts"),
)


async def connect(
    fields: dict[str, str], keep: dict[str, str], answer: dict[str, str], return_url: str, network: str
) -> Connected:
    """Finish a connection: from the browser's return when one was begun, else from the token in `fields`."""
    if keep:
        server = keep["server"]
        credentials = await sign_in.finish(keep, answer, return_url)
    else:
        server = sign_in.server_address(fields.get("server", ""))
        credentials = {"token": fields.get("token", "").strip().removeprefix("Bearer ").strip()}
    return await describe(
        server,
        credentials,
        network,
        accept_filtered=fields.get("accept_filtered", keep.get("accept_filtered")) == "yes",
    )


async def describe(
    server: str, credentials: dict[str, str], network: str, *, accept_filtered: bool = False
) -> Connected:
    """Ask the server who we are and what it can do; with `accept_filtered`, let it filter no mention away.

    Raises Unauthorized when the token is not accepted, NotThisNetwork when what answers is something else.
    """
    api = Api(server, credentials.get("token", ""))
    try:
        me = await api.get("/api/v1/accounts/verify_credentials")
    except (Rejected, Unreadable) as strange:
        raise sign_in.NotThisNetwork from strange
    remote_id, username = identifier(member(me, "id"), 200), identifier(member(me, "username"), 200)
    if remote_id is None or username is None:
        raise sign_in.NotThisNetwork
    instance, software, application = await together(
        _instance(api), _software(Api(server)), api.get_if_there("/api/v1/apps/verify_credentials")
    )
    known = traits(instance, software, server)
    known["application"] = words(member(application, "name"), 200)
    warnings = await _policy(api, accept_filtered=accept_filtered)
    if sign_in.lacks_scopes(credentials):
        warnings.append("connect.mastodon.missing_scopes")
    handle = f"{username}@{known['domain']}"
    return Connected(
        account=Account(network, server, remote_id, handle, credentials, known),
        name=words(member(me, "display_name"), 200) or username,
        avatar_url=web_address(member(me, "avatar")),
        url=web_address(member(me, "url")),
        warnings=tuple(warnings),
    )


async def _instance(api: Api) -> Any:
    for path in ("/api/v2/instance", "/api/v1/instance"):
        instance = await api.get_if_there(path)
        if isinstance(instance, dict):
            return instance
    raise sign_in.NotThisNetwork


async def _software(api: Api) -> str | None:
    """The name in the server's nodeinfo, which must lie on the same server; None when there is none to read."""
    try:
        index = await api.get_if_there("/.well-known/nodeinfo")
        for link in objects(member(index, "links")):
            target = urlsplit(identifier(link.get("href")) or "")
            if target.hostname == urlsplit(api.server).hostname and target.path.startswith("/"):
                return words(member(await api.get_if_there(target.path), "software", "name"), 40)
    except (NetworkError, ValueError):
        return None  # a server without it is told by its version instead
    return None


async def _policy(api: Api, *, accept_filtered: bool) -> list[str]:
    """Read what the server hides from the list of notifications, lift it if allowed, and name what remains."""
    path = "/api/v2/notifications/policy"
    policy = await api.get_if_there(path)
    hiding = [name for name in POLICIES if str(member(policy, name)) in {"filter", "drop"}]
    if hiding and accept_filtered:
        policy = await api.send("PATCH", path, dict.fromkeys(hiding, "accept"))
    filtered = {name for name in POLICIES if member(policy, name) == "filter"}
    warnings = []
    if "for_private_mentions" in filtered:
        warnings.append("connect.mastodon.filters_private")
    if filtered - {"for_private_mentions"}:
        warnings.append("connect.mastodon.filters_others")
    if any(member(policy, name) == "drop" for name in POLICIES):
        warnings.append("connect.mastodon.drops")
    return warnings
