"""What calls to a network cost: the prices an adapter declares, and the count of what was used."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final, Literal

PUBLIC: Final = "post.create"
WITH_LINK: Final = "post.create_with_link"
PRIVATE: Final = "message.send"
"""The names under which an adapter prices a reply: in public, with a link in it, in private. The composer says them."""


@dataclass(frozen=True, slots=True)
class Price:
    """What one use of something costs, in millionths of a US dollar, until the operator corrects it."""

    name: str  # what is counted: "post.read"; stored with every day of the ledger
    micros: int
    kind: Literal["read", "write"]
    label: str  # names one of the network's words: cost.<network>.<name>


@dataclass(slots=True)
class Meter:
    """Counts what was used while an account was open; the house writes it into the ledger afterwards, and empties it.

    An adapter counts when the network has answered, since what is refused is not charged; `used` of a name that has
    no price is kept too (calls that cost nothing are counted by their number).
    """

    used: Counter[str] = field(default_factory=Counter)

    def add(self, name: str, times: int = 1) -> None:
        """Count so many uses of something; nothing for none."""
        if times > 0:
            self.used[name] += times

    def take(self) -> dict[str, int]:
        """What was counted since the last time."""
        taken = dict(self.used)
        self.used.clear()
        return taken
