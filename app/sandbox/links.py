"""Where things of the sandbox are found: addresses for browsers, uris for ever."""

from app.sandbox.records import Account, Picture, Status
from app.sandbox.world import World


def account(world: World, one: Account) -> str:
    """Answer the page of an account; people of other servers have theirs there."""
    return f"{_site(world, one)}/@{one.username}"


def account_uri(world: World, one: Account) -> str:
    """Answer the lasting name of an account, the same whatever port the sandbox runs on."""
    return f"https://{one.domain or world.domain}/users/{one.username}"


def status(world: World, one: Status) -> str:
    """Answer the page of a status."""
    author = world.accounts[one.account_id]
    middle = "" if world.flavour.honours_keys else "statuses/"
    return f"{account(world, author)}/{middle}{one.id}"


def status_uri(world: World, one: Status) -> str:
    """Answer the lasting name of a status; a boost's ends as activities do."""
    uri = f"{account_uri(world, world.accounts[one.account_id])}/statuses/{one.id}"
    return f"{uri}/activity" if one.boost_of else uri


def picture(world: World, one: Picture) -> str:
    """Answer where a picture is served."""
    return f"{world.address}/media/{one.id}.{one.suffix}"


def avatar(world: World, one: Account) -> str:
    """Answer where an account's drawn face is served."""
    return f"{world.address}/avatars/{one.id}.svg"


def _site(world: World, one: Account) -> str:
    return f"https://{one.domain}" if one.domain else world.address
