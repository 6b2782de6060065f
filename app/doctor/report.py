"""The findings on paper: lines for a person, JSON for a program, and the exit code."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

import orjson

from app.core.strike import strike_text
from app.doctor.finding import Finding

_CODES: Final = {"ok": 0, "look": 1, "wrong": 2}


def exit_code(findings: Sequence[Finding]) -> int:
    """0 when all is well, 1 when something is worth a look, 2 when something is wrong."""
    return max((_CODES[finding.level] for finding in findings), default=0)


def line_of(finding: Finding) -> str:
    """One finding as people read it, with what to do on a line of its own."""
    text = f"{finding.level:<6} {finding.check:<12} {finding.sentence}"
    return strike_text(f"{text}\n{'':<19} -> {finding.todo}" if finding.todo else text)


def closing(findings: Sequence[Finding]) -> str:
    """The last line."""
    said = {level: sum(f.level == level for f in findings) for level in _CODES}
    if not exit_code(findings):
        return f"All is well: {said['ok']} checks."
    return f"{said['wrong']} wrong, {said['look']} to look at, {said['ok']} well."


def as_json(findings: Sequence[Finding]) -> str:
    """All of it for a program."""
    struck = [{name: strike_text(value) for name, value in asdict(finding).items()} for finding in findings]
    return orjson.dumps({"exit_code": exit_code(findings), "findings": struck}, option=orjson.OPT_INDENT_2).decode()
