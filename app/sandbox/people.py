"""People and brands: making them, finding them, and who follows or blocks whom."""

from typing import Final

import regex

from app.sandbox.failures import Refusal
from app.sandbox.records import Account
from app.sandbox.world import World

POLICY: Final = {
    "for_not_following": "accept",
    "for_not_followers": "accept",
    "for_new_accounts": "accept",
    "for_private_mentions": "accept",
    "for_limited_accounts": "accept",
}
FILTERING: Final = {**POLICY, "for_private_mentions": "filter", "for_limited_accounts": "filter"}

_HANDLE: Final = regex.compile(
    r"@?(?P<name>[A-Za-z0-9_]+(?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?)(?:@(?P<domain>[\p{L}\p{N}.-]+))?"
)


def is_handle(text: str) -> bool:
    """Say whether a text could be somebody's handle, with or without a domain."""
    return _HANDLE.fullmatch(text) is not None


def settle(
    world: World, handle: str, *, name: str = "", brand: bool = False, note: str = "", language: str = "en"
) -> Account:
    """Answer the account with this handle, made when it is new. A domain in it makes a person of another server."""
    known = world.account_named(handle)
    if known:
        _promote(world, known, name=name, brand=brand)
        return known
    parts = _HANDLE.fullmatch(handle.strip())
    if not parts:
        raise Refusal(422, {"error": f"“{handle}” is not a handle: letters, digits and _ only."})
    domain = (parts["domain"] or "").casefold()
    now = world.now_ms()
    account = Account(
        id=world.new_id(now),
        username=parts["name"],
        domain=None if world.is_home(domain) else domain,
        name=name or parts["name"],
        note=note,
        brand=brand,
        created_ms=now,
        locked=world.flavour.locked,
        privacy=world.flavour.default_privacy,
        language=language,
        policy=dict(POLICY),
    )
    world.accounts[account.id] = account
    world.by_acct[account.acct.casefold()] = account.id
    world.by_account.setdefault(account.id, [])
    world.touch()
    return account


def _promote(world: World, account: Account, *, name: str, brand: bool) -> None:
    if (brand and not account.brand) or (name and account.name != name):
        account.brand = account.brand or brand
        account.name = name or account.name
        world.touch()


def brands(world: World) -> list[Account]:
    """List the brands, oldest first."""
    return [account for account in world.accounts.values() if account.brand]


def link(world: World, table: dict[str, list[str]], who: str, whom: str, on: bool) -> None:
    """Set or take away a tie (following, blocking) between two accounts."""
    ties = table.setdefault(who, [])
    if on and whom not in ties:
        ties.append(whom)
    elif not on and whom in ties:
        ties.remove(whom)
    world.touch()


def block(world: World, who: Account, whom: Account) -> None:
    """Let `who` block `whom`: they stop following each other, and what `whom` did leaves the blocker's list."""
    link(world, world.blocks, who.id, whom.id, on=True)
    link(world, world.follows, who.id, whom.id, on=False)
    link(world, world.follows, whom.id, who.id, on=False)
    pairs = [(who.id, whom.id)] + ([(whom.id, who.id)] if world.flavour.forgets_blockers else [])
    for owner, from_id in pairs:
        for notice_id in tuple(world.notices_of.get(owner, ())):
            notice = world.notices[notice_id]
            if notice.from_id == from_id:
                world.drop_notice(notice)


def blocks(world: World, who: str, whom: str) -> bool:
    """Say whether `who` blocks `whom`."""
    return whom in world.blocks.get(who, ())


def apart(world: World, one: str, other: str) -> bool:
    """Say whether a block stands between two accounts, from either side."""
    return blocks(world, one, other) or blocks(world, other, one)


def follows(world: World, who: str, whom: str) -> bool:
    """Say whether `who` follows `whom`."""
    return whom in world.follows.get(who, ())
