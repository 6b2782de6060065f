"""What the interface says of itself, written once for all tests that read it: a second of work."""

from functools import cache
from typing import Any

from app.main import create_app


@cache
def description() -> dict[str, Any]:
    """The app's OpenAPI; whoever changes it takes a copy."""
    return create_app().openapi()


def routes() -> list[tuple[str, str]]:
    """Every method and path of the API."""
    paths = description()["paths"]
    return sorted((method.upper(), path) for path, kinds in paths.items() for method in kinds if method != "parameters")
