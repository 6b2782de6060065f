"""The ways to assign, read back as views."""

from app.agents.permit import Actor, require
from app.assignment.strategies import OFF, strategies
from app.assignment.views import StrategyView


def assignment_strategies(actor: Actor) -> list[StrategyView]:
    """What a brand's assignment may be set to: off first, then the strategies by name."""
    require(actor, "see")
    return [StrategyView(name=name) for name in (OFF, *sorted(strategies()))]
