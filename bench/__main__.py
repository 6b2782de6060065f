"""Runs the benchmarks, one after the other, and prints each figure with the limit measured beside it."""

import argparse
import asyncio
import gc
import importlib
import pkgutil
import signal
import time

import bench
from app.core.clock import now
from bench.report import keep, line


def modules() -> list[str]:
    """The names of all benchmarks: the modules that can measure()."""
    names = [m.name for m in pkgutil.iter_modules(bench.__path__) if m.name != "__main__"]
    return [name for name in names if hasattr(importlib.import_module(f"bench.{name}"), "measure")]


def main() -> None:
    """Ask one benchmark, or all; what they measured is in bench/results/."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("one", nargs="?", choices=modules(), help="only this one")
    given = parser.parse_args()
    names = [given.one] if given.one else modules()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends us ends what we started, too
    gc.freeze()  # as a process of the product does once it has started (app/cli.py)
    for name in names:
        module = importlib.import_module(f"bench.{name}")
        print(f"\n{name}: {(module.__doc__ or '').splitlines()[0]}", flush=True)
        began, at = time.monotonic(), now()
        figures = asyncio.run(module.measure())
        keep(name, figures, at)
        for figure in figures:
            print(line(figure), flush=True)
        print(f"  in {time.monotonic() - began:.0f} s", flush=True)


main()
