"""SentTogether: what networks took at nearly the same time is written down in one transaction."""

from app.core.together import Together
from app.ledger.charge import charged
from app.networks.port import Account, Published
from app.replies.models import Reply
from app.replies.settle import held_all, write_down_sent


class SentTogether(Together[tuple[Reply, Published, Account]]):
    """Writes down posts that are out. What fails is told; its lease runs out, and the post is found."""

    most = 50
    apart_on_fault = True

    async def sent(self, reply: Reply, published: Published, account: Account) -> None:
        """Write down that the network has the post, if the claim is still ours, and what was used of its account.

        Returns when it is committed.
        """
        await self.add((reply, published, account))

    async def write(self, batch: list[tuple[Reply, Published, Account]]) -> None:
        """Write down those whose claim is still ours, and what was used of all their accounts."""
        published = {reply.id: post for reply, post, _ in batch}
        async with charged(*(account for _, _, account in batch)) as tx:
            mine = await held_all(tx, [reply for reply, _, _ in batch])
            await write_down_sent(tx, [(reply, published[reply.id]) for reply in mine])
