"""Taking in by network: a page of each in our words beside its bare decoding, and down to the commit beside Mastodon's."""

import time
from datetime import timedelta
from statistics import median
from typing import Final

from sqlalchemy import select

from app.agents.password import PasswordHash
from app.brands.begin import begin
from app.brands.models import Brand, BrandAccount
from app.core.clock import now
from app.core.ids import new_id
from app.core.transaction import transaction
from app.ingest.receive import receive
from app.wiring import wire
from bench.database import empty_database
from bench.figures import Figure, part_of
from bench.network_pages import PAGE, Spoken, every

_ROUNDS: Final = 5
_PAGES: Final = 2
"""Of each network in a round; they take turns, so that all meet the same machine."""
_LEAST: Final = {"mastodon": 0.03, "bluesky": 0.02, "x": 0.015, "wordpress": 0.008, "feeds": 0.3}
"""Of bare decoding: JSON costs microseconds a post, a feed's XML is most of the work."""
_BESIDE_MASTODON: Final = 0.6


async def measure() -> list[Figure]:
    """Posts a second of each network, translated and taken in."""
    spoken = every()
    figures = []
    for one in spoken:
        speed, limit = _translated(one)
        figures.append(part_of(f"{one.name} translated", speed, "posts/s", limit, _LEAST[one.name]))
    async with empty_database():
        wire()
        taken = await _taken_in(spoken)
    mastodon = taken.pop("mastodon")
    figures.append(Figure("mastodon taken in", mastodon, "posts/s"))
    for name, speed in taken.items():
        figures.append(part_of(f"{name} taken in", speed, "posts/s", mastodon, _BESIDE_MASTODON))
    return figures


def _translated(one: Spoken) -> tuple[float, float]:
    """Posts a second in our words, and decoded alone."""
    at, speeds, limits = now(), [], []
    later = at + timedelta(seconds=1)
    for turn in range(_ROUNDS + 1):
        bodies = [one.page(at) for _ in range(_PAGES)]
        began = time.process_time()
        for body in bodies:
            one.posts(body, later)
        between = time.process_time()
        for body in bodies:
            one.decode(body)
        if turn:  # the first one warms up
            speeds.append(PAGE * _PAGES / (between - began))
            limits.append(PAGE * _PAGES / (time.process_time() - between))
    return median(speeds), median(limits)


async def _taken_in(spoken: list[Spoken]) -> dict[str, float]:
    """Posts a second from bytes to commit, by one loop."""
    async with transaction() as tx:
        await begin(tx, name="Lea", email="lea@acme.example", hashed=PasswordHash("-"), brand_name="Acme")
    async with transaction() as tx:
        brand = (await tx.scalars(select(Brand))).one()
        accounts = {one.name: _account(one, brand.id) for one in spoken}
        tx.add_all(accounts.values())
    speeds: dict[str, list[float]] = {one.name: [] for one in spoken}
    for turn in range(_ROUNDS + 1):
        for one in spoken:
            bodies = [one.page(now()) for _ in range(_PAGES)]
            began = time.perf_counter()
            for body in bodies:
                posts = one.posts(body, now() + timedelta(seconds=1))
                async with transaction() as tx:
                    found = await receive(tx, brand, accounts[one.name], posts, (), received_at=now())
                if found.new != PAGE:
                    raise RuntimeError(f"{one.name}: {found.new} of {PAGE} posts were new.")
            if turn:
                speeds[one.name].append(PAGE * _PAGES / (time.perf_counter() - began))
    return {name: median(some) for name, some in speeds.items()}


def _account(one: Spoken, brand_id: str) -> BrandAccount:
    return BrandAccount(
        id=new_id("ac"),
        brand_id=brand_id,
        network=one.name,
        server=one.server,
        remote_id=one.remote_id,
        handle=one.handle,
        name=one.name.title(),
        credentials="-",
        traits={},
        warnings=[],
        connected_at=now(),
    )
