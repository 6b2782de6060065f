"""The desk machine's acts carried out by real processes: posts come in through workers, deeds go to one web process or another."""

import asyncio
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select, text, update

from app.core.clock import now
from app.core.db import Tx
from app.core.eventlog import Logged
from app.core.ids import new_id
from app.core.transaction import transaction
from app.core.wake import wake
from app.ingest.models import Poll
from app.tickets.models import Conversation, Message
from app.tickets.views import TicketCard
from tests.lean import Lean
from tests.machines.acts import EVERY, LABELS, PRIORITIES, REASONS, Acts
from tests.processes.house import House, Part
from tests.processes.people import Browser, log_end, secret_of, server_cards, whole_log
from tests.world import World

_SECONDS = 120.0
_HURRY_SECONDS = 0.5
_NEVER_STALE = {"note", "reply", "cancel"}


class HouseWorld(World):
    """The database of a house: nothing is wiped between examples, since its processes are at work in it."""

    def __init__(self, house: House) -> None:
        self.url = house.url

    @contextmanager
    def example(self) -> Iterator[World]:
        yield self


class Spread(Acts):
    """Acts whose network is the sandbox and whose deeds are requests to the web processes in turn; time cannot be turned."""

    def __init__(self, house: House, webs: list[Part]) -> None:
        super().__init__(Lean())
        self.house = house
        self.desk = house.desk
        self._turn = itertools.cycle(webs)
        self._secrets: dict[str, str] = {}
        self.posts: list[dict[str, Any]] = []
        self._ever: list[dict[str, Any]] = []
        self.word = new_id("sp").replace("_", "")

    async def begin(self) -> None:
        """Everybody signs in."""
        for actor in self.people:
            self._secrets[actor.agent_id] = await secret_of(actor)

    # --- what the network does, and a worker brings in -------------------------------------------------------------

    async def customer_speaks(self, who: int, under: int | None, *, private: bool) -> None:
        self.said += 1
        name = f"{self.word}{who % 3}"
        seen = [p for p in self.posts if p["visibility"] != "direct" or p["account"]["acct"] == name]
        parent = seen[under % len(seen)] if under is not None and seen else None
        brand = self.house.brands[0]
        more: dict[str, Any] = {"in_reply_to_id": parent["id"]} if parent else {}
        more["visibility"] = "direct" if private else "public"
        await self._post(name, f"@{brand.handle} {self.said}", more)

    async def brand_answers_outside(self, under: int) -> None:
        if self.posts:
            more = {"in_reply_to_id": self.posts[under % len(self.posts)]["id"]}
            await self._post(self.house.brands[0].handle, "from a phone", more)

    async def _post(self, name: str, words: str, more: dict[str, Any]) -> None:
        post = await asyncio.to_thread(self.house.sandbox.post_as, name, words, **more)
        self.posts.append(post)
        self._ever.append(post)
        await self._until("select 1 from messages where uri = :uri", uri=post["uri"])

    async def post_is_edited(self, which: int) -> None:
        if self.posts:
            post = self.posts[which % len(self.posts)]
            self.said += 1
            words = f"@{self.house.brands[0].handle} edited {self.said}"
            await asyncio.to_thread(self.house.sandbox.edit, post["id"], words)
            await self._until(
                "select 1 from messages where uri = :uri and text like :t", uri=post["uri"], t=f"%{words}"
            )

    async def post_is_deleted(self, which: int) -> None:
        if self.posts:
            post = self.posts.pop(which % len(self.posts))
            await asyncio.to_thread(self.house.sandbox.delete, post["id"])
            await self._until("select 1 from messages where uri = :uri and vanished_at is not null", uri=post["uri"])

    async def time_passes(self, minutes: int) -> None:
        """Whoever was snoozed wakes sooner by so much; a worker notices."""
        sooner = text("update tickets set snoozed_until = snoozed_until - :by where snoozed_until is not null")
        async with transaction() as tx:
            await tx.execute(sooner, {"by": timedelta(minutes=minutes)})
            await wake(tx, "snoozes")
        await self._until(
            "select 1 where not exists (select from tickets where state = 'snoozed' and snoozed_until <= now())"
        )

    # --- what agents do --------------------------------------------------------------------------------------------

    async def verb(self, name: str, who: int, ticket: int, choice: int, behind: int) -> None:
        cards = await self.cards()
        if not cards:
            return
        card = sorted(cards.values(), key=lambda c: c.number)[ticket % len(cards)]
        actor, before = self.people[who % 3], await log_end()
        path, body = await self._deed(name, card, choice, card.revision - behind)
        async with Browser(self._secrets[actor.agent_id], next(self._turn).address) as browser:
            answer = await browser.ask("POST", path, json=body)
        assert answer.status_code < 500, answer.text
        if answer.is_success:
            assert not behind or name in _NEVER_STALE
        elif answer.json()["code"] == "stale_ticket":
            assert behind
            assert answer.json()["card"] == card.model_dump(mode="json")
        else:
            after = (await self.cards())[card.id]
            assert after == card or await log_end() > before  # refused, and nothing was done, by this request at least
        await self._until(
            "select 1 where not exists"
            " (select from replies where state in ('queued','sending','unsure') and ticket_id = :ticket_id)",
            ticket_id=card.id,
        )

    async def _deed(self, name: str, card: TicketCard, choice: int, revision: int) -> tuple[str, dict[str, Any]]:
        """The request for a deed: its path and body."""
        at = f"/tickets/{card.id}"
        self.keys += 1
        match name:
            case "assign":
                whom = [None, *(p.agent_id for p in self.people)][choice % 4]
                return f"{at}/assign", {"agent_id": whom, "revision": revision}
            case "move":
                until = (now() + timedelta(minutes=1 + choice % 90)).isoformat()
                return f"{at}/move", {"to": EVERY[choice % 5], "until": until, "revision": revision}
            case "dismiss":
                return f"{at}/dismiss", {"reason": REASONS[choice % 4], "revision": revision}
            case "label":
                add, remove = LABELS[choice % 3], LABELS[choice % 7 % 3]
                return f"{at}/labels", {"add": [add], "remove": [remove] if choice % 2 else [], "revision": revision}
            case "prioritise":
                return f"{at}/priority", {"priority": PRIORITIES[choice % 4], "revision": revision}
            case "note":
                return f"{at}/notes", {"text": f"note {choice}"}
            case "reply":
                wish = {"text": f"answer {self.word} {self.keys}", "lane": "public", "seen": None, "confirmed": True}
                return f"{at}/replies", wish | {"then": (None, "resolve", "wait")[choice % 3]}
            case _:
                async with transaction() as tx:
                    found = await tx.scalar(
                        text("select id from replies where ticket_id = :id limit 1"), {"id": card.id}
                    )
                return f"/replies/{found or 're_none'}/cancel", {}

    # --- what can be seen ------------------------------------------------------------------------------------------

    async def cards(self) -> dict[str, TicketCard]:
        """The tickets of this machine's own customers; others were made by people who acted at once."""
        every = await server_cards(self.desk.lead)
        mine = {key: card for key, card in every.items() if card["customer"]["handle"].startswith(self.word)}
        return {key: TicketCard.model_validate(card) for key, card in mine.items()}

    async def books(self) -> tuple[list[Logged], dict[str, TicketCard]]:
        """Both as of one moment, since workers go on meanwhile; facts about others' tickets count as nobody's."""
        while True:
            end = await log_end()
            log, cards = await whole_log(), await self.cards()
            if end == await log_end() == len(log):
                return [e if e.ticket_id in cards else replace(e, ticket_id=None) for e in log], cards

    async def _until(self, query: str, **given: Any) -> None:
        """Wait until the processes have done something, with this machine's conversations read again meanwhile.

        Its own alone: one is read after the other, so those that others left behind would be waited for. And again
        and again: a reading that had begun before the network changed does not see the change.
        """
        loop = asyncio.get_running_loop()
        hurry_at = loop.time() + _HURRY_SECONDS
        async with asyncio.timeout(_SECONDS):
            while True:
                async with transaction() as tx:
                    if await tx.scalar(text(query), given):
                        return
                    if "uri" in given and loop.time() > hurry_at:
                        await self._reread(tx)
                        hurry_at = loop.time() + _HURRY_SECONDS
                await asyncio.sleep(0.02)

    async def _reread(self, tx: Tx) -> None:
        mine = select(Message.conversation_id).where(Message.uri.in_([post["uri"] for post in self._ever]))
        await tx.execute(update(Poll).where(Poll.account_id == self.house.account_ids[0]).values(reread_free_at=None))
        await tx.execute(update(Conversation).where(Conversation.id.in_(mine)).values(reread_at=now()))
        await wake(tx, "rereads")
