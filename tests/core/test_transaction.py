"""One place commits: all of it with its facts and reactions, or nothing."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from app.agents.events import SignInEnded
from app.core import transaction as place
from app.core.db import Tx
from app.core.eventlog import read_after
from app.core.transaction import react_with, record, transaction
from app.tickets.models import Label
from app.wiring import wire


class Boom(Exception):
    pass


@pytest.fixture(autouse=True)
def wired() -> Iterator[None]:
    yield
    wire()


async def facts() -> list[str]:
    async with transaction() as tx:
        return [e.fact["sign_in_ids"][0] for e in await read_after(tx, 0)]


async def label_names() -> list[str]:
    async with transaction() as tx:
        return list(await tx.scalars(select(Label.name).order_by(Label.name)))


def happened(name: str) -> SignInEnded:
    return SignInEnded(sign_in_ids=[name])


async def test_returning_commits_rows_and_facts(database: str) -> None:
    async with transaction() as tx:
        tx.add(Label(name="kept"))
        record(tx, happened("one"), agent_id="ag_1")
        record(tx, happened("two"))
    assert (await label_names(), await facts()) == (["kept"], ["one", "two"])
    async with transaction() as tx:
        assert [(e.seq, e.agent_id) for e in await read_after(tx, 0)] == [(1, "ag_1"), (2, None)]


async def test_raising_rolls_everything_back_and_the_numbers_too(database: str) -> None:
    with pytest.raises(Boom):
        async with transaction() as tx:
            tx.add(Label(name="gone"))
            record(tx, happened("never"))
            await tx.flush()
            raise Boom
    async with transaction() as tx:
        record(tx, happened("first"))
    assert (await label_names(), await facts()) == ([], ["first"])
    async with transaction() as tx:
        assert [e.seq for e in await read_after(tx, 0)] == [1]


async def test_reactions_see_what_was_noted_in_their_order_and_may_add(database: str) -> None:
    seen = []

    async def first(tx: Tx) -> None:
        seen.append(("first", [n.fact.sign_in_ids[0] for n in tx.noted]))  # type: ignore[attr-defined]
        tx.add(Label(name="by a reaction"))
        record(tx, happened("added"))

    async def second(tx: Tx) -> None:
        seen.append(("second", [n.fact.sign_in_ids[0] for n in tx.noted]))  # type: ignore[attr-defined]

    react_with([first, second])
    async with transaction() as tx:
        record(tx, happened("cause"))
    async with transaction() as tx:
        tx.add(Label(name="silent"))  # nothing was recorded: nobody reacts
    assert seen == [("first", ["cause"]), ("second", ["cause", "added"])]
    assert await facts() == ["cause", "added"]
    assert await label_names() == ["by a reaction", "silent"]


async def test_a_reaction_that_fails_rolls_back_what_it_reacted_to(database: str) -> None:
    async def broken(_tx: Tx) -> None:
        raise Boom

    react_with([broken])
    with pytest.raises(Boom):
        async with transaction() as tx:
            tx.add(Label(name="gone"))
            record(tx, happened("never"))
    react_with([])
    assert (await label_names(), await facts()) == ([], [])


@pytest.mark.usefixtures("failing_commit")
async def test_a_commit_that_fails_leaves_nothing_and_is_told(database: str) -> None:
    with pytest.raises(DBAPIError):
        async with transaction() as tx:
            tx.add(Label(name="gone"))
            record(tx, happened("never"))
    assert (await label_names(), await facts()) == ([], [])


async def test_after_a_failure_the_connection_is_free_for_the_next(database: str) -> None:
    for _ in range(30):  # more than the pool holds
        with pytest.raises(Boom):
            async with transaction():
                raise Boom
    assert await facts() == []


def test_nothing_else_in_the_house_has_a_hand_on_the_reactions() -> None:
    wire()
    names = [f"{r.__module__}" for r in place._reactions]
    assert names[-1] == "app.tickets.card"
