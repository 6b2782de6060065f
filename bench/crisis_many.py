"""The crisis with two web and two worker processes, and with four and four: more processes than a small machine has cores."""

from typing import Final

from bench.crisis import crisis, figures
from bench.figures import Figure

PROCESSES: Final = (2, 4)
"""So many on the web side, and as many workers."""
_RATE: Final = 100
_CONSOLES: Final = 100
_SECONDS: Final = 6.0
_CALM: Final = 7.0
"""Long enough that some agent writes something: they think before each request, and begin at different times."""
_SAID: Final = ("record to console, p95", "agents' requests, p95", "mentions taken in", "replies published")


async def measure() -> list[Figure]:
    """That nothing is lost, doubled or different however many processes share the work; latencies only inform."""
    found = []
    for each in PROCESSES:
        seen = await crisis(webs=each, workers=each, rate=_RATE, seconds=_SECONDS, consoles=_CONSOLES, calm=_CALM)
        if seen.wrong:
            raise RuntimeError(" ".join(seen.wrong))
        for one in figures(seen):
            said = f"{one.metric}, with {each} + {each} processes"
            if one.metric in _SAID:
                found.append(Figure(said, one.value, one.unit, one.limit))
            elif one.met is not None:
                found.append(Figure(said, one.value, one.unit, one.limit, one.goal, one.met))
    return found
