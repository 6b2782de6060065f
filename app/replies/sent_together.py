"""SentTogether: what networks took at nearly the same time is written down in one transaction."""

import asyncio
from typing import Final

from app.ledger.charge import charged
from app.networks.port import Account, Published
from app.replies.models import Reply
from app.replies.settle import held_all, write_down_sent

_MOST: Final = 50

_Sent = tuple[Reply, Published, Account, "asyncio.Future[None]"]


class SentTogether:
    """Writes down posts that are out. While one transaction runs, those that arrive wait for the next, together.

    Under load the reactions and the commit are shared by many; a single reply waits for nobody.
    """

    def __init__(self) -> None:
        """Nothing has arrived."""
        self._arrived: list[_Sent] = []
        self._writing: asyncio.Task[None] | None = None

    async def sent(self, reply: Reply, published: Published, account: Account) -> None:
        """Write down that the network has the post, if the claim is still ours, and what was used of its account.

        Returns when it is committed.
        """
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._arrived.append((reply, published, account, written))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        await written

    async def _write(self) -> None:
        while self._arrived:
            batch, self._arrived = self._arrived[:_MOST], self._arrived[_MOST:]
            (fault,) = await asyncio.gather(self._commit(batch), return_exceptions=True)
            if isinstance(fault, Exception) and len(batch) > 1:
                for one in batch:  # what is wrong with one of them is not to hold up the others
                    (fault,) = await asyncio.gather(self._commit([one]), return_exceptions=True)
                    self._tell([one], fault)
            else:
                self._tell(batch, fault)

    @staticmethod
    async def _commit(batch: list[_Sent]) -> None:
        published = {reply.id: post for reply, post, _, _ in batch}
        async with charged(*(account for _, _, account, _ in batch)) as tx:
            mine = await held_all(tx, [reply for reply, _, _, _ in batch])
            await write_down_sent(tx, [(reply, published[reply.id]) for reply in mine])

    @staticmethod
    def _tell(batch: list[_Sent], fault: BaseException | None) -> None:
        for _, _, _, written in batch:
            if written.done():
                continue
            if fault is None:
                written.set_result(None)
            else:  # the lease runs out, and the post is found
                written.set_exception(fault)
