"""Who an account is and what its app may do, learnt when it is connected and whenever that is refreshed."""

from typing import Any

from app.core.client import BUDGET
from app.networks.adapters.x import names, sign_in
from app.networks.adapters.x.client import Api
from app.networks.adapters.x.session import newest
from app.networks.adapters.x.wire import Unreadable
from app.networks.errors import Rejected, Transient
from app.networks.foreign import identifier, member, words
from app.networks.html import web_address
from app.networks.port import Account, Connected, Credentials


class NotThisNetwork(Transient):
    """What answers at this address does not speak like X."""

    field = "server"


async def connect(
    fields: dict[str, str], keep: dict[str, str], answer: dict[str, str], return_url: str, network: str
) -> Connected:
    """Finish a connection: from the browser's return when one was begun, else from the token in `fields`."""
    if keep:
        credentials = await sign_in.finish(keep, answer, return_url)
        server, said = keep["server"], keep
    else:
        server, said = sign_in.server_address(fields.get("server", "")), fields
        token = fields.get("token", "").strip().removeprefix("Bearer ").strip()
        credentials = {**sign_in.typed_credentials(fields), "token": token}
    traits = {"query": said.get("query", ""), "exempt": said.get("exempt") == "yes"}
    return await describe(Account(network, server, "", "", credentials, traits))


async def describe(account: Account) -> Connected:
    """Ask who we are. Raises Unauthorized when the token is not accepted, NotThisNetwork for another kind of server."""
    api = Api(account, budget=BUDGET)
    try:
        page = await api.get("/2/users/me", [("user.fields", names.PROFILE)])
    except (Rejected, Unreadable) as strange:
        raise NotThisNetwork from strange
    me: Any = member(page, "data")
    remote_id, username = identifier(member(me, "id"), 60), identifier(member(me, "username"), 60)
    if remote_id is None or username is None:
        raise NotThisNetwork
    api.count("profile.read", [me])
    credentials: Credentials = dict(newest(account, api.memory))
    name = words(member(me, "name"), 200) or username
    traits = {**account.traits, "name": name}
    return Connected(
        account=Account(account.network, account.server, remote_id, username, credentials, traits, meter=account.meter),
        name=name,
        avatar_url=web_address(member(me, "profile_image_url")),
        url=f"https://x.com/{username}",
        warnings=_warnings(credentials),
    )


def _warnings(credentials: Credentials) -> tuple[str, ...]:
    found = []
    if sign_in.lacks_scopes(credentials):
        found.append("connect.x.missing_scopes")
    if not credentials.get("refresh"):
        found.append("connect.x.ends_soon")
    return tuple(found)
