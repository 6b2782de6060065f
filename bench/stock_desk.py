"""The desk of a stock: five brands of very different size, forty agents in teams, and promises that run for months."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from app.agents.form_team import form_team
from app.agents.invite import add_agent
from app.agents.password import PasswordHash
from app.agents.permit import Actor
from app.brands.attach import attach_account
from app.brands.begin import begin
from app.brands.edit import create_brand
from app.brands.models import Brand
from app.core import clock
from app.core.db import Tx
from app.core.transaction import transaction
from app.networks.port import Account, Connected
from app.sla.asks import EditPolicyAsk, TargetAsk, WarnAsk
from app.sla.edit import save_policy
from app.sla.models import PolicyRow
from app.tickets.models import Label

SERVER: Final = "https://stock.example"
START: Final = datetime.fromisoformat("2026-01-05T08:00:00+00:00")
"""When every history began; its copies begin at times of their own."""
DAY: Final = 86_400
USUAL: Final = 90 * DAY
URGENT: Final = 24 * DAY
BRANDS: Final = {"Nordwind": 50, "Südbahn": 25, "Westfalia": 15, "Ostara": 8, "Zenit": 2}
"""The brands, and how many of a hundred customers are theirs."""
PEOPLE: Final = (16, 10, 8, 4, 2)
"""How many agents each brand's team has."""
LABELS: Final = ("delivery", "refund", "invoice", "app", "defect", "praise", "password", "address", "press", "legal")
HASH: Final = PasswordHash("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$not-a-real-hash")


@dataclass
class Desk:
    """Who works at the stock's desk, and for whom."""

    lead: Actor
    brand_ids: list[str] = field(default_factory=list)
    account_ids: list[str] = field(default_factory=list)
    agents: list[list[Actor]] = field(default_factory=list)


async def set_up() -> Desk:
    """Five brands with an account each, teams of 40 agents, and a promise of months, so that its clocks run."""
    clock.turn(START - timedelta(days=1))
    async with transaction() as tx:
        lead = await begin(tx, name="Lea", email="lea@stock.example", hashed=HASH, brand_name=next(iter(BRANDS)))
    desk = Desk(lead)
    async with transaction() as tx:
        for place, name in enumerate(BRANDS):
            brand_id = await tx.scalar(select(Brand.id).where(Brand.name == name))
            if brand_id is None:
                brand_id = (await create_brand(tx, lead, name=name, colour="#884400")).id
            desk.brand_ids.append(brand_id)
            team = await form_team(tx, lead, name=f"{name} people", agent_ids=[], brand_ids=[brand_id])
            desk.agents.append([])
            for number in range(PEOPLE[place]):
                address = f"agent{place}.{number}@stock.example"
                made = await add_agent(
                    tx, name=f"Agent {place}.{number}", email=address, role="agent", hashed=HASH, team_ids=[team.id]
                )
                desk.agents[-1].append(Actor(made.id, "agent", frozenset({brand_id})))
            handle = f"voice{place}@stock.example"
            account = Account("mastodon", SERVER, f"voice{place}", handle, {})
            view = await attach_account(tx, lead, brand_id, Connected(account, name, None, f"{SERVER}/@voice{place}"))
            desk.account_ids.append(view.id)
        tx.add_all(Label(name=name, created_at=clock.now()) for name in LABELS)
    async with transaction() as tx:
        await _promise_months(tx, lead)
    return desk


async def _promise_months(tx: Tx, lead: Actor) -> None:
    row = (await tx.scalars(select(PolicyRow))).one()
    targets = [
        TargetAsk(metric=metric, priority=priority, seconds=seconds, warn=WarnAsk(percent=75))
        for metric in ("first_reply", "next_reply", "resolution", "update")
        for priority, seconds in ((None, USUAL), ("urgent", URGENT))
    ]
    ask = EditPolicyAsk(name=row.name, targets=targets, calendar_id=row.calendar_id, revision=row.revision)
    await save_policy(tx, lead, row.id, ask)
