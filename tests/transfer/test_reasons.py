"""Every reason that an import or a job can come to nothing for has a name that stays, and words in the console."""

import ast
from collections.abc import Iterator
from pathlib import Path

from app.transfer.reasons import CODES, code_of


def sentences(source: str) -> Iterator[str]:
    """What is given as a reason to those who refuse or end something, or kept as such under a name."""
    for node in ast.walk(ast.parse(source)):
        name = getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""
        kept = isinstance(node, ast.Assign) and "NO_" in ast.unparse(node.targets[0])
        given = node.args if name in {"refuse", "Refusal", "end"} else [node.value] if kept else []  # type: ignore[attr-defined]
        for one in given:
            first = one.values[0] if isinstance(one, ast.JoinedStr) else one
            if isinstance(first, ast.Constant) and isinstance(first.value, str) and " " in first.value:
                yield first.value


def test_every_reason_has_a_name_and_words(here: Path) -> None:
    found = {one for path in (here / "app/transfer").glob("*.py") for one in sentences(path.read_text("utf-8"))}
    assert len(found) > 12
    assert [one for one in found if code_of(one) is None] == []
    for language in ("en", "fr"):
        words = (here / f"frontend/src/shared/i18n/{language}/transfer.ts").read_text("utf-8")
        assert [code for code in CODES if f"    {code}: " not in words] == []
    assert code_of("Decimal input should be finite") is None
