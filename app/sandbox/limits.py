"""How often a client may ask: counting requests by token and window, and the headers that say what is left."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

GENERAL_SECONDS: Final = 300
PAGING_SECONDS: Final = 900
PLENTY: Final = 1_000_000


@dataclass(slots=True)
class Limits:
    """What is allowed in five minutes, and in fifteen for requests that page; and what was used."""

    general: int = PLENTY
    paging: int = PLENTY
    used: dict[tuple[str, str, int], int] = field(default_factory=dict)

    def count(self, who: str, pages: bool, now_s: float) -> "Verdict":
        """Count a request and say whether it is allowed and what the headers read."""
        verdict = self._one("all", who, self.general, GENERAL_SECONDS, now_s)
        if pages and not verdict.refused:
            paging = self._one("page", who, self.paging, PAGING_SECONDS, now_s)
            if paging.refused or paging.left < verdict.left:
                return paging
        return verdict

    def _one(self, what: str, who: str, most: int, seconds: int, now_s: float) -> "Verdict":
        window = int(now_s // seconds)
        key = (what, who, window)
        if key not in self.used and len(self.used) > 1_000:
            self.used = {
                known: n for known, n in self.used.items() if known[2] in {window, window - 1} or known[0] != what
            }
        self.used[key] = self.used.get(key, 0) + 1
        return Verdict(most, max(0, most - self.used[key]), (window + 1) * seconds, self.used[key] > most)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request is refused, and what to tell the client."""

    most: int
    left: int
    reset_s: int
    refused: bool

    def headers(self) -> dict[str, str]:
        """Write the headers; Reset is an ISO instant, as Mastodon and GoToSocial write it."""
        reset = datetime.fromtimestamp(self.reset_s, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        return {
            "x-ratelimit-limit": str(self.most),
            "x-ratelimit-remaining": str(self.left),
            "x-ratelimit-reset": reset,
        }
