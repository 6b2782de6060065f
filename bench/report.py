"""What a run measured, kept for people and programs: bench/results/latest.json and the same as a table."""

import json
import os
import platform
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.figures import Figure

RESULTS = Path(__file__).parent / "results"
_LATEST = RESULTS / "latest.json"
_HEAD = "| bench | metric | value | limit | ratio | goal | met |\n|---|---|---:|---:|---:|---|---|\n"


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    info = Path("/proc/cpuinfo")
    models = [line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
    return {
        "cpu": models[0] if models else platform.processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def keep(bench: str, figures: Sequence[Figure], at: datetime) -> None:
    """Put the figures of one benchmark into the results, in place of its older ones, and write the table anew."""
    RESULTS.mkdir(exist_ok=True)
    before = json.loads(_LATEST.read_text())["results"] if _LATEST.exists() else []
    results = [one for one in before if one["bench"] != bench] + [_row(bench, figure, at) for figure in figures]
    _LATEST.write_text(json.dumps({"machine": machine(), "results": results}, indent=1) + "\n")
    _LATEST.with_suffix(".md").write_text(_table(results))


def line(figure: Figure) -> str:
    """A figure as the terminal shows it."""
    beside = f", limit {figure.limit:,.4g}, ratio {figure.ratio:.2f}" if figure.limit and figure.ratio else ""
    judged = "" if figure.met is None else f"   [{'met' if figure.met else 'NOT MET'}: {figure.goal}]"
    return f"  {figure.value:>12,.4g} {figure.unit:<11} {figure.metric}{beside}{judged}"


def _row(bench: str, figure: Figure, at: datetime) -> dict[str, Any]:
    return {
        "bench": bench,
        "metric": figure.metric,
        "value": round(figure.value, 4),
        "unit": figure.unit,
        "limit": None if figure.limit is None else round(figure.limit, 4),
        "ratio": None if figure.ratio is None else round(figure.ratio, 3),
        "goal": figure.goal,
        "met": figure.met,
        "at": at.isoformat(timespec="seconds"),
    }


def _table(results: Sequence[dict[str, Any]]) -> str:
    about = machine()
    said = (
        f"{about['cpu']}, {about['cores']} cores, {about['memory_gb']} GB, {about['system']}, Python {about['python']}"
    )
    rows = [
        f"| {r['bench']} | {r['metric']} | {r['value']:,.4g} {r['unit']} | "
        f"{'' if r['limit'] is None else format(r['limit'], ',.4g')} | {'' if r['ratio'] is None else r['ratio']} | "
        f"{r['goal']} | {'' if r['met'] is None else 'yes' if r['met'] else '**no**'} |"
        for r in results
    ]
    return f"Measured on {said}.\n\n{_HEAD}" + "\n".join(rows) + "\n"
