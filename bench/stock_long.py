"""Tickets with 200 messages, taken in page by page as a worker does it; the copies of moulds have three."""

from datetime import timedelta
from typing import Final

from app.brands.models import Brand, BrandAccount
from app.core.clock import now
from app.core.transaction import transaction
from app.ingest.receive import receive
from app.networks.port import Author, Inbound, Segment
from bench.stock_desk import SERVER, Desk

PATIENTS: Final = 10
"""How many such tickets; their customers are called Patient 0, Patient 1 ..."""
_POSTS: Final = 200
_PAGE: Final = 80


async def talk_long(desk: Desk) -> None:
    """Let each patient write 200 posts in one thread within the last day, every fourth answered from outside."""
    for number in range(PATIENTS):
        for start in range(0, _POSTS, _PAGE):
            async with transaction() as tx:
                account = await tx.get_one(BrandAccount, desk.account_ids[0])
                brand = await tx.get_one(Brand, account.brand_id)
                page = [_post(account, number, place) for place in range(start, min(_POSTS, start + _PAGE))]
                await receive(tx, brand, account, page, received_at=now())


def _post(account: BrandAccount, number: int, place: int) -> Inbound:
    ours = place % 4 == 3
    words = f"Message {place} of a long talk about the delivery, the invoice and what was said before"
    key = f"long{number}x{place}"
    return Inbound(
        uri=f"{SERVER}/posts/{key}",
        remote_id=key,
        author=Author(account.remote_id, account.handle, account.name)
        if ours
        else Author(f"patient{number}", f"patient{number}@stock.example", f"Patient {number}"),
        role="own" if ours else "mention",
        segments=(Segment("text", words),),
        text=words,
        posted_at=now() - timedelta(hours=20) + timedelta(minutes=place),
        visibility="public",
        in_reply_to=f"long{number}x{place - 1}" if place else None,
        language="en",
        addressed=(account.handle,),
    )
