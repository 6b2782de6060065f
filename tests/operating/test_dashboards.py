"""The dashboard and the alert rules ask for nothing that a running process does not say, and are whole as files."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.operating.conftest import Installation, families


def expressions(operations: Path) -> Iterator[tuple[str, str]]:
    """Every query of both files, with where it stands."""
    for panel in json.loads((operations / "grafana.json").read_text())["panels"]:
        for target in panel.get("targets", ()):
            yield panel["title"], target["expr"]
    for rule in rules(operations):
        yield rule["alert"], rule["expr"]


def rules(operations: Path) -> list[dict[str, Any]]:
    groups = yaml.safe_load((operations / "alerts.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def test_every_number_that_is_asked_for_is_there(installed: Installation, operations: Path) -> None:
    known = families(installed.metrics())
    asked = {
        (where, name)
        for where, query in expressions(operations)
        for name in re.findall(r"\b(?:mentiondesk|process|python)_[a-z_]+\b", query)
    }
    assert len(asked) > 40
    assert sorted(pair for pair in asked if pair[1] not in known) == []


def test_every_label_that_is_asked_for_is_there(installed: Installation, operations: Path) -> None:
    labels = set(re.findall(r'(\w+)="', installed.metrics())) | {"job", "instance"}
    wrong = []
    for where, query in expressions(operations):
        named = {name for names in re.findall(r"\b(?:by|on) ?\(([^)]*)\)", query) for name in names.split(",")}
        named |= set(re.findall(r"[{,] *(\w+) *=~?", query))
        wrong += [(where, name.strip()) for name in named if name.strip() and name.strip() not in labels]
    assert wrong == []


def test_what_is_worth_an_alert_is_on_the_dashboard_too(operations: Path) -> None:
    panels = " ".join(
        target["expr"]
        for panel in json.loads((operations / "grafana.json").read_text())["panels"]
        for target in panel.get("targets", ())
    )
    for rule in rules(operations):
        assert [name for name in re.findall(r"mentiondesk_[a-z_]+|\bup\b", rule["expr"]) if name in panels], rule[
            "alert"
        ]


@pytest.mark.parametrize("pair", ["()", "{}", "[]"])
def test_queries_are_closed(operations: Path, pair: str) -> None:
    for where, query in expressions(operations):
        assert query.count(pair[0]) == query.count(pair[1]), where


def test_the_dashboard_can_be_imported(operations: Path) -> None:
    board = json.loads((operations / "grafana.json").read_text())
    assert board["title"] == "Mentiondesk"
    assert "id" not in board, "Grafana gives the number itself"
    assert board["schemaVersion"] >= 36
    ids = [panel["id"] for panel in board["panels"]]
    assert len(set(ids)) == len(ids)
    variables = {variable["name"] for variable in board["templating"]["list"]}
    assert set(re.findall(r"\$\{?(\w+)", json.dumps(board["panels"]))) <= variables
    taken: set[tuple[int, int]] = set()
    for panel in board["panels"]:
        at = panel["gridPos"]
        assert at["x"] + at["w"] <= 24, panel["title"]
        cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert not cells & taken, f"{panel['title']} lies over another"
        taken |= cells
        if panel["type"] != "row":
            assert panel["title"]
            assert panel["datasource"]["type"] == "prometheus"
            assert all(target["expr"] and target["refId"] for target in panel["targets"]), panel["title"]


def test_the_rules_are_rules(operations: Path) -> None:
    found = rules(operations)
    assert len({rule["alert"] for rule in found}) == len(found)
    for rule in found:
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
        assert re.fullmatch(r"\d+[smh]", rule.get("for", "1m"))
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"]["summary"].endswith(".")
        assert rule["annotations"]["do"]
