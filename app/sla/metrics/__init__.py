"""Finds every module in this folder; one file is one metric."""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache

from app.sla.metric import Metric


@cache
def all_metrics() -> Mapping[str, Metric]:
    """Answer the metrics by name, in the order of their names."""
    found: list[Metric] = [
        importlib.import_module(f"{__name__}.{module.name}").METRIC for module in pkgutil.iter_modules(__path__)
    ]
    return {metric.name: metric for metric in sorted(found, key=lambda metric: metric.name)}
