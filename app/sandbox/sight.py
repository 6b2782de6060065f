"""Who may read a status, and what a conversation looks like from where somebody stands."""

from app.sandbox import people
from app.sandbox.records import Account, Status
from app.sandbox.world import World


def may_see(world: World, status: Status, viewer: Account | None) -> bool:
    """Say whether a viewer (None: somebody without an account) may read a status."""
    if viewer is None:
        return status.visibility in {"public", "unlisted"}
    if status.account_id == viewer.id:
        return True
    if people.blocks(world, status.account_id, viewer.id):
        return False
    if status.visibility in {"public", "unlisted"} or viewer.id in status.mentions:
        return True
    return status.visibility == "private" and people.follows(world, viewer.id, status.account_id)


def seen(world: World, status_id: str | None, viewer: Account | None) -> Status | None:
    """Answer a status if it is there and the viewer may read it."""
    status = world.statuses.get(status_id or "")
    return status if status and may_see(world, status, viewer) else None


def ancestors(world: World, status: Status, viewer: Account | None, most: int) -> list[Status]:
    """List what a status answers, root first, leaving out what the viewer may not read."""
    found: list[Status] = []
    above = world.statuses.get(status.parent_id or "")
    while above and len(found) < most:
        if may_see(world, above, viewer):
            found.append(above)
        above = world.statuses.get(above.parent_id or "")
    return found[::-1]


def descendants(world: World, status: Status, viewer: Account | None, most: int, depth: int) -> list[Status]:
    """List what answers a status, branch by branch, oldest first in each."""
    found: list[Status] = []
    stack = [(one, 1) for one in reversed(world.replies.get(status.id, ()))]
    while stack and len(found) < most:
        status_id, level = stack.pop()
        below = world.statuses[status_id]
        if may_see(world, below, viewer):
            found.append(below)
        if level < depth:
            stack.extend((one, level + 1) for one in reversed(world.replies.get(status_id, ())))
    return found


def thread(world: World, root: Status, viewer: Account | None) -> list[Status]:
    """List a whole conversation from its root, as far as the viewer may read it."""
    own = [root] if may_see(world, root, viewer) else []
    return own + descendants(world, root, viewer, 4_096, 4_096)


def root_of(world: World, status: Status) -> Status:
    """Answer the first status of a conversation that is still there."""
    while above := world.statuses.get(status.parent_id or ""):
        status = above
    return status
