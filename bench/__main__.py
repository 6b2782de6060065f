"""Runs the benchmarks, one after the other, and prints each figure with the limit measured beside it."""

import argparse
import asyncio
import importlib
import pkgutil
import signal
import time
from typing import Final

import bench
from app.core.clock import now
from app.core.collector import settle
from bench.figures import Figure, at_most
from bench.memory import Watch
from bench.report import keep, line
from bench.stock import drop_copies

SECONDS: Final = 15 * 60
MEGABYTES: Final = 4 * 1024
"""What a run of all of them may take, from nothing, on two cores."""


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
    settle()  # as a process of the product does once it has started (app/cli.py)
    began, at = time.monotonic(), now()
    with Watch() as memory:
        try:
            for name in names:
                ask(name)
        finally:
            drop_copies()
    took, held = time.monotonic() - began, memory.most / 1024**2
    print("\nrun: how long it took, and the most memory that its processes held together", flush=True)
    whole = [at_most("all of it", took, "s", SECONDS), at_most("most memory at once", held, "MB", MEGABYTES)]
    if given.one:
        whole = [Figure("this one", took, "s"), Figure("most memory at once", held, "MB")]
    else:
        keep("run", whole, at)
    for figure in whole:
        print(line(figure), flush=True)


def ask(name: str) -> None:
    """Let one benchmark measure, show its figures and keep them."""
    module = importlib.import_module(f"bench.{name}")
    print(f"\n{name}: {(module.__doc__ or '').splitlines()[0]}", flush=True)
    began, at = time.monotonic(), now()
    figures = asyncio.run(module.measure())
    keep(name, figures, at)
    for figure in figures:
        print(line(figure), flush=True)
    print(f"  in {time.monotonic() - began:.0f} s", flush=True)


main()
