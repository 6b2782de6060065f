"""A file as large as is wanted of customers, tickets and messages, with a bad line now and then: always the same lines."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

AT = "2026-02-03T10:00:00Z"
GROUP = 10
"""Lines about one customer: who they are, two tickets, and what was said in them."""
BAD_EVERY = 499
"""So many lines lie between two that are refused."""


@dataclass
class File:
    """The bytes, how many lines of each kind are in it that can be taken, and the place and line of those that cannot."""

    data: bytes
    good: Counter[str] = field(default_factory=Counter)
    bad: dict[int, str] = field(default_factory=dict)

    @property
    def lines(self) -> int:
        return self.good.total() + len(self.bad)


def a_large_file(lines: int) -> File:
    """So many lines; what a line leans on lies before it, often in another batch."""
    made = File(b"")
    parts = bytearray()
    for number, line in zip(range(1, lines + 1), _lines(), strict=False):
        parts += json.dumps(line).encode() + b"\n"
        if "oops" in line:
            made.bad[number] = "/oops"
        elif line.get("ticket") == "nowhere":
            made.bad[number] = "/ticket"
        else:
            made.good[line["kind"]] += 1
    made.data = bytes(parts)
    return made


def _lines() -> Iterator[dict[str, Any]]:
    for number, line in enumerate(_good(), 1):
        if number % BAD_EVERY == 0:
            reference = f"bad{number}"
            lost = {"kind": "note", "reference": reference, "ticket": "nowhere", "text": "Whose?"}
            yield lost if number % 2 else {"kind": "customer", "reference": reference, "name": "?", "oops": 1}
        yield line


def _good() -> Iterator[dict[str, Any]]:
    group = 0
    while True:
        group += 1
        who = f"c{group}"
        handle = {"network": "interface", "server": "shop", "remote_id": who, "handle": f"{who}@shop.example"}
        yield {"kind": "customer", "reference": who, "name": f"Customer {group}", "identities": [handle]}
        for which in "ab":
            ticket = f"t{group}{which}"
            yield {
                "kind": "ticket", "reference": ticket, "customer": who, "opened_at": AT, "labels": ["old"], "state": "closed",
            }  # fmt: skip
            for said in range((GROUP - 4) // 2):
                yield {
                    "kind": "message", "reference": f"m{group}{which}{said}", "ticket": ticket, "posted_at": AT,
                    "by": "brand" if said % 2 else "customer", "text": f"Where is parcel {group}? It was to come on day {said}.",
                }  # fmt: skip
        yield {"kind": "note", "reference": f"n{group}", "ticket": f"t{group}a", "text": "Called back"}
