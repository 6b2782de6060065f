"""Accounts over HTTP: who am I, others, what they posted, and how one stands to them."""

from starlette.responses import Response
from starlette.routing import Route

from app.sandbox import amend, entities, people, sight
from app.sandbox.api.door import Call, answer, covers, route
from app.sandbox.api.pages import limit, paged, window
from app.sandbox.failures import not_found, out_of_scope
from app.sandbox.records import Account, Status


async def verify(call: Call) -> Response:
    """Answer the viewer's own account; the narrow scope `profile` is enough."""
    granted = call.token.scopes if call.token else []
    if not any(covers(granted, scope) for scope in ("read:accounts", "profile")):
        raise out_of_scope(call.world.flavour)
    return answer(entities.credentials(call.world, call.me))


async def show(call: Call) -> Response:
    """Answer an account."""
    return answer(entities.account(call.world, _account(call)))


async def lookup(call: Call) -> Response:
    """Answer the account with a handle."""
    found = call.world.account_named(call.text("acct") or "")
    if not found:
        raise not_found(call.world.flavour)
    return answer(entities.account(call.world, found))


async def statuses(call: Call) -> Response:
    """Answer a page of what an account posted, as far as the viewer may read it."""
    account = _account(call)
    size = limit(call, 20, 40)
    boosts, replies = not call.flag("exclude_reblogs"), not call.flag("exclude_replies")
    media_only, tagged = call.flag("only_media"), call.text("tagged")

    def find(status_id: str) -> Status | None:
        status = sight.seen(call.world, status_id, call.viewer)
        if not status or (status.boost_of and not boosts) or (media_only and not status.media_ids):
            return None
        if status.parent_id and status.parent_account_id != account.id and not replies:
            return None
        return None if tagged and f"#{tagged}".lower() not in status.text.lower() else status

    shelf = [] if call.flag("pinned") or _shut_out(call, account) else call.world.by_account.get(account.id, [])
    page = window(call, shelf, size, find)
    bodies = [entities.status(call.world, status, call.viewer) for _, status in page]
    return paged(call, [one for one, _ in page], bodies, size)


async def relationships(call: Call) -> Response:
    """Answer how the viewer stands to each of the asked."""
    asked = [call.world.accounts.get(one) for one in call.many("id") or []]
    return answer([entities.relationship(call.world, call.me, one) for one in asked if one])


async def block(call: Call) -> Response:
    """Block."""
    people.block(call.world, call.me, other := _account(call))
    return answer(entities.relationship(call.world, call.me, other))


async def unblock(call: Call) -> Response:
    """Block no longer."""
    people.link(call.world, call.world.blocks, call.me.id, (other := _account(call)).id, on=False)
    return answer(entities.relationship(call.world, call.me, other))


async def follow(call: Call) -> Response:
    """Follow."""
    amend.follow(call.world, call.me, other := _account(call), on=True)
    return answer(entities.relationship(call.world, call.me, other))


async def unfollow(call: Call) -> Response:
    """Follow no longer."""
    amend.follow(call.world, call.me, other := _account(call), on=False)
    return answer(entities.relationship(call.world, call.me, other))


def _account(call: Call) -> Account:
    found = call.world.accounts.get(call.path())
    if not found:
        raise not_found(call.world.flavour)
    return found


def _shut_out(call: Call, account: Account) -> bool:
    return bool(call.viewer and people.blocks(call.world, account.id, call.viewer.id))


ROUTES: list[Route] = [
    route("GET", "/api/v1/accounts/verify_credentials", verify),
    route("GET", "/oauth/userinfo", verify),
    route("GET", "/api/v1/accounts/lookup", lookup, who="anyone"),
    route("GET", "/api/v1/accounts/relationships", relationships, scope="read:follows"),
    route("GET", "/api/v1/accounts/{id}", show, scope="read:accounts", who="anyone"),
    route("GET", "/api/v1/accounts/{id}/statuses", statuses, scope="read:statuses", who="anyone"),
    route("POST", "/api/v1/accounts/{id}/block", block, scope="write:blocks"),
    route("POST", "/api/v1/accounts/{id}/unblock", unblock, scope="write:blocks"),
    route("POST", "/api/v1/accounts/{id}/follow", follow, scope="write:follows"),
    route("POST", "/api/v1/accounts/{id}/unfollow", unfollow, scope="write:follows"),
]
