"""What policies may ask of a ticket, read for any number of tickets in one statement."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import text

from app.core.db import Tx
from app.core.value import value
from app.sla.policy import Traits
from app.tickets.state import PRIORITIES

_READ: Final = text("""
select t.id, t.brand_id, a.network, t.priority, t.labels, t.language, t.lane, t.follows_id,
       array(select b.team_id from brand_teams b where b.brand_id = t.brand_id) as teams,
       array(select b.team_id from brand_teams b join team_members m on m.team_id = b.team_id
              where b.brand_id = t.brand_id and m.agent_id = t.assignee_id) as own_teams
  from tickets t join brand_accounts a on a.id = t.account_id
 where t.id = any(:ids)
""")


@value(frozen=True, slots=True)
class Case:
    """A ticket as far as promises need it."""

    ticket_id: str
    brand_id: str
    follows_id: str | None
    traits: Traits

    @property
    def named(self) -> dict[str, str]:
        """The fields that name it in a fact."""
        return {"brand_id": self.brand_id, "ticket_id": self.ticket_id}


async def read_cases(tx: Tx, ticket_ids: Collection[str]) -> dict[str, Case]:
    """The tickets by id; one that is gone is left out.

    A ticket's teams are those of its brand that its owner is in; all of the brand's while nobody of them owns it.
    """
    rows = await tx.execute(_READ, {"ids": sorted(ticket_ids)})
    return {
        key: Case(
            ticket_id=key,
            brand_id=brand,
            follows_id=follows,
            traits=Traits(
                brand=brand,
                network=network,
                priority=PRIORITIES[priority],
                labels=frozenset(labels),
                teams=frozenset(own_teams or teams),
                language=language,
                lane=lane,
            ),
        )
        for key, brand, network, priority, labels, language, lane, follows, teams, own_teams in rows
    }
