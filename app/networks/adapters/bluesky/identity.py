"""Who an account is: its DID, where its data lies, and whether its handle and its DID name each other."""

from typing import Any, Final
from urllib.parse import unquote

from app.networks.adapters.bluesky.call import call
from app.networks.adapters.bluesky.names import read_handle
from app.networks.adapters.bluesky.server import server_address
from app.networks.errors import Rejected
from app.networks.foreign import member

_BUDGET: Final = 8.0
_WEB: Final = "did:web:"


class DocumentWrong(Rejected):
    """The directory's document of this account is not about it."""


async def document(directory: str, did: str) -> Any:
    """A DID's document, from the directory or from the web host that is the DID. Raises DocumentWrong.

    The host is whatever somebody registered: it is called like any other, by checked addresses alone.
    """
    if did.startswith(_WEB):
        url = f"{server_address(unquote(did.removeprefix(_WEB)))}/.well-known/did.json"
    else:
        url = f"{directory}/{did}"
    found = await call("GET", url, token=None, budget=_BUDGET)
    if member(found, "id") != did:
        raise DocumentWrong
    return found


def claimed_handle(found: Any) -> str | None:
    """The handle that a document claims."""
    names = member(found, "alsoKnownAs")
    for name in names if isinstance(names, list) else ():
        if isinstance(name, str) and name.startswith("at://"):
            return read_handle(name.removeprefix("at://"))
    return None


async def true_handle(server: str, did: str, found: Any) -> str | None:
    """The handle that the document claims, if it leads back to the DID; else None."""
    handle = claimed_handle(found)
    if handle is None:
        return None
    url = f"{server}/xrpc/com.atproto.identity.resolveHandle"
    try:
        told = await call("GET", url, token=None, params=(("handle", handle),), budget=_BUDGET)
    except Rejected:
        return None
    return handle if member(told, "did") == did else None
