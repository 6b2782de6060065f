"""The same author is one customer, however often and at once; what changes at the network changes here."""

import asyncio
import random
from datetime import timedelta

from sqlalchemy import func, select, text

from app.core.transaction import transaction
from app.customers.identify import identify_customers
from app.customers.models import Customer, Identity
from app.networks.port import Author
from tests.brands.village import an_author
from tests.conftest import Statements, Turned

WHERE = ("village", "https://village.example")


async def identify(*authors: Author) -> dict[str, str]:
    async with transaction() as tx:
        return await identify_customers(tx, *WHERE, authors)


async def counted() -> tuple[int, int]:
    async with transaction() as tx:
        people = await tx.scalar(select(func.count()).select_from(Customer))
        handles = await tx.scalar(select(func.count()).select_from(Identity))
        return people or 0, handles or 0


async def test_the_same_author_ten_times_at_once_is_one_customer(database: str) -> None:
    answers = await asyncio.gather(*(identify(an_author("cleo")) for _ in range(10)))
    assert len({a["cleo"] for a in answers}) == 1
    assert await counted() == (1, 1)


async def test_pages_with_the_same_authors_never_wait_in_a_ring(database: str) -> None:
    authors = [an_author(f"a{n}") for n in range(40)]

    async def page(n: int) -> dict[str, str]:
        mixed = [an_author(a.remote_id, name=f"{a.name}-{n}") for a in random.sample(authors, 30)]
        return await identify(*mixed)

    answers = await asyncio.gather(*(page(n) for n in range(12)))
    together: dict[str, set[str]] = {}
    for answer in answers:
        for remote_id, customer_id in answer.items():
            together.setdefault(remote_id, set()).add(customer_id)
    assert all(len(ids) == 1 for ids in together.values())
    assert await counted() == (len(together), len(together))


async def test_one_statement_for_one_and_for_eighty(database: str, statements: Statements) -> None:
    counts = []
    async with transaction() as tx:
        for size in (1, 80):
            statements.clear()
            found = await identify_customers(tx, *WHERE, [an_author(f"a{n}") for n in range(size)])
            assert len(found) == size
            counts.append(len(statements))
        assert await identify_customers(tx, *WHERE, []) == {}
    assert counts == [1, 1]


async def test_what_changed_at_the_network_is_kept_fresh(database: str, turned: Turned) -> None:
    first = await identify(an_author("cleo", name="Cleo", followers=7))
    turned.set(turned.at + timedelta(hours=1))
    again = await identify(
        an_author("cleo", name="Old"),
        an_author("cleo", name="Cléo", handle="cleo@new.example", avatar_url="https://x/a.png", bot=True),
    )
    assert again == first
    async with transaction() as tx:
        known = (await tx.scalars(select(Identity))).one()
        person = (await tx.scalars(select(Customer))).one()
    assert (known.handle, known.name, known.avatar_url, known.bot) == (
        "cleo@new.example",
        "Cléo",
        "https://x/a.png",
        True,
    )
    assert (known.followers, known.seen_at) == (7, turned.at)
    assert (person.name, person.revision) == ("Cléo", 2)


async def test_a_name_that_an_agent_gave_stays(database: str) -> None:
    found = await identify(an_author("cleo", name="Cleo"))
    async with transaction() as tx:
        (await tx.get_one(Customer, found["cleo"])).name = "Ms Patra"
    await identify(an_author("cleo", name="Queen"))
    async with transaction() as tx:
        assert (await tx.get_one(Customer, found["cleo"])).name == "Ms Patra"


async def test_servers_and_networks_are_apart_and_odd_values_fit(database: str) -> None:
    async with transaction() as tx:
        odd = an_author("cleo", name="a\0b\ud800", followers=10**12)
        one = await identify_customers(tx, *WHERE, [odd])
        two = await identify_customers(tx, "village", "https://other.example", [an_author("cleo", name="")])
    assert one["cleo"] != two["cleo"]
    async with transaction() as tx:
        assert (await tx.get_one(Customer, one["cleo"])).name == "ab?"
        assert (await tx.get_one(Customer, two["cleo"])).name == "cleo@village.example"


async def test_a_few_authors_do_not_read_all_people_of_their_server(database: str) -> None:
    await identify(*(an_author(f"a{n}") for n in range(400)))
    async with transaction() as tx:
        await identify_customers(tx, *WHERE, [an_author(f"a{n}") for n in range(3)])
        read = await tx.scalar(text("select idx_tup_fetch from pg_stat_xact_user_tables where relname = 'identities'"))
    assert read is not None
    assert read < 20
