"""Everything that can be done to a desk's tickets, each by one call with plain choices, for whoever rolls the dice."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.agents.permit import Actor
from app.core import clock
from app.core.clock import now
from app.core.db import Tx
from app.core.errors import DeskError
from app.core.eventlog import Logged, read_after
from app.core.transaction import transaction
from app.replies.cancel import cancel_reply
from app.replies.deliver import deliver_due
from app.replies.models import Reply
from app.replies.send import Wish, send_reply
from app.tickets.assign import assign_ticket
from app.tickets.dismiss import dismiss_ticket
from app.tickets.errors import StaleTicket
from app.tickets.inbox import Filter, inbox
from app.tickets.label import label_ticket
from app.tickets.models import Message
from app.tickets.move import move_ticket, wake_snoozed
from app.tickets.note import add_note
from app.tickets.prioritise import prioritise_ticket
from app.tickets.state import State
from app.tickets.vanish import vanish_messages
from app.tickets.views import TicketCard
from tests.given import Desk, a_desk, a_lean_account, take_in
from tests.lean import BRAND, Lean, a_post

EVERY: tuple[State, ...] = ("open", "waiting", "on_hold", "snoozed", "resolved", "closed")
LABELS = ("refund", "fridge", "praise")
REASONS = ("spam", "praise", "not_for_us", "no_answer_needed")
PRIORITIES = ("low", "normal", "high", "urgent")


@dataclass
class Acts:
    """A desk with three people, and what can happen to it."""

    lean: Lean
    desk: Desk = field(init=False)
    account_id: str = field(init=False)
    said: int = 0
    keys: int = 0

    async def begin(self) -> None:
        clock.turn(now())
        self.desk = await a_desk(agents=2)
        self.account_id = (await a_lean_account(self.desk)).id

    @property
    def people(self) -> list[Actor]:
        return [self.desk.lead, *self.desk.agents]

    # --- what the network does -------------------------------------------------------------------------------------

    async def customer_speaks(self, who: int, under: int | None, *, private: bool) -> None:
        """Somebody says something: alone, or under one of the posts there are."""
        clock.turn(now() + timedelta(minutes=1))
        keys = list(self.lean.posts)
        parent = keys[under % len(keys)] if under is not None and keys else None
        self.said += 1
        name = ("nora", "omar", "zoe")[who % 3]
        visibility: Any = "direct" if private else "public"
        post = a_post(f"p{self.said}", name, now(), f"@acme {self.said}", under=parent, visibility=visibility)
        self.lean.say(post, quietly=True)
        await take_in(self.account_id, *self._above(parent), post)

    async def brand_answers_outside(self, under: int) -> None:
        keys = list(self.lean.posts)
        if keys:
            clock.turn(now() + timedelta(minutes=1))
            self.said += 1
            post = a_post(f"p{self.said}", BRAND, now(), "from a phone", under=keys[under % len(keys)])
            self.lean.say(post)
            await take_in(self.account_id, *self._above(post.in_reply_to), post)

    def _above(self, key: str | None) -> list[Any]:
        found = []
        while key is not None:
            found.append(self.lean.posts[key])
            key = found[-1].in_reply_to
        return found

    async def post_is_edited(self, which: int) -> None:
        keys = list(self.lean.posts)
        if keys:
            before = self.lean.posts[keys[which % len(keys)]]
            clock.turn(now() + timedelta(seconds=10))
            after = replace(before, text=f"{before.text} (edited)", edited_at=now())
            self.lean.say(after, quietly=True)
            await take_in(self.account_id, after)

    async def post_is_deleted(self, which: int) -> None:
        async with transaction() as tx:
            ids = list(await tx.scalars(select(Message.id).where(Message.kind == "customer").order_by(Message.id)))
            if ids:
                await vanish_messages(tx, self.desk.brand_id, [ids[which % len(ids)]], why="deleted", at=now())

    async def time_passes(self, minutes: int) -> None:
        clock.turn(now() + timedelta(minutes=minutes))
        while await wake_snoozed():
            continue
        while await deliver_due():
            continue

    # --- what agents do --------------------------------------------------------------------------------------------

    async def verb(self, name: str, who: int, ticket: int, choice: int, behind: int) -> None:
        """One agent's deed on one ticket, as they saw it `behind` revisions ago; refused only for a reason."""
        cards = await self.cards()
        if not cards:
            return
        card = sorted(cards.values(), key=lambda c: c.number)[ticket % len(cards)]
        actor = self.people[who % 3]
        revision = card.revision - behind
        try:
            async with transaction() as tx:
                await self._do(tx, name, actor, card, choice, revision)
        except StaleTicket as stale:
            assert behind
            assert stale.details["card"] == card.model_dump(mode="json")  # noqa: PT017 - not every deed is refused
        except DeskError:
            assert (await self.cards())[card.id] == card  # refused, and nothing was done
        else:
            assert not behind or name in {"note", "reply", "cancel"}

    async def _do(self, tx: Tx, name: str, actor: Actor, card: TicketCard, choice: int, revision: int) -> None:
        self.keys += 1
        match name:
            case "assign":
                whom = [None, *(p.agent_id for p in self.people)][choice % 4]
                await assign_ticket(tx, actor, card.id, whom, revision)
            case "move":
                until = now() + timedelta(minutes=choice % 90)
                await move_ticket(tx, actor, card.id, EVERY[choice % 5], revision, until=until)
            case "dismiss":
                await dismiss_ticket(tx, actor, card.id, REASONS[choice % 4], revision)  # type: ignore[arg-type]
            case "label":
                add, remove = LABELS[choice % 3], LABELS[choice % 7 % 3]
                await label_ticket(tx, actor, card.id, [add], [remove] if choice % 2 else [], revision)
            case "prioritise":
                await prioritise_ticket(tx, actor, card.id, PRIORITIES[choice % 4], revision)  # type: ignore[arg-type]
            case "note":
                await add_note(tx, actor, card.id, f"note {choice}", f"note-{choice % 5}")
            case "reply":
                then: Any = (None, "resolve", "wait")[choice % 3]
                wish = Wish(text=f"answer {self.keys}", lane="public", seen=None, confirmed=True, then=then)
                await send_reply(tx, actor, card.id, wish, f"reply-{self.keys}")
            case "cancel":
                replies = list(await tx.scalars(select(Reply.id).where(Reply.ticket_id == card.id).order_by(Reply.id)))
                if replies:
                    await cancel_reply(tx, actor, replies[choice % len(replies)])

    # --- what can be seen ------------------------------------------------------------------------------------------

    async def cards(self) -> dict[str, TicketCard]:
        """Every ticket as the inbox shows it to the lead."""
        async with transaction() as tx:
            page = await inbox(tx, self.desk.lead, Filter(states=EVERY, order="newest"), limit=100)
        return {c.id: c for c in page.items}

    async def events(self, after: int = 0) -> list[Logged]:
        async with transaction() as tx:
            return await read_after(tx, after, 5000)

    async def books(self) -> tuple[list[Logged], dict[str, TicketCard]]:
        """The log and the inbox, as of one moment."""
        return await self.events(), await self.cards()


VERBS = ("assign", "move", "dismiss", "label", "prioritise", "note", "reply", "cancel")
