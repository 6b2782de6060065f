"""A day at a desk in a minute: customers write, agents on different processes answer, and the books are compared."""

import asyncio
import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import select

from app.agents.permit import Actor
from app.core.transaction import transaction
from app.replies.models import Reply
from app.stream.audience import may_hear
from app.tickets.models import Message, Note
from tests.processes.house import House, Part
from tests.processes.people import Browser, Watching, log_end, secret_of, server_cards, watching, whole_log

_SETTLE_SECONDS = 120.0


async def until(true: Callable[[], Any], seconds: float = _SETTLE_SECONDS) -> None:
    """Wait until something asked again and again holds."""
    async with asyncio.timeout(seconds):
        while not await true():  # noqa: ASYNC110 - other processes set no event here
            await asyncio.sleep(0.05)


@dataclass
class Day:
    """What happens, and what was said; `words` are unique, so that each can be looked for."""

    house: House
    word: str
    addresses: Sequence[str]
    ports: Sequence[Callable[[], int]]
    dice: random.Random = field(default_factory=random.Random)
    posted: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    noted: list[str] = field(default_factory=list)
    browsers: list[Browser] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def people(self) -> list[Actor]:
        """The lead and the agents."""
        return [self.house.desk.lead, *self.house.desk.agents]

    async def consoles(self) -> list[Watching]:
        """One for everybody, spread over the processes."""
        begun = await log_end()
        return [
            Watching(await secret_of(actor), self.ports[n % len(self.ports)], begun)
            for n, actor in enumerate(self.people)
        ]

    async def customers(self, mentions: int, pause: float = 0.0) -> None:
        """So many posts to the accounts, new ones and answers in a thread; or until the day is over."""
        threads: dict[str, list[str]] = {}
        for n in range(mentions):
            if self.over.is_set():
                return
            brand = self.house.brands[n % len(self.house.brands)]
            text = f"@{brand.handle} {self.word}-post-{n}"
            below = threads.setdefault(brand.handle, [])
            under = {"in_reply_to_id": self.dice.choice(below)} if below and n % 3 == 0 else {}
            who = f"{self.word}{n % 7}"
            post = await asyncio.to_thread(self.house.sandbox.post_as, who, text, **under)
            below.append(post["id"])
            self.posted.append(post["uri"])
            await asyncio.sleep(pause)

    async def agent(self, number: int, deeds: int, pause: float = 0.0) -> None:
        """Take a ticket, note, answer; at most so often, or until the day is over."""
        actor = self.people[1 + number % (len(self.people) - 1)]
        async with Browser(await secret_of(actor), self.addresses[number % len(self.addresses)]) as browser:
            self.browsers.append(browser)
            done = 0
            while done < deeds and not self.over.is_set():
                ticket_ids = await self._asked(browser)
                if not ticket_ids:
                    await asyncio.sleep(0.05)
                    continue
                ticket_id = self.dice.choice(ticket_ids)
                key = f"{self.word}-{number}-{done}"
                taken = await browser.ask("POST", f"/tickets/{ticket_id}/assign", json={"agent_id": actor.agent_id})
                assert taken.status_code == 200, taken.text
                noted = await browser.ask("POST", f"/tickets/{ticket_id}/notes", json={"text": f"note {key}"})
                assert noted.status_code == 201, noted.text
                self.noted.append(f"note {key}")
                sent = await browser.reply(ticket_id, f"answer-{key}")
                assert sent.status_code == 201, sent.text
                self.answered.append(f"answer-{key}")
                done += 1
                await asyncio.sleep(pause)

    async def _asked(self, browser: Browser) -> list[str]:
        """The newest tickets of this day's customers: what others left behind may have nothing left to answer."""
        page = (await browser.ask("GET", "/tickets?view=all_open&order=newest&limit=30")).json()
        return [card["id"] for card in page["items"] if card["customer"]["handle"].startswith(self.word)]

    async def settle(self, seconds: float = _SETTLE_SECONDS) -> None:
        """Wait until everything posted is in the books and every answer out."""

        async def all_in() -> bool:
            async with transaction() as tx:
                known = set(await tx.scalars(select(Message.uri).where(Message.kind == "customer")))
                unfinished = Reply.state.notin_(("sent", "cancelled")), Reply.text.startswith(f"answer-{self.word}-")
                waiting = await tx.scalar(select(Reply.id).where(*unfinished).limit(1))
            return set(self.posted) <= known and waiting is None

        await until(all_in, seconds)

    async def compare(self, consoles: Sequence[Watching]) -> None:
        """Nothing lost, nothing twice, everything in order, and every console equal to the server."""
        async with transaction() as tx:
            uris = Counter(await tx.scalars(select(Message.uri).where(Message.kind == "customer")))
            rows = list(await tx.scalars(select(Reply).order_by(Reply.id)))
            notes = Counter(await tx.scalars(select(Note.text)))
        assert {uri: uris[uri] for uri in self.posted} == dict.fromkeys(self.posted, 1)
        await self._answers_are_out_once_and_in_order(rows)
        assert {text: notes[text] for text in self.noted} == dict.fromkeys(self.noted, 1)
        log, cards = await self._one_moment(consoles)
        assert [e.seq for e in log] == list(range(1, len(log) + 1))
        for console, actor in zip(consoles, self.people, strict=True):
            begun = console.begun
            heard = [e.seq for e in log if e.seq > begun and may_hear(actor, e.audience, e.brand_id)]
            assert console.seen == heard
            assert {key: cards[key] for key in console.cards} == console.cards
            assert set(console.cards) == {e.ticket_id for e in log if e.seq > begun and e.ticket_id}

    async def _one_moment(self, consoles: Sequence[Watching]) -> tuple[list[Any], dict[str, dict[str, Any]]]:
        """The log and the inbox of an instant at which every console was: workers read conversations again all day."""
        async with asyncio.timeout(_SETTLE_SECONDS):
            while True:
                log, cards = await whole_log(), await server_cards(self.house.desk.lead)
                for console in consoles:
                    await console.up_to(len(log))
                if await log_end() == len(log) and all(console.after == len(log) for console in consoles):
                    return log, cards

    async def _answers_are_out_once_and_in_order(self, rows: Sequence[Reply]) -> None:
        posts = await asyncio.to_thread(self.house.sandbox.posts)
        said = [m.group() for p in posts if (m := re.search(rf"answer-{self.word}-\S+", p["text"]))]
        assert sorted(said) == sorted(self.answered)
        place = {text: n for n, text in enumerate(said)}
        handed: dict[str, list[int]] = {}
        for row in rows:
            text = str(row.outgoing["text"]).split()[-1]
            if text in place:
                handed.setdefault(row.ticket_id, []).append(place[text])
        assert sum(map(len, handed.values())) == len(self.answered)
        assert all(order == sorted(order) for order in handed.values()), handed


def a_day_at(house: House, word: str, webs: Sequence[Part]) -> Day:
    """A day whose people are spread over these web processes."""
    return Day(house, word, [web.address for web in webs], [partial(getattr, web, "port") for web in webs])


async def a_day(house: House, word: str, webs: Sequence[Part], *, mentions: int, agents: int, deeds: int) -> Day:
    """Customers and agents at once, on these web processes; the books are compared at the end."""
    day = a_day_at(house, word, webs)
    consoles = await day.consoles()
    async with watching(*consoles):
        async with asyncio.TaskGroup() as group:
            group.create_task(day.customers(mentions))
            for n in range(agents):
                group.create_task(day.agent(n, deeds))
        await day.settle()
        await day.compare(consoles)
    assert all(one.ends == [] for one in consoles)
    return day
