"""Pictures to go out with a reply: taken in, described, taken off, shown."""

from typing import Final

from sqlalchemy import select

from app.agents.permit import Actor, require, sees
from app.brands.account import open_account
from app.brands.models import BrandAccount
from app.core.clock import now
from app.core.db import Tx
from app.core.ids import new_id
from app.core.rows import clean
from app.core.transaction import transaction
from app.networks.registry import network
from app.replies.bare_picture import Bare, NotAPicture, bare_picture
from app.replies.errors import AltTooLong, PictureNotFound, PictureRefused
from app.replies.models import Picture
from app.replies.views import PictureView
from app.tickets.hold import hold_ticket
from app.tickets.models import Ticket

_BEGINNINGS: Final = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "image/gif": b"GIF8",
    "image/webp": b"RIFF",
}


def _view(p: Picture) -> PictureView:
    return PictureView(id=p.id, filename=p.filename, media_type=p.media_type, alt=p.alt, size=len(p.data))


def kind_of(data: bytes) -> str | None:
    """What a picture really is, by its first bytes; null for anything else."""
    kind = next((k for k, start in _BEGINNINGS.items() if data.startswith(start)), None)
    return None if kind == "image/webp" and data[8:12] != b"WEBP" else kind


async def take_picture(actor: Actor, ticket_id: str, data: bytes, filename: str, alt: str) -> PictureView:
    """Take in a picture for a reply on this ticket, without the places and names that it may tell of.

    These are taken out between two transactions, since that lasts up to a second and needs no connection; and only for
    who may answer on the ticket. Raises as add_picture() does.
    """
    require(actor, "reply")
    async with transaction() as tx:
        await hold_ticket(tx, actor, "reply", ticket_id, None)
    kind = kind_of(data)
    try:
        bare = await bare_picture(data, kind) if kind else None
    except NotAPicture:
        bare = None
    async with transaction() as tx:
        return await add_picture(tx, actor, ticket_id, bare, filename, alt)


async def add_picture(tx: Tx, actor: Actor, ticket_id: str, bare: Bare | None, filename: str, alt: str) -> PictureView:
    """Keep a picture for a reply on this ticket; null stands for what could not be read as one.

    Raises TicketNotFound, PictureRefused or AltTooLong by the server's own limits, PictureRefused also for null.
    """
    require(actor, "reply")
    ticket = await hold_ticket(tx, actor, "reply", ticket_id, None)
    account = await tx.get_one(BrandAccount, ticket.account_id)
    limits = network(account.network).limits(open_account(account))
    kind = None if bare is None else kind_of(bare)
    if kind is None or bare is None or kind not in limits.media_types or len(bare) > limits.max_media_bytes:
        raise PictureRefused(field="file", takes=list(limits.media_types), largest=limits.max_media_bytes)
    if len(alt) > limits.max_alt:
        raise AltTooLong(field="alt", maximum=limits.max_alt)
    picture = Picture(
        id=new_id("pc"),
        ticket_id=ticket_id,
        agent_id=actor.agent_id,
        data=bare,
        media_type=kind,
        filename=clean(filename)[:200] or "picture",
        alt=clean(alt),
        created_at=now(),
    )
    tx.add(picture)
    await tx.flush()
    return _view(picture)


async def _mine(tx: Tx, actor: Actor, picture_id: str) -> Picture:
    picture = await tx.scalar(
        select(Picture).where(
            Picture.id == picture_id,
            Picture.agent_id == actor.agent_id,
            Picture.reply_id.is_(None),
        ),
    )
    if picture is None:
        raise PictureNotFound
    return picture


async def describe_picture(tx: Tx, actor: Actor, picture_id: str, alt: str) -> PictureView:
    """Set the alternative text of a picture that waits. Raises PictureNotFound."""
    require(actor, "reply")
    picture = await _mine(tx, actor, picture_id)
    picture.alt, picture.remote_id = clean(alt), None
    await tx.flush()
    return _view(picture)


async def remove_picture(tx: Tx, actor: Actor, picture_id: str) -> None:
    """Take a picture off that waits. Raises PictureNotFound."""
    require(actor, "reply")
    await tx.delete(await _mine(tx, actor, picture_id))


async def picture_file(tx: Tx, actor: Actor, picture_id: str) -> tuple[bytes, str]:
    """The bytes and media type of a picture on a ticket the actor sees. Raises PictureNotFound."""
    query = (
        select(Picture, Ticket.brand_id).join(Ticket, Ticket.id == Picture.ticket_id).where(Picture.id == picture_id)
    )
    found = (await tx.execute(query)).one_or_none()
    if found is None or not sees(actor, found[1]):
        raise PictureNotFound
    return found[0].data, found[0].media_type
