"""Accounts with conversations that nobody reads any more: for benches whose subject is what happens afterwards."""

from datetime import timedelta

from app.agents.permit import Actor
from app.brands.attach import attach_account
from app.brands.models import Brand, BrandAccount
from app.core.clock import now
from app.core.transaction import transaction
from app.ingest.receive import receive
from app.networks.port import Account, Author, Connected, Inbound, Segment


async def an_account(lead: Actor, brand_id: str, server: str, number: int, *, conversations: int) -> list[str]:
    """An account on a server, with a mention by a customer of its own in each conversation; the tickets."""
    account = Account("mastodon", server, str(number), f"acme{number}", {"token": f"token-{number}"})
    async with transaction() as tx:
        view = await attach_account(tx, lead, brand_id, Connected(account, "Acme", None, server))
    at = now()
    posts = [
        Inbound(
            uri=f"{server}/said/{number}/{n}",
            remote_id=f"said-{number}-{n}",
            author=Author(f"c{number}-{n}", f"customer{number}x{n}@bench.example", "Customer"),
            role="mention",
            segments=(Segment("text", "@acme is it down?"),),
            text="@acme is it down?",
            posted_at=at - timedelta(seconds=60),
            visibility="public",
            addressed=("acme",),
        )
        for n in range(conversations)
    ]
    async with transaction() as tx:
        row, brand = await tx.get_one(BrandAccount, view.id), await tx.get_one(Brand, brand_id)
        return list((await receive(tx, brand, row, posts, received_at=at)).ticket_ids)
