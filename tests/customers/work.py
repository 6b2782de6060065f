"""Tickets to test with, as plain rows: what an account heard, and whose work it is."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from app.brands.models import BrandAccount
from app.core.clock import now
from app.core.ids import new_id
from app.core.secrets import seal
from app.core.transaction import transaction
from app.customers.identify import identify_customers
from app.networks.port import Author
from app.tickets.models import Conversation, Ticket

_n = count()


async def an_account(brand_id: str) -> str:
    account = new_id("ac")
    async with transaction() as tx:
        tx.add(
            BrandAccount(
                id=account,
                brand_id=brand_id,
                network="village",
                server="https://village.example",
                remote_id=account,
                handle="acme",
                name="Acme",
                credentials=seal({}),
                traits={"max_characters": 500},
                connected_at=now(),
            ),
        )
    return account


async def a_customer(remote_id: str = "cleo") -> str:
    async with transaction() as tx:
        found = await identify_customers(
            tx, "village", "https://village.example", [Author(remote_id, f"{remote_id}@village.example", remote_id)]
        )
    return found[remote_id]


async def a_ticket(brand_id: str, account_id: str, customer_id: str, **known: Any) -> str:
    return (await tickets(brand_id, account_id, customer_id, 1, **known))[0]


async def tickets(brand_id: str, account_id: str, customer_id: str, how_many: int, **known: Any) -> list[str]:
    """So many open tickets, each a minute younger than the one before."""
    first: datetime = known.pop("opened_at", now() - timedelta(days=1))
    made = []
    async with transaction() as tx:
        for k in range(how_many):
            conversation = Conversation(id=new_id("cv"), account_id=account_id, root=f"root-{next(_n)}")
            tx.add(conversation)
            await tx.flush()
            at = first + timedelta(minutes=k)
            ticket = Ticket(
                id=new_id("tk"),
                brand_id=brand_id,
                account_id=account_id,
                conversation_id=conversation.id,
                customer_id=customer_id,
                opened_at=at,
                unanswered_since=at,
                last_message_at=at,
                last_customer_at=at,
                **known,
            )
            tx.add(ticket)
            made.append(ticket.id)
    return made
