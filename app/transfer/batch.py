"""Batch: some lines of an import on their way into one transaction, with what is counted and refused of them."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from app.core.db import Tx
from app.transfer.models import Job
from app.transfer.read_line import Refusal
from app.transfer.references import Named, keep, known

NO_BRAND: Final = Refusal("/brand", "No line before this one, and nothing here, names this brand.")


@dataclass(slots=True)
class Tally:
    """How much of one ticket's past a batch brought."""

    brand_id: str
    made: bool = False
    messages: int = 0
    notes: int = 0


@dataclass(slots=True)
class Batch:
    """The lines by number and shape, and what became of them."""

    tx: Tx
    job: Job
    lines: list[tuple[int, Any]]
    counted: Counter[str] = field(default_factory=Counter)
    refusals: dict[int, Refusal] = field(default_factory=dict)
    tallies: dict[str, Tally] = field(default_factory=dict)
    brands: dict[str, str] = field(default_factory=dict)

    @property
    def scope(self) -> str:
        """Within what the names of customers and accounts are unique."""
        return self.job.brand_id or ""

    def of_kind(self, kind: str) -> list[tuple[int, Any]]:
        """The lines of one kind that nothing speaks against yet."""
        return [(number, line) for number, line in self.lines if line.kind == kind and number not in self.refusals]

    def refuse(self, number: int, place: str, reason: str) -> None:
        """Take a line not."""
        self.refusals[number] = Refusal(place, reason)

    def tally(self, ticket_id: str, brand_id: str) -> Tally:
        """What is counted of a ticket."""
        return self.tallies.setdefault(ticket_id, Tally(brand_id))

    async def find_brands(self) -> None:
        """Look up the brands that lines name; those of an import into one brand are that brand's, whatever they say."""
        if self.job.brand_id is None:
            named = {("", line.brand) for _, line in self.lines if getattr(line, "brand", None)}
            self.brands = {name: one for (_, name), one in (await known(self.tx, "brand", named)).items()}

    def brand_of(self, line: Any) -> str | None:
        """The brand a line belongs to; null when it names none that is known."""
        return self.job.brand_id or self.brands.get(line.brand or "")

    def with_brand(self, kind: str) -> Iterator[tuple[int, Any, str]]:
        """The lines of one kind and their brand; those without are refused."""
        for number, line in self.of_kind(kind):
            brand = self.brand_of(line)
            if brand is None:
                self.refusals[number] = NO_BRAND
            else:
                yield number, line, brand

    async def known(self, kind: str, wanted: Iterable[Named]) -> dict[Named, str]:
        """What references stand for."""
        return await known(self.tx, kind, set(wanted))

    async def new(
        self, kind: str, lines: Iterable[tuple[int, Any, str]], scope_of: Callable[[str], str]
    ) -> list[tuple[int, Any, str]]:
        """Those of the lines whose references stand for nothing yet, each reference once; the others are here already."""
        given = list(lines)
        here: set[Named] = set(await self.known(kind, [(scope_of(brand), line.reference) for _, line, brand in given]))
        fresh = []
        for number, line, brand in given:
            name = (scope_of(brand), line.reference)
            if name in here:
                self.counted["already"] += 1
            else:
                here.add(name)
                fresh.append((number, line, brand))
        return fresh

    async def keep(self, kind: str, made: Iterable[tuple[Named, str]]) -> None:
        """Remember what new references stand for."""
        await keep(self.tx, kind, made)
