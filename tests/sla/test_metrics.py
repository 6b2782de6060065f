"""Metrics are found, not listed; and the rules stay pure."""

import ast
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import app.sla
from app.sla import metrics
from app.sla.metrics import all_metrics
from app.sla.simulate import simulate
from tests.sla.histories import at

HANDOVER = '''"""Handover: from putting a ticket on hold to taking it up again."""

from app.sla.metric import Meet, Start


class Handover:
    name = "handover"
    label = "Handover"
    pauses = frozenset()

    def read(self, scene):
        held, was = scene.after.state == "on_hold", scene.before.state == "on_hold"
        if held and not was:
            return [Start(scene.fact.at)]
        return [Meet(scene.fact.at)] if was and not held else []


METRIC = Handover()
'''


@pytest.fixture
def handover(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "handover.py").write_text(HANDOVER)
    monkeypatch.setattr(metrics, "__path__", [*metrics.__path__, str(tmp_path)])
    importlib.invalidate_caches()
    all_metrics.cache_clear()
    yield
    sys.modules.pop("app.sla.metrics.handover", None)
    vars(metrics).pop("handover", None)
    all_metrics.cache_clear()


def test_the_metrics_there_are() -> None:
    assert list(all_metrics()) == ["first_reply", "next_reply", "resolution", "update"]
    assert all(metric.label and isinstance(metric.pauses, frozenset) for metric in all_metrics().values())


@pytest.mark.usefixtures("handover")
def test_a_new_metric_is_one_new_file() -> None:
    history = [("09:00", "open"), ("10:00", "on_hold"), ("10:20", "open")]
    facts = [{"at": at(clock).isoformat(), "type": "moved", "to": to} for clock, to in history]
    (clock,) = simulate({"policy": {"targets_s": {"handover": 900}}, "facts": facts})["clocks"]
    assert (clock["metric"], clock["state"], clock["over_s"]) == ("handover", "breached", 300)


PURE = [
    "calendar", "compare", "explain", "facts", "fold", "keep", "metric", "policy", "read_calendar", "read_policy",
    "simulate", "situation", "spans", "tally", "terms", "timer", "zone",
]  # fmt: skip


def test_the_rules_import_no_database_and_no_web() -> None:
    folder = Path(app.sla.__file__).parent
    files = [folder / f"{name}.py" for name in PURE] + sorted((folder / "metrics").glob("*.py"))
    for path in files:
        for node in ast.walk(ast.parse(path.read_text())):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                # what dataclasses and refusals are made with; both import nothing
                if name in {"app.core.value", "app.core.reason"}:
                    continue
                assert not name.startswith(("sqlalchemy", "fastapi", "psycopg", "app.core.")), (
                    f"{path.name} imports {name}"
                )
