"""Which policy applies, why, and what it promises a ticket of some priority."""

from app.sla.calendar import ALWAYS
from app.sla.policy import Conditions, Policy, Target, Traits, choose_policy, terms_of
from app.sla.terms import Warn
from tests.sla.histories import minutes

VIP = Policy(
    id="pol_vip",
    name="Important people",
    conditions=Conditions(brands=("acme",), labels=("press", "vip"), languages=("en", "fr")),
    targets=(Target(metric="first_reply", length=minutes(5)),),
)
EVERYBODY = Policy(
    id="pol_all",
    name="Everybody",
    targets=(
        Target(metric="first_reply", length=minutes(60), warn=Warn(percent=80)),
        Target(metric="first_reply", length=minutes(15), priority="urgent"),
        Target(metric="resolution", length=minutes(600)),
    ),
    pauses={"resolution": frozenset({"on_hold"})},
    reopen="restart",
)


def test_the_first_that_fits_applies_and_says_why() -> None:
    ticket = Traits(brand="acme", labels=frozenset({"vip", "bug"}), language="en-GB")
    choice = choose_policy([VIP, EVERYBODY], ticket)
    assert choice.policy is VIP
    assert choice.why == ("brand is acme", "label is vip", "language is en-GB")


def test_those_passed_over_say_what_did_not_fit() -> None:
    choice = choose_policy([VIP, EVERYBODY], Traits(brand="acme", labels=frozenset({"bug"}), language="en"))
    assert choice.policy is EVERYBODY
    assert choice.why == ("it asks nothing",)
    assert choice.passed_over == (("pol_vip", "label is not press or vip"),)


def test_every_kind_of_condition_can_rule_out() -> None:
    fits = Traits(
        brand="a",
        network="n",
        priority="p",
        labels=frozenset({"l"}),
        teams=frozenset({"t"}),
        language="de",
        lane="private",
    )
    conditions = {
        "brands": "a",
        "networks": "n",
        "priorities": "p",
        "labels": "l",
        "teams": "t",
        "languages": "de",
        "lanes": "private",
    }
    for name, value in conditions.items():
        asks = Policy(id="pol_1", name="One", conditions=Conditions(**{name: (value,)}))
        assert choose_policy([asks], fits).policy is asks
        assert choose_policy([asks], Traits()).policy is None


def test_a_narrow_language_does_not_fit_a_wide_one() -> None:
    british = Policy(id="pol_1", name="British", conditions=Conditions(languages=("en-GB",)))
    assert choose_policy([british], Traits(language="en")).policy is None
    assert choose_policy([british], Traits(language="en_gb")).policy is british
    assert (
        choose_policy([Policy(id="e", name="E", conditions=Conditions(languages=("e",)))], Traits(language="en")).policy
        is None
    )


def test_the_target_of_the_priority_goes_before_that_for_all() -> None:
    choice = choose_policy([EVERYBODY], Traits())
    urgent, normal = (terms_of(choice, priority, ALWAYS) for priority in ("urgent", "normal"))
    assert (urgent.targets["first_reply"], normal.targets["first_reply"]) == (minutes(15), minutes(60))
    assert urgent.targets["resolution"] == normal.targets["resolution"] == minutes(600)
    assert (normal.warns, urgent.warns) == ({"first_reply": Warn(percent=80)}, {})
    assert (urgent.reopen, urgent.pauses, urgent.policy) == ("restart", EVERYBODY.pauses, "pol_all")


def test_without_a_policy_nothing_is_promised() -> None:
    assert terms_of(choose_policy([], Traits()), "urgent", ALWAYS).targets == {}
