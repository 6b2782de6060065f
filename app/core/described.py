"""describe_problems(): the description of the interface says how every operation refuses; pure."""

from typing import Any, Final

_TEXT: Final = {"type": "string"}
_PROBLEM: Final = {
    "type": "object",
    "title": "Problem",
    "description": "Why a request was refused (RFC 9457), with what belongs to this problem beside it.",
    "required": ["type", "title", "status", "detail", "code", "request_id"],
    "properties": {
        "type": _TEXT | {"description": "/problems/ and the code"},
        "title": _TEXT | {"description": "what this kind of problem is"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": _TEXT | {"description": "a sentence for people"},
        "code": _TEXT | {"description": "a name that stays, for programs"},
        "request_id": {"anyOf": [_TEXT, {"type": "null"}], "description": "finds the request in the log"},
        "field": _TEXT | {"description": "the part of the request at fault, where one is"},
    },
    "additionalProperties": True,
    "examples": [
        {
            "type": "/problems/stale_ticket",
            "title": "Somebody changed this ticket since you looked.",
            "status": 409,
            "detail": "Somebody changed this ticket since you looked.",
            "code": "stale_ticket",
            "request_id": "5f0c1e7a9b3d4c2e",
        }
    ],
}
_REFUSED: Final = {
    "description": "Refused; nothing was done.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_KEY: Final = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[ -~]+$"}
_ONCE: Final = {
    "name": "idempotency-key",
    "in": "header",
    "required": False,
    "schema": {"anyOf": [_KEY, {"type": "null"}]},
    "description": "new for each thing that is done; the same request again is answered and not repeated",
}


def describe_problems(document: dict[str, Any]) -> dict[str, Any]:
    """The same description with the refusals as they are, in place of those the framework would have."""
    schemas = document["components"]["schemas"]
    for replaced in ("HTTPValidationError", "ValidationError"):
        schemas.pop(replaced, None)
    schemas["Problem"] = _PROBLEM
    for kinds in document["paths"].values():
        for operation in kinds.values():
            operation["responses"].pop("422", None)
            operation["responses"]["default"] = _REFUSED
    return document


def describe_once(operation: dict[str, Any], *, demanded: bool) -> None:
    """Let an operation say that it takes an Idempotency-Key, or that it cannot do without."""
    others = [one for one in operation.get("parameters", ()) if one["name"] != _ONCE["name"]]
    schema = _KEY if demanded else _ONCE["schema"]
    operation["parameters"] = [*others, _ONCE | {"required": demanded, "schema": schema}]
