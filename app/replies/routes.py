"""HTTP for answers: what can be sent, drafts, pictures, sending, undoing."""

from typing import Annotated, Literal

from fastapi import APIRouter, File, Form, Response, UploadFile
from pydantic import Field

from app.agents.current import Current, CurrentApart
from app.core.clock import now
from app.core.event import Ask
from app.core.http import IdempotencyKey, Tx
from app.core.http_once import Kept
from app.core.shown import shown
from app.replies import queries
from app.replies.cancel import cancel_reply, retry_reply, settle_by_hand
from app.replies.draft import discard_draft, save_draft
from app.replies.picture import describe_picture, picture_file, remove_picture, take_picture
from app.replies.send import send_reply
from app.replies.views import DraftView, PictureView, ReplyOptions, ReplyView, Visibility
from app.replies.wish import Wish
from app.tickets.examples import MESSAGE_ID

router = APIRouter(prefix="/api/v1", tags=["replies"], route_class=Kept)

_MOST_BYTES = 40 * 1024 * 1024
Text = Annotated[str, Field(max_length=50_000)]
Ids = Annotated[tuple[str, ...], Field(max_length=20)]


class ReplyAsk(Ask):
    """An answer; `seen` is the newest message on the agent's screen, `confirmed` sends although there is more."""

    model_config = shown(
        {
            "text": "It is with your neighbour at number 12.",
            "lane": "public",
            "seen": MESSAGE_ID,
            "then": "resolve",
            "undo_seconds": 0,
        }
    )

    text: Text
    lane: Literal["public", "private"]
    seen: str | None
    parent_id: str | None = None
    visibility: Visibility | None = None
    content_warning: Annotated[str | None, Field(max_length=2000)] = None
    language: Annotated[str | None, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$", max_length=35)] = None
    picture_ids: Ids = ()
    confirmed: bool = False
    then: Literal["resolve", "wait"] | None = None
    undo_seconds: Annotated[
        float | None, Field(ge=0, le=60, description="how long it can be taken back; null: as the installation says")
    ] = None
    split: Annotated[
        bool, Field(description="send a text that is too long in numbered parts; the answer is the first of them")
    ] = False


class DraftAsk(Ask):
    """A text not sent."""

    model_config = shown(
        {"text": "It is with your neighbour", "lane": "public", "key": "6f0d9a52-8d3b-4f5e-9a55-0b6f7d1c2e3f"}
    )

    text: Text
    lane: Literal["public", "private", "note"]
    content_warning: Annotated[str | None, Field(max_length=2000)] = None
    visibility: Visibility | None = None
    parent_id: str | None = None
    picture_ids: Ids = ()
    key: Annotated[str, Field(min_length=8, max_length=200)]


class AltAsk(Ask):
    """What a picture shows."""

    model_config = shown({"alt": "The label on the parcel"})

    alt: Annotated[str, Field(max_length=10_000)]


class SettleAsk(Ask):
    """What a person saw at the network."""

    model_config = shown({"published": True})

    published: bool


@router.get("/tickets/{ticket_id}/reply-options")
async def get_reply_options(tx: Tx, me: Current, ticket_id: str) -> ReplyOptions:
    """Whether and how the ticket can be answered now."""
    return await queries.reply_options(tx, me, ticket_id)


@router.get("/tickets/{ticket_id}/replies")
async def list_replies(tx: Tx, me: Current, ticket_id: str) -> list[ReplyView]:
    """The ticket's replies in the order they were handed over."""
    return await queries.replies_of(tx, me, ticket_id)


@router.post("/tickets/{ticket_id}/replies", operation_id="send_reply", status_code=201)
async def post_reply(tx: Tx, me: Current, ticket_id: str, ask: ReplyAsk, key: IdempotencyKey) -> ReplyView:
    """Compare and send."""
    return await send_reply(tx, me, ticket_id, Wish(**ask.model_dump()), key)


@router.post("/replies/{reply_id}/cancel", operation_id="cancel_reply")
async def post_cancel_reply(tx: Tx, me: Current, reply_id: str) -> ReplyView:
    """Take it back in time."""
    return await cancel_reply(tx, me, reply_id)


@router.post("/replies/{reply_id}/retry", operation_id="retry_reply")
async def post_retry_reply(tx: Tx, me: Current, reply_id: str) -> ReplyView:
    """Try a failed one again."""
    return await retry_reply(tx, me, reply_id)


@router.post("/replies/{reply_id}/settle", operation_id="settle_reply")
async def post_settle_reply(tx: Tx, me: Current, reply_id: str, ask: SettleAsk) -> ReplyView:
    """Say what became of an unsure one."""
    return await settle_by_hand(tx, me, reply_id, published=ask.published)


@router.get("/tickets/{ticket_id}/draft")
async def get_draft(tx: Tx, me: Current, ticket_id: str) -> DraftView | None:
    """My text not sent, or null."""
    return await queries.draft_of(tx, me, ticket_id)


@router.put("/tickets/{ticket_id}/draft", operation_id="save_draft")
async def put_draft(tx: Tx, me: Current, ticket_id: str, ask: DraftAsk) -> DraftView:
    """Keep my text."""
    body = ask.model_dump() | {"picture_ids": list(ask.picture_ids)}
    return await save_draft(tx, me, DraftView(ticket_id=ticket_id, saved_at=now(), **body))


@router.delete("/tickets/{ticket_id}/draft", operation_id="discard_draft", status_code=204)
async def delete_draft(tx: Tx, me: Current, ticket_id: str) -> None:
    """Forget my text."""
    await discard_draft(tx, me, ticket_id)


@router.get("/tickets/{ticket_id}/pictures")
async def list_unsent_pictures(tx: Tx, me: Current, ticket_id: str) -> list[PictureView]:
    """The pictures of my answer not sent, so that a draft can be gone on with elsewhere."""
    return await queries.unsent_pictures(tx, me, ticket_id)


@router.post("/tickets/{ticket_id}/pictures", operation_id="add_picture", status_code=201)
async def post_picture(
    me: CurrentApart,
    ticket_id: str,
    file: Annotated[UploadFile, File()],
    alt: Annotated[str, Form(max_length=10_000)] = "",
) -> PictureView:
    """Attach a picture to the answer I am writing."""
    data = await file.read(_MOST_BYTES + 1)
    return await take_picture(me, ticket_id, data, file.filename or "", alt)


@router.patch("/pictures/{picture_id}", operation_id="describe_picture")
async def patch_picture(tx: Tx, me: Current, picture_id: str, ask: AltAsk) -> PictureView:
    """Describe it for those who do not see it."""
    return await describe_picture(tx, me, picture_id, ask.alt)


@router.delete("/pictures/{picture_id}", operation_id="remove_picture", status_code=204)
async def delete_picture(tx: Tx, me: Current, picture_id: str) -> None:
    """Take it off."""
    await remove_picture(tx, me, picture_id)


@router.get("/pictures/{picture_id}/file", response_class=Response)
async def get_picture_file(tx: Tx, me: Current, picture_id: str) -> Response:
    """The picture itself."""
    data, media_type = await picture_file(tx, me, picture_id)
    return Response(
        data, media_type=media_type, headers={"Content-Disposition": "inline", "X-Content-Type-Options": "nosniff"}
    )
