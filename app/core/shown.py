"""shown(), show(): the examples by which the description of the interface shows what is asked and answered."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from pydantic import BaseModel, ConfigDict

from app.core.event import Ask, View


def shown(*examples: Mapping[str, Any]) -> ConfigDict:
    """The config of a shape that is shown by these; tests/access/test_examples.py asks and checks every one of them.

    A shape made from another one is shown by that one's, unless it has its own.
    """
    return ConfigDict(json_schema_extra={"examples": [dict(example) for example in examples]})


def show(document: dict[str, Any]) -> dict[str, Any]:
    """The same description with whole examples: FastAPI leaves out of them what is null, as it does everywhere."""
    schemas = document["components"]["schemas"]
    for model in _all(View, Ask):
        extra = model.model_config.get("json_schema_extra")
        if isinstance(extra, dict) and "examples" in schemas.get(model.__name__, {}):
            schemas[model.__name__]["examples"] = deepcopy(extra["examples"])
    return document


def _all(*shapes: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for shape in shapes:
        yield shape
        yield from _all(*shape.__subclasses__())
