"""A clock with its explanation as the console shows it; pure."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from app.sla.explain import explain
from app.sla.timer import Timer
from app.sla.views import (
    ClockPolicyView,
    ClockView,
    IntervalView,
    PassedOverView,
    PauseView,
    ReasonView,
)

MOST_INTERVALS: Final = 200


def describe(
    timer: Timer,
    at: datetime,
    names: Mapping[str, str],
    *,
    current: bool,
    passed_over: Collection[Mapping[str, Any]] = (),
) -> ClockView:
    """Everything one can ask of a clock as of `at`; of very many working intervals the newest 200 are listed."""
    told = explain(timer, at)
    counted = told.pop("intervals")
    return ClockView.model_validate(
        {
            **told,
            "label": f"desk.metric.{timer.metric}",
            "current": current,
            "policy": ClockPolicyView(
                id=timer.promise.policy,
                name=names.get(timer.promise.policy or ""),
                why=[_reason(one, names) for one in timer.promise.why],
                passed_over=[_passed_over(one, names) for one in passed_over] if current else [],
            ),
            "pauses": [PauseView(since=p["from"], to=p["to"], cause=p["cause"]) for p in told["pauses"]],
            "intervals": [IntervalView(since=i["from"], to=i["to"], seconds=i["s"]) for i in counted[-MOST_INTERVALS:]],
            "intervals_left_out": max(0, len(counted) - MOST_INTERVALS),
        },
    )


def _reason(text: str, names: Mapping[str, str]) -> ReasonView:
    trait, found, value = text.partition(" is ")
    if not found:
        return ReasonView(trait=None, value=None, name=None, text=text)
    name = names.get(value)
    return ReasonView(trait=trait, value=value, name=name, text=f"{trait} is {name or value}")


def _passed_over(one: Mapping[str, Any], names: Mapping[str, str]) -> PassedOverView:
    text = " ".join(names.get(word, word) for word in one["why"].split())
    return PassedOverView(
        policy_id=one["policy_id"],
        name=names.get(one["policy_id"]),
        trait=one["why"].partition(" is not ")[0],
        text=text,
    )
