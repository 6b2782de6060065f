"""Describing and merging customers, and who may see them."""

import asyncio

import pytest

from app.core.eventlog import read_after
from app.core.transaction import transaction
from app.customers.describe import describe_customer
from app.customers.errors import CannotMergeWithSelf, CustomerNotFound, StaleCustomer
from app.customers.identify import identify_customers
from app.customers.merge import merge_customers
from app.customers.models import Customer
from app.customers.queries import customer
from app.customers.routes import router
from tests.agents.people import a_brand, an_agent, asking, colleague, cookie, lead
from tests.brands.village import an_author
from tests.conftest import Statements
from tests.customers.work import a_customer, a_ticket, an_account


async def test_a_name_and_a_note(database: str) -> None:
    actor, cleo = lead(await an_agent(role="lead")), await a_customer()
    async with transaction() as tx:
        seen = await describe_customer(tx, actor, cleo, revision=1, name="Cleo P.", note="Kind.")
        assert (seen.name, seen.note, seen.revision) == ("Cleo P.", "Kind.", 2)
        assert (await describe_customer(tx, actor, cleo, revision=2, note="Kind.")).revision == 2
    with pytest.raises(StaleCustomer) as stale:
        async with transaction() as tx:
            await describe_customer(tx, actor, cleo, revision=1, name="X")
    assert stale.value.details["customer"]["name"] == "Cleo P."
    async with transaction() as tx:
        assert [e.type for e in await read_after(tx, 0)] == ["customer.changed"]


async def test_two_handles_become_one_person(database: str) -> None:
    actor = lead(await an_agent(role="lead"))
    cleo, queen, third = await a_customer("cleo"), await a_customer("queen"), await a_customer("third")
    async with transaction() as tx:
        await describe_customer(tx, actor, cleo, revision=1, note="one")
        await describe_customer(tx, actor, queen, revision=1, note="two")
        await merge_customers(tx, actor, queen, third)
        seen = await merge_customers(tx, actor, cleo, queen)
    assert (seen.id, seen.name, seen.note) == (cleo, "cleo", "one\n\ntwo")
    assert {i.handle.partition("@")[0] for i in seen.identities} == {"cleo", "queen", "third"}
    async with transaction() as tx:
        for gone in (queen, third):
            assert (await customer(tx, actor, gone)).id == cleo
            assert (await tx.get_one(Customer, gone)).merged_into == cleo
        again = await identify_customers(tx, "village", "https://village.example", [an_author("third")])
        assert again == {"third": cleo}
        for pair in ((cleo, cleo), (cleo, queen), (third, queen)):
            with pytest.raises(CannotMergeWithSelf):
                await merge_customers(tx, actor, *pair)
        with pytest.raises(CustomerNotFound):
            await merge_customers(tx, actor, cleo, "cu_none")
        last = (await read_after(tx, 0))[-1]
    assert (last.type, last.fact["customer_id"], last.fact["gone_id"]) == ("customer.merged", cleo, queen)


async def test_merging_both_ways_at_once_leaves_one(database: str) -> None:
    actor = lead(await an_agent(role="lead"))
    cleo, queen = await a_customer("cleo"), await a_customer("queen")

    async def merge(one: str, other: str) -> str:
        async with transaction() as tx:
            return (await merge_customers(tx, actor, one, other)).id

    async def hear(n: int) -> dict[str, str]:
        async with transaction() as tx:
            authors = [an_author("queen", name=f"q{n}"), an_author("cleo", name=f"c{n}")]
            return await identify_customers(tx, "village", "https://village.example", authors)

    answers = await asyncio.gather(
        merge(cleo, queen), merge(queen, cleo), *(hear(n) for n in range(8)), return_exceptions=True
    )
    assert sorted(type(a).__name__ for a in answers[:2]) == ["CannotMergeWithSelf", "str"]
    assert not any(isinstance(a, BaseException) for a in answers[2:])
    async with transaction() as tx:
        assert len((await customer(tx, actor, cleo)).identities) == 2


async def test_an_agent_sees_who_wrote_to_their_brands(database: str, statements: Statements) -> None:
    ana = await an_agent("Ana")
    mine, other = await a_brand("Mine", agents=[ana]), await a_brand("Other")
    here, there = await an_account(mine), await an_account(other)
    cleo, hidden, silent = await a_customer("cleo"), await a_customer("hidden"), await a_customer("silent")
    await a_ticket(mine, here, cleo)
    await a_ticket(other, there, hidden)
    actor = colleague(ana, mine)
    async with transaction() as tx:
        statements.clear()
        assert (await customer(tx, actor, cleo)).id == cleo
        assert len(statements) == 2
        for unseen in (hidden, silent, "cu_none"):
            with pytest.raises(CustomerNotFound):
                await customer(tx, actor, unseen)
        assert (await customer(tx, lead(ana), hidden)).id == hidden
        with pytest.raises(CustomerNotFound):
            await merge_customers(tx, actor, cleo, hidden)


async def test_over_http(database: str) -> None:
    leader, cleo, queen = await an_agent(role="lead"), await a_customer("cleo"), await a_customer("queen")
    async with asking(router, secret=await cookie(leader)) as browser:
        where = f"/api/v1/customers/{cleo}"
        assert (await browser.patch(where, json={"revision": 1, "note": "a\0b"})).status_code == 422
        assert (await browser.patch(where, json={"revision": 1, "note": "Kind."})).json()["note"] == "Kind."
        merged = await browser.post(f"{where}/merge", json={"other_id": queen})
        assert len(merged.json()["identities"]) == 2
        assert (await browser.get(f"/api/v1/customers/{queen}")).json()["id"] == cleo
        assert (await browser.get("/api/v1/customers/cu_none")).json()["code"] == "customer_not_found"
