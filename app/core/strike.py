"""strike(): secrets are struck out by the name they stand under and by the shape they have in a text; pure."""

import re
from collections.abc import Mapping
from typing import Any, Final

_SECRET_WORDS: Final = (
    "password",
    "secret",
    "token",
    "authorization",
    "cookie",
    "credential",
    "code_verifier",
    "sealed",
)
STRUCK: Final = "[struck out]"

_WORD: Final = r"[\w.-]*(?:password|secret|token|authorization|cookie|credential|code_verifier|sealed)[\w.-]*"
_SHAPES: Final = (
    (re.compile(r"\bmdk_[A-Za-z0-9]{8,}"), STRUCK),  # a key of another system to us
    # Bearer abc; ?code=abc; "access_token": "abc"; password='abc'; postgresql://desk:abc@host
    (re.compile(r"(?i)\b(bearer\s+)[A-Za-z0-9._~+/=-]{4,}"), rf"\1{STRUCK}"),
    (re.compile(rf"(?i)([?&](?:{_WORD}|code|state|client_id|signature|key)=)[^&\s\"'#<>]+"), rf"\1{STRUCK}"),
    (re.compile(rf"(?i)([\"']?{_WORD}[\"']?\s*[:=]\s*)(?:\"[^\"]*\"|'[^']*')"), rf"\1{STRUCK}"),
    (re.compile(r"(/api/v1/incoming/[^/\s]+/)[A-Za-z0-9_-]+"), rf"\1{STRUCK}"),
    (re.compile(r"(://)[^/\s:@]*:[^@/\s]+(?=@)"), rf"\1{STRUCK}"),
)


def strike_text(text: str) -> str:
    """The same text without what looks like a secret in it: bearer tokens, query parameters, passwords of addresses."""
    for shape, instead in _SHAPES:
        text = shape.sub(instead, text)
    return text


def strike(value: Any, name: str = "") -> Any:
    """The same value with everything struck out that is a secret by its name or by its shape, at any depth."""
    if any(word in name.lower() for word in _SECRET_WORDS):
        return STRUCK
    if isinstance(value, str):
        return strike_text(value)
    if isinstance(value, Mapping):
        return {key: strike(inner, str(key)) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [strike(inner) for inner in value]
    return value
