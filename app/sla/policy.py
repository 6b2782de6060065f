"""Which promise applies: the first policy whose conditions fit a ticket, with the reason in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from app.core.value import value
from app.sla.calendar import Calendar
from app.sla.terms import DEFAULT_LAG, Reopen, Terms, Warn


@value(frozen=True, slots=True, kw_only=True)
class Traits:
    """What policies may ask of a ticket; None where the ticket has no such thing."""

    brand: str | None = None
    network: str | None = None
    priority: str | None = None
    labels: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    language: str | None = None
    lane: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What a policy asks: each list is "one of these", an empty list asks nothing."""

    brands: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    lanes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """How long one metric may take in working time; for one priority, or for all that have none of their own."""

    metric: str
    length: timedelta
    priority: str | None = None
    warn: Warn | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A promise and when it applies; `pauses` None leaves each metric its own."""

    id: str
    name: str
    conditions: Conditions = Conditions()
    targets: tuple[Target, ...] = ()
    pauses: Mapping[str, frozenset[str]] | None = field(default=None, hash=False)
    reopen: Reopen = "resume"
    count_automatic: bool = False
    calendar: str | None = None
    lag_threshold: timedelta = DEFAULT_LAG


@dataclass(frozen=True, slots=True)
class Choice:
    """The policy that applies and why; for those passed over before it, the condition that did not fit."""

    policy: Policy | None
    why: tuple[str, ...]
    passed_over: tuple[tuple[str, str], ...] = ()


def choose_policy(policies: Sequence[Policy], traits: Traits) -> Choice:
    """Answer the first policy, in the given order, all of whose conditions fit the ticket, and why it does."""
    passed_over: list[tuple[str, str]] = []
    for policy in policies:
        asked = _asked(policy.conditions, traits)
        unfit = next((f"{trait} is not {' or '.join(wanted)}" for trait, wanted, found in asked if not found), None)
        if unfit is None:
            why = tuple(f"{trait} is {found}" for trait, _, found in asked) or ("it asks nothing",)
            return Choice(policy, why, tuple(passed_over))
        passed_over.append((policy.id, unfit))
    return Choice(None, ("no policy fits",), tuple(passed_over))


def terms_of(choice: Choice, priority: str | None, calendar: Calendar) -> Terms:
    """Resolve a choice to the terms of one ticket: the targets of its priority, else those for all priorities.

    Without a policy nothing is promised, yet the clocks measure, so that a later policy finds what was consumed.
    """
    policy = choice.policy
    if policy is None:
        return Terms(calendar=calendar, why=choice.why)
    chosen = {target.metric: target for target in policy.targets if target.priority is None}
    chosen |= {target.metric: target for target in policy.targets if priority and target.priority == priority}
    return Terms(
        targets={metric: target.length for metric, target in chosen.items()},
        warns={metric: target.warn for metric, target in chosen.items() if target.warn is not None},
        pauses=policy.pauses,
        reopen=policy.reopen,
        count_automatic=policy.count_automatic,
        calendar=calendar,
        lag_threshold=policy.lag_threshold,
        policy=policy.id,
        why=choice.why,
    )


def _asked(conditions: Conditions, traits: Traits) -> list[tuple[str, tuple[str, ...], str | None]]:
    """List each condition that asks something: the trait, what it wants, and what of it the ticket has."""
    single = [
        ("brand", conditions.brands, traits.brand),
        ("network", conditions.networks, traits.network),
        ("priority", conditions.priorities, traits.priority),
        ("lane", conditions.lanes, traits.lane),
    ]
    asked = [(trait, wanted, own if own in wanted else None) for trait, wanted, own in single if wanted]
    several = [("team", conditions.teams, traits.teams), ("label", conditions.labels, traits.labels)]
    asked += [(trait, wanted, next((w for w in wanted if w in own), None)) for trait, wanted, own in several if wanted]
    if conditions.languages:
        asked.append(("language", conditions.languages, _language(conditions.languages, traits.language)))
    return asked


def _language(wanted: tuple[str, ...], spoken: str | None) -> str | None:
    """Let `en` fit `en-GB`, but not the other way round."""
    tag = (spoken or "").lower().replace("_", "-")
    fits = (one for one in wanted if tag == one.lower() or tag.startswith(one.lower() + "-"))
    return spoken if next(fits, None) is not None else None
