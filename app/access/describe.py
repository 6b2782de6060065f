"""describe_access(): the description of the interface says of every operation how one gets in and which scope a key needs; pure."""

from typing import Any, Final

from app.access.operations import ANYBODY, OPERATIONS, PEOPLE

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
    """The same description with what each operation asks of who asks it."""
    document.setdefault("components", {})["securitySchemes"] = _SCHEMES
    for kinds in document["paths"].values():
        for operation in kinds.values():
            if isinstance(operation, dict) and "operationId" in operation:
                operation["security"] = security_of(operation["operationId"])
    return document


def security_of(operation: str) -> list[dict[str, list[str]]]:
    """How one gets in to an operation, as OpenAPI says it: a sign-in, a key of a scope, or nothing."""
    scope = OPERATIONS.get(operation, PEOPLE)
    if scope == ANYBODY:
        return []
    person: list[dict[str, list[str]]] = [{"session": []}]
    return person if scope == PEOPLE else [*person, {"key": [scope]}]
