"""Networks of every kind that refuse, cut and talk nonsense: said in a sentence, and all is made good once they are kind."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select, update

from app.brands.connect import connect_account
from app.core.clock import now
from app.core.transaction import transaction
from app.ingest.models import Poll
from app.ingest.poll import poll_due
from app.ingest.queries import health_of
from app.ingest.views import HealthView
from app.tickets.models import Message
from tests.faults.proxy import REFUSING, SLOWLY_REFUSING, YEARS, Proxy, proxy
from tests.given import a_desk, listen
from tests.networks.given import RETURN
from tests.networks.stage import Stage


class Rude:
    """A desk whose only account is read through a server that is as rude as it is told."""

    def __init__(self, stage: Stage, front: Proxy, account_id: str) -> None:
        self.stage, self.front, self.account_id = stage, front, account_id

    async def read(self) -> HealthView:
        """Read until there is nothing more, whenever it was due."""
        async with transaction() as tx:
            await tx.execute(update(Poll).values(due_at=now()))
        while await poll_due():
            pass
        async with transaction() as tx:
            return await health_of(tx, self.account_id)

    async def texts(self) -> list[str]:
        async with transaction() as tx:
            return list(await tx.scalars(select(Message.text).order_by(Message.received_at, Message.id)))


@asynccontextmanager
async def rude(stage: Stage) -> AsyncIterator[Rude]:
    if not stage.news:
        pytest.skip("it has rude servers of its own")
    stage.reset()
    stage.brand()
    here = urlsplit(stage.url)
    async with proxy(f"{here.scheme}://{here.netloc}", stage.news) as front:
        desk = await a_desk(agents=0)
        fields = {**stage.fields(), "server": f"{front.address}{here.path}"}
        made = await connect_account(desk.lead, desk.brand_id, stage.network, fields, import_days=0, return_url=RETURN)
        assert made.account
        await listen()
        yield Rude(stage, front, made.account.id)


@pytest.mark.parametrize("slowly", [False, pytest.param(True, marks=pytest.mark.faults)])
async def test_what_cannot_be_read_is_said_and_made_good_afterwards(database: str, stage: Stage, *, slowly: bool):
    async with rude(stage) as desk:
        said: list[str] = []
        for name, way in (SLOWLY_REFUSING if slowly else REFUSING).items():
            said.append(f"@acme while {name} {len(said)}")
            stage.post("nora", said[-1])
            desk.front.rude, desk.front.struck = way, 0
            health = await desk.read()
            assert desk.front.struck, name
            held = [text for text in await desk.texts() if said[-1] in text]
            assert health.problem or held, name  # half of a feed may be a whole item
            assert "<" not in (health.problem or ""), name
            desk.front.rude = None
            health = await desk.read()
            assert (health.problem, health.rejects) == (None, 0), name
            assert [one for one in await desk.texts() if said[-1] in one], name
        assert len(await desk.texts()) == len(said)


async def test_what_is_strange_is_taken_in_once_and_holds_up_nothing_that_follows(database: str, stage: Stage):
    async with rude(stage) as desk:
        said: list[str] = []
        for name, way in YEARS.items():
            for front in (way, None):
                said.append(f"@acme {name} {len(said)}")
                stage.post("nora", said[-1])
                desk.front.rude = front
                health = await desk.read()
                assert health.problem is None, name
                assert len(await desk.texts()) == len(said), name
        await desk.read()
        assert len(await desk.texts()) == len(said)
