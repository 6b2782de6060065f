"""The desk that the console is measured on: so many open tickets, a web process on them, and people who keep changing them."""

import asyncio
import contextlib
import random
import re
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from app.agents.password import hash_password
from app.agents.permit import Actor
from app.brands.attach import attach_account
from app.brands.begin import begin
from app.brands.models import Brand, BrandAccount
from app.core import clock
from app.core.transaction import transaction
from app.ingest.receive import receive
from app.networks.port import Account, Author, Connected, Inbound, Segment
from app.tickets.assign import assign_ticket
from app.tickets.label import label_ticket
from app.tickets.models import Ticket
from app.tickets.prioritise import prioritise_ticket
from app.wiring import wire
from bench.database import empty_database
from tools.setup import clean_environment
from tools.steps import ROOT

EMAIL: Final = "lea@acme.example"
PASSWORD: Final = "a password for measuring"
_PAGE: Final = 80
_SERVER: Final = "https://social.example"
_NAMES: Final = (
    "Amélie Durand",
    "Jonas Weber",
    "Priya Nair",
    "山田 花子",
    "Omar Haddad",
    "دانا منصور",
    "Zoë van Dijk",
    "Liam",
)
_WORDS: Final = (
    "the parcel was promised for Monday and is still in Lyon",
    "your app shows a white page since the update",
    "je ne reçois plus de factures depuis mars, personne ne répond",
    "could somebody please tell me when the store opens again?",
    "注文した商品がまだ届きません",
    "لم يصل الطلب حتى الآن",
    "thank you for the quick help yesterday, all good now 🙏",
    "I was charged twice for the same ticket, order 8841-22, and the form answers with an error",
)
_LABELS: Final = ("delivery", "refund", "invoice", "app")


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the console answers, and what is needed to change its tickets."""

    address: str
    lead: Actor
    brand_id: str
    account_id: str
    ticket_ids: tuple[str, ...]


@contextlib.asynccontextmanager
async def stage(tickets: int) -> AsyncIterator[Stage]:
    """A desk with so many open tickets, received as from a network within the last fifty minutes; nobody polls or fires."""
    wire()
    async with empty_database() as url:
        lead, brand_id, account_id = await _desk()
        for first in range(0, tickets, _PAGE):
            await _take_in(brand_id, account_id, range(first, min(first + _PAGE, tickets)), within=3000)
        async with transaction() as tx:
            ids = tuple(await tx.scalars(select(Ticket.id)))
        async with _web(url) as address:
            yield Stage(address, lead, brand_id, account_id, ids)


async def happen(stage: Stage, per_second: float, seconds: float) -> int:
    """Let facts happen evenly, as agents and customers make them, each in a transaction of its own; how many there were."""
    dice, began, done = random.Random(7), time.monotonic(), 0
    while (due := began + done / per_second) < began + seconds:
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        await _happens(stage, dice, done)
        done += 1
    return done


async def _happens(stage: Stage, dice: random.Random, number: int) -> None:
    ticket_id = dice.choice(stage.ticket_ids)
    match number % 5:
        case 0:
            await _take_in(stage.brand_id, stage.account_id, range(1_000_000 + number, 1_000_001 + number), within=0)
        case 1 | 2:
            async with transaction() as tx:
                await label_ticket(tx, stage.lead, ticket_id, [dice.choice(_LABELS)], [dice.choice(_LABELS)], None)
        case 3:
            async with transaction() as tx:
                await prioritise_ticket(tx, stage.lead, ticket_id, dice.choice(("normal", "high", "urgent")), None)
        case _:
            async with transaction() as tx:
                agent = dice.choice((None, stage.lead.agent_id))
                await assign_ticket(tx, stage.lead, ticket_id, agent, None)


async def _desk() -> tuple[Actor, str, str]:
    hashed = await hash_password(PASSWORD)
    async with transaction() as tx:
        lead = await begin(tx, name="Lea Morel", email=EMAIL, hashed=hashed, brand_name="Acme")
    async with transaction() as tx:
        brand = (await tx.scalars(select(Brand))).one()
        account = Account("mastodon", _SERVER, "1", "acme@social.example", {})
        view = await attach_account(tx, lead, brand.id, Connected(account, "Acme", None, f"{_SERVER}/@acme"))
        return lead, brand.id, view.id


async def _take_in(brand_id: str, account_id: str, numbers: range, within: float) -> None:
    posts = [_post(number, within) for number in numbers]
    async with transaction() as tx:
        brand, account = await tx.get_one(Brand, brand_id), await tx.get_one(BrandAccount, account_id)
        await receive(tx, brand, account, posts, received_at=clock.now())


def _post(number: int, within: float) -> Inbound:
    """A mention by somebody of their own, in one of several scripts and lengths."""
    dice = random.Random(number)
    text = "@acme " + " … ".join(dice.sample(_WORDS, dice.choice((1, 1, 1, 2, 3))))
    handle = f"customer{number}@social.example"
    return Inbound(
        uri=f"{_SERVER}/posts/{number}",
        remote_id=str(number),
        author=Author(f"id{number}", handle, f"{dice.choice(_NAMES)} {number}", followers=dice.randrange(5000)),
        role="mention",
        segments=(Segment("text", text),),
        text=text,
        posted_at=clock.now() - timedelta(seconds=dice.random() * within),
        visibility="public",
        language=None,
        addressed=("acme@social.example",),
    )


@contextlib.asynccontextmanager
async def _web(url: str) -> AsyncIterator[str]:
    """The web side as it is run, in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "app.cli",
        "web",
        "--port",
        "0",
        cwd=ROOT,
        env=clean_environment() | {"MENTIONDESK_DATABASE_URL": url, "PYTHONUNBUFFERED": "1"},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        said = ""
        while process.stderr and not (ready := re.search(r"Ready: (http\S+)", said)):
            line = await process.stderr.readline()
            if not line:
                raise RuntimeError(said)
            said += line.decode()
        yield ready[1] if ready else ""
    finally:
        process.terminate()
        await process.wait()
