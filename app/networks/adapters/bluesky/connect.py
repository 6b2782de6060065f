"""Who an account is and what its sign-in may do, learnt when it is connected and whenever that is refreshed."""

from typing import Any

from app.networks.adapters.bluesky import identity, session
from app.networks.adapters.bluesky.call import Unreadable
from app.networks.adapters.bluesky.client import Api
from app.networks.adapters.bluesky.names import page_of_profile, read_did
from app.networks.adapters.bluesky.server import DIRECTORY, ENTRANCE, ServerAddressWrong, home_of, server_address
from app.networks.errors import RateLimited, Rejected, Transient, Unauthorized
from app.networks.foreign import member, words
from app.networks.html import web_address
from app.networks.port import Account, Connected


class NotThisNetwork(Transient):
    """What answers at this address does not speak like Bluesky."""

    field = "server"


class NoHome(Rejected):
    """This account's document names no server where its posts lie."""


async def connect(fields: dict[str, str], network: str) -> Connected:
    """Sign in with an app password. Raises Unauthorized when it is not accepted, NotThisNetwork for another server."""
    server = _address(fields, "server") or ENTRANCE
    directory = _address(fields, "directory") or DIRECTORY
    traits = {"directory": directory, "stream": _address(fields, "stream", ("wss", "ws"))}
    who = fields.get("identifier", "").strip().removeprefix("@")
    who = who if who.startswith("did:") or "@" in who else who.lower()
    password = fields.get("password", "").strip()
    if not who or not password:
        raise Unauthorized().at("password")
    try:
        credentials, told = await session.sign_in(server, who, password)
    except Unauthorized as refused:
        refused.at("password")
        raise
    except RateLimited:
        raise
    except (Rejected, Unreadable) as strange:
        raise NotThisNetwork from strange
    except Transient as silent:
        silent.at("server")
        raise
    did = read_did(member(told, "did"))
    if did is None:
        raise NotThisNetwork
    try:
        found = await identity.document(directory, did)
    except (Rejected, Transient) as strange:
        strange.at("directory")
        raise
    home = home_of(found)
    if home is None:
        raise NoHome
    return await _describe(Account(network, home, did, did, credentials, traits), found)


async def refresh(account: Account) -> Connected:
    """Look the account up again: it may have another handle, another home, or a password that may do more."""
    found = await identity.document(str(account.traits.get("directory") or DIRECTORY), account.remote_id)
    return await _describe(account, found)


async def _describe(account: Account, found: Any) -> Connected:
    did = account.remote_id
    home = home_of(found)
    if home is None:
        raise NoHome
    handle = await identity.true_handle(home, did, found)
    known = {**account.traits, "home": home}
    here = Account(
        account.network,
        account.server,
        did,
        handle or did,
        account.credentials,
        known,
        account.id,
        account.meter,
        account.renew,
    )
    api = Api(here)
    await api.get("com.atproto.server.getSession")
    warnings = [] if handle else ["connect.bluesky.handle_unproved"]
    profile = await _profile(api, did)
    known["chat"] = await _may_chat(api)
    if not known["chat"]:
        warnings.append("connect.bluesky.no_messages")
    elif member(profile, "associated", "chat", "allowIncoming") != "all":
        warnings.append("connect.bluesky.messages_narrow")
    here = Account(
        here.network, here.server, did, here.handle, session.current(here), known, here.id, here.meter, here.renew
    )
    return Connected(
        account=here,
        name=words(member(profile, "displayName"), 200) or here.handle,
        avatar_url=web_address(member(profile, "avatar")),
        url=page_of_profile(did),
        warnings=tuple(warnings),
    )


async def _profile(api: Api, did: str) -> Any:
    """What the network shows of the account; nothing for one that it has not seen yet."""
    try:
        return await api.get("app.bsky.actor.getProfile", (("actor", did),))
    except (Rejected, Transient):
        return None


async def _may_chat(api: Api) -> bool:
    """Whether private messages can be read with this sign-in. A service that is silent now is asked at the next refresh."""
    try:
        await api.get("chat.bsky.convo.listConvos", (("limit", "1"),), chat=True)
    except Rejected:
        return False
    except Transient:
        return api.account.traits.get("chat") is True
    return True


def _address(fields: dict[str, str], name: str, schemes: tuple[str, str] = ("https", "http")) -> str:
    """What was typed as an address; empty for nothing. Raises ServerAddressWrong at its field."""
    said = fields.get(name, "").strip()
    try:
        return server_address(said, schemes) if said else ""
    except ServerAddressWrong as wrong:
        wrong.at(name)
        raise
