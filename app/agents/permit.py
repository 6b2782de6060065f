"""Who may do what: the whole permission table on one screen; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from app.core.errors import Refused


class NotAllowed(Refused):
    """Your role does not allow this; ask a lead."""


class BrandHidden(Refused):
    """You are in no team that works for this brand."""

    status = 404  # who may not see a brand is not told that it exists


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking, and the brands they may see: the signed-in agent, or a key, which alone has scopes."""

    agent_id: str
    role: str  # lead | agent
    brand_ids: frozenset[str]
    sign_in_id: str | None = None
    scopes: frozenset[str] | None = None

    @property
    def lead(self) -> bool:
        """Whether this is a lead, or a key that may administer every brand."""
        return self.role == "lead"


_AGENT: Final = frozenset(
    {
        "see",
        "edit_self",
        "assign",
        "take",
        "move",
        "dismiss",
        "label",
        "prioritise",
        "note",
        "open",
        "refer",
        "reply",
        "describe_customer",
        "merge_customer",
    },
)
_LEAD_OF_BRAND: Final = frozenset({"edit_brand", "connect_account", "see_rejects", "transfer"})
"""What a lead does to one brand; a key that may administer some brands does it to these."""
_LEAD: Final = _LEAD_OF_BRAND | {
    *("edit_people", "edit_promises", "edit_prices", "create_brand", "edit_keys", "edit_webhooks", "transfer_all"),
}

_KEY: Final[Mapping[str, frozenset[str]]] = {
    "read": frozenset({"see"}),
    "work": _AGENT - {"edit_self", "take", "reply"},
    "reply": frozenset({"see", "reply"}),
    "administer": _LEAD_OF_BRAND | {"see"},
}
"""What each scope of a key allows: nothing of a person's own, and nobody but a lead makes keys."""
_KEY_OF_ALL: Final = _LEAD - {"edit_keys", "edit_webhooks"}
"""What a key that may administer every brand does besides."""


def may(actor: Actor, verb: str, brand_id: str | None = None) -> bool:
    """Whether the actor may do this, to this brand when one is given. Leads see every brand."""
    if brand_id is not None and not sees(actor, brand_id):
        return False
    if actor.scopes is not None:
        return any(verb in _KEY[scope] for scope in actor.scopes) or (actor.lead and verb in _KEY_OF_ALL)
    return verb in _AGENT or (actor.lead and verb in _LEAD)


def sees(actor: Actor, brand_id: str) -> bool:
    """Whether the actor sees this brand and what belongs to it."""
    return actor.lead or brand_id in actor.brand_ids


def require(actor: Actor, verb: str, brand_id: str | None = None) -> None:
    """Refuse what may() does not allow. Raises NotAllowed or BrandHidden."""
    if brand_id is not None and not sees(actor, brand_id):
        raise BrandHidden
    if not may(actor, verb):
        raise NotAllowed


def seen_brands(actor: Actor, wanted: Iterable[str] = ()) -> frozenset[str] | None:
    """The brands to filter by: those wanted which the actor sees; null means every brand."""
    asked = frozenset(wanted)
    if actor.lead:
        return asked or None
    return asked & actor.brand_ids if asked else actor.brand_ids
