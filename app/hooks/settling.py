"""Settling: what came of deliveries at nearly the same time is written down in one transaction."""

from app.core.together import Together
from app.core.transaction import transaction
from app.hooks.post import Outcome
from app.hooks.settle import Came, write_down
from app.hooks.take import Parcel


class Settling(Together[Came]):
    """Writes outcomes down. What fails is told; its lease runs out, and it is sent again under the same id."""

    most = 100
    apart_on_fault = False

    async def settle(self, parcel: Parcel, outcome: Outcome) -> None:
        """Write an outcome down, if the claim is still ours; returns when it is committed."""
        await self.add((parcel, outcome))

    async def write(self, batch: list[Came]) -> None:
        """Write these down."""
        async with transaction() as tx:
            await write_down(tx, batch)
