"""may_hear(): who may see an event; pure."""

from dataclasses import dataclass

from app.agents.permit import Actor


@dataclass(frozen=True, slots=True)
class Reach:
    """What a console may hear of: everything for leads, else some brands. Consoles of one reach share their frames."""

    lead: bool
    brand_ids: frozenset[str]


_EVERYTHING = Reach(lead=True, brand_ids=frozenset())


def reach_of(actor: Actor) -> Reach:
    """The reach of an agent; all leads have the same."""
    return _EVERYTHING if actor.lead else Reach(lead=False, brand_ids=actor.brand_ids)


def may_hear(reach: Reach, audience: str, brand_id: str | None) -> bool:
    """Whether an event of this audience is within reach; what concerns a brand goes to those who see the brand."""
    match audience:
        case "all":
            return True
        case "leads":
            return reach.lead
        case "brand":
            return brand_id is not None and (reach.lead or brand_id in reach.brand_ids)
        case _:
            return False
