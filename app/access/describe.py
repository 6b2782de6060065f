"""describe_access(): the description of the interface says of every operation how one gets in and which scope a key needs; pure."""

from typing import Any, Final

from app.access.operations import ANYBODY, KEEP_FOR_EVER, NOT_KEPT, OPERATIONS, PEOPLE
from app.core.described import describe_once

_SCHEMES: Final = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "mentiondesk",
        "description": "A person who signed in with a browser.",
    },
    "key": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "mdk_…",
        "description": "Another system's key, made by a lead. The scope an operation needs stands beside it.",
    },
}


def describe_access(document: dict[str, Any]) -> dict[str, Any]:
    """The same description with what each operation asks of who asks it, and whether it can be repeated safely."""
    document.setdefault("components", {})["securitySchemes"] = _SCHEMES
    for kinds in document["paths"].values():
        for method, operation in kinds.items():
            name = operation["operationId"]
            operation["security"] = security_of(name)
            if name in KEEP_FOR_EVER:
                describe_once(operation, demanded=True)
            elif method == "post" and name not in NOT_KEPT and OPERATIONS.get(name) != ANYBODY:
                describe_once(operation, demanded=False)
    return document


def security_of(operation: str) -> list[dict[str, list[str]]]:
    """How one gets in to an operation, as OpenAPI says it: a sign-in, a key of a scope, or nothing."""
    scope = OPERATIONS.get(operation, PEOPLE)
    if scope == ANYBODY:
        return []
    person: list[dict[str, list[str]]] = [{"session": []}]
    return person if scope == PEOPLE else [*person, {"key": [scope]}]
