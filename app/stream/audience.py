"""may_hear(): who may see an event; pure."""

from app.agents.permit import Actor, sees


def may_hear(actor: Actor, audience: str, brand_id: str | None) -> bool:
    """Whether an agent may see an event of this audience; what concerns a brand goes to those who see the brand."""
    match audience:
        case "all":
            return True
        case "leads":
            return actor.lead
        case "brand":
            return brand_id is not None and sees(actor, brand_id)
        case _:
            return False
