"""From a blog's feed to a ticket that can be worked but not answered from here."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.brands.connect import connect_account
from app.core.clock import now
from app.core.transaction import transaction
from app.ingest.models import Poll
from app.ingest.poll import poll_due
from app.ingest.reread import reread_due
from app.tickets.models import Conversation, Message, Ticket
from tests.given import a_desk, listen
from tests.networks.adapters.feeds.blog import a_blog, atom, entry


@pytest.mark.usefixtures("database")
async def test_a_comment_in_a_feed_becomes_a_ticket_and_the_feed_is_left_in_peace() -> None:
    async with a_blog() as blog:
        desk = await a_desk()
        at = now().isoformat()
        blog.body = atom(entry("0", "from before", at=(now() - timedelta(days=2)).isoformat()))
        await connect_account(
            desk.lead, desk.brand_id, "feeds", {"server": f"{blog.url}/feed"}, import_days=0, return_url="http://x/r"
        )
        await listen()
        blog.body = atom(entry("2", "it is late", at=at), entry("1", "where is it?", who="Bob", at=at))
        async with transaction() as tx:
            poll = (await tx.scalars(select(Poll))).one()
            assert poll.due_at is not None
            assert poll.due_at > now() + timedelta(minutes=13)
            poll.due_at = poll.overlap_at = now()
        asked = len(blog.asked)
        assert await poll_due()
        assert len(blog.asked) == asked + 1
        async with transaction() as tx:
            assert sorted(await tx.scalars(select(Message.text))) == ["it is late", "where is it?"]
            assert len(list(await tx.scalars(select(Ticket)))) == 2
            await tx.execute(update(Conversation).values(reread_at=now()))
        for _ in range(2):
            async with transaction() as tx:
                await tx.execute(update(Poll).values(reread_free_at=None))
            assert await reread_due()
        async with transaction() as tx:
            assert list(await tx.scalars(select(Conversation.reread_at))) == [None, None]
        assert len(blog.asked) == asked + 1
