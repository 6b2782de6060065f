"""Runs the benchmarks, one after the other, and prints each figure beside its baseline."""

import argparse
import asyncio
import importlib
import json
import pkgutil

import bench
from bench.figures import BASELINES, baseline, save

_PARTS = {"__main__", "figures"}


def modules() -> list[str]:
    """The names of all benchmarks."""
    return [m.name for m in pkgutil.iter_modules(bench.__path__) if m.name not in _PARTS]


def main() -> None:
    """Ask one benchmark, or all; --keep makes their figures the new baseline."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("one", nargs="?", choices=modules(), help="only this one")
    parser.add_argument("--keep", action="store_true", help="make these figures the baseline")
    given = parser.parse_args()
    for name in [given.one] if given.one else modules():
        module = importlib.import_module(f"bench.{name}")
        print(f"\n{name}: {(module.__doc__ or '').splitlines()[0]}", flush=True)
        figures = asyncio.run(module.measure())
        save(name, figures)
        before = baseline(name)
        for figure in figures:
            then = f"   baseline {before[figure.name]:,.4g}" if figure.name in before else ""
            print(f"  {figure.value:>12,.4g} {figure.unit:<10} {figure.name}{then}", flush=True)
        if given.keep:
            kept = json.loads(BASELINES.read_text()) if BASELINES.exists() else {}
            kept[name] = {figure.name: round(figure.value, 4) for figure in figures}
            BASELINES.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n")


main()
