"""Posting, editing, deleting and listing as anybody, without a token."""

from pydantic import Field
from starlette.requests import Request
from starlette.routing import Route

from app.sandbox import amend, entities, links, people, publish, sight
from app.sandbox.control.door import Nothing, Order, control
from app.sandbox.control.people import named
from app.sandbox.failures import Refusal
from app.sandbox.records import Json, Status
from app.sandbox.wish import Wish
from app.sandbox.world import World

NEWEST_THREADS = 30


class Post(Order):
    """Something somebody says; whoever says it is made when new."""

    author: str = Field(alias="as")
    text: str = ""
    visibility: str | None = None
    in_reply_to_id: str | None = None
    spoiler_text: str = ""
    sensitive: bool = False
    language: str | None = None
    media_ids: list[str] = Field(default_factory=list)
    quoted_status_id: str | None = None
    application: str | None = None


class Change(Order):
    """A new text for a post."""

    text: str
    spoiler_text: str | None = None


class Reaction(Order):
    """Who boosts or likes a post."""

    author: str = Field(alias="as")
    on: bool = True


class Search(Order):
    """Which posts to list; nothing said lists all."""

    author: str | None = None
    text: str | None = None
    in_reply_to_id: str | None = None


class Reader(Order):
    """Whose conversations to list."""

    person: str | None = None


async def post(world: World, _: Request, order: Post) -> Json:
    """Publish as anybody."""
    author = people.settle(world, order.author)
    wish = Wish(
        text=order.text,
        visibility=order.visibility or "public",
        parent_id=order.in_reply_to_id,
        spoiler=order.spoiler_text,
        sensitive=order.sensitive,
        language=order.language,
        media_ids=order.media_ids,
        quote_id=order.quoted_status_id,
        application=order.application,
    )
    return entities.status(world, publish.publish(world, author, wish), author)


def _any(world: World, request: Request) -> Status:
    found = world.statuses.get(request.path_params["id"])
    if not found:
        raise Refusal(404, {"error": "There is no such post."})
    return found


async def edit(world: World, request: Request, order: Change) -> Json:
    """Edit anybody's post."""
    status = _any(world, request)
    author = world.accounts[status.account_id]
    spoiler = status.spoiler if order.spoiler_text is None else order.spoiler_text
    wish = Wish(text=order.text, spoiler=spoiler, media_ids=status.media_ids)
    return entities.status(world, amend.edit(world, author, status, wish), author)


async def delete(world: World, request: Request, _: Nothing) -> Json:
    """Delete anybody's post."""
    amend.delete(world, _any(world, request))
    return {}


async def boost(world: World, request: Request, order: Reaction) -> Json:
    """Boost a post as anybody, or take it back."""
    who, status = people.settle(world, order.author), _any(world, request)
    if not order.on:
        amend.unboost(world, who, status)
        return entities.status(world, status, who)
    return entities.status(world, amend.boost(world, who, status), who)


async def favourite(world: World, request: Request, order: Reaction) -> Json:
    """Like a post as anybody, or no longer."""
    who, status = people.settle(world, order.author), _any(world, request)
    amend.favourite(world, who, status, on=order.on)
    return entities.status(world, status, who)


async def listing(world: World, _: Request, order: Search) -> list[Json]:
    """List posts plainly, oldest first, private ones too: what the network really holds."""
    account = named(world, order.author) if order.author else None
    found = sorted(world.statuses.values(), key=lambda one: world.key(one.id))
    return [
        {
            "id": one.id,
            "given_id": one.given_id,
            "author": world.accounts[one.account_id].acct,
            "text": one.text,
            "visibility": one.visibility,
            "spoiler_text": one.spoiler,
            "language": one.language,
            "in_reply_to_id": one.parent_id,
            "created_at": entities.stamp(one.created_ms),
            "edited_at": entities.stamp(one.edited_ms) if one.edited_ms else None,
            "application": one.application,
            "mentions": [world.accounts[who].acct for who in one.mentions],
            "media": [world.pictures[media].description for media in one.media_ids],
            "quoted_status_id": one.quote_id,
            "reblog_of": one.boost_of,
            "uri": links.status_uri(world, one),
        }
        for one in found
        if (not account or one.account_id == account.id)
        and (not order.text or order.text in one.text)
        and (not order.in_reply_to_id or one.parent_id == order.in_reply_to_id)
    ]


async def threads(world: World, _: Request, order: Reader) -> list[Json]:
    """List the newest conversations somebody takes part in (without a name: the public ones), as they see them."""
    viewer = named(world, order.person) if order.person else None
    roots: dict[str, tuple[int, Status]] = {}
    for one in world.statuses.values():
        part = viewer is None or one.account_id == viewer.id or viewer.id in one.mentions
        if part and not one.boost_of and sight.may_see(world, one, viewer):
            root = sight.root_of(world, one)
            roots[root.id] = (max(one.created_ms, roots.get(root.id, (0, root))[0]), root)
    newest = sorted(roots.values(), key=lambda pair: pair[0], reverse=True)[:NEWEST_THREADS]
    return [
        {"id": root.id, "posts": [entities.status(world, one, viewer) for one in sight.thread(world, root, viewer)]}
        for _, root in newest
    ]


async def thread(world: World, request: Request, _: Nothing) -> Json:
    """Answer one whole conversation, private posts too: the sandbox's owner may see everything."""
    root = sight.root_of(world, _any(world, request))
    posts = [root, *(one for one in world.statuses.values() if one.thread_id == root.thread_id and one is not root)]
    posts.sort(key=lambda one: (one.created_ms, world.key(one.id)))
    return {"id": root.id, "posts": [entities.status(world, one, world.accounts[one.account_id]) for one in posts]}


ROUTES: list[Route] = [
    control("POST", "/posts", Post, post),
    control("GET", "/posts", Search, listing),
    control("PUT", "/posts/{id}", Change, edit),
    control("DELETE", "/posts/{id}", Nothing, delete),
    control("POST", "/posts/{id}/boost", Reaction, boost),
    control("POST", "/posts/{id}/favourite", Reaction, favourite),
    control("GET", "/threads", Reader, threads),
    control("GET", "/threads/{id}", Nothing, thread),
]
