"""Lines about tickets, and about which ticket continues which: as they were, with no clock and nobody told."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select, text

from app.agents.models import Agent
from app.core.clock import now
from app.core.ids import new_id
from app.core.rows import among, as_json, insert_rows
from app.tickets.models import Label, Ticket, TicketConversation
from app.tickets.references import Given, give_references
from app.tickets.state import DONE, PRIORITIES
from app.transfer.batch import Batch
from app.transfer.conversations import brands_of, conversations, first_accounts

_FOLLOW = text("""
update tickets t set follows_id = v.follows_id, revision = t.revision + 1
  from jsonb_to_recordset(cast(:rows as jsonb)) as v(id text, follows_id text)
 where t.id = v.id and t.follows_id is null
returning t.id
""")


def _same(brand: str) -> str:
    return brand


async def take_tickets(batch: Batch) -> None:
    """Make the tickets that are not here. A fixed number of statements."""
    scope = batch.scope
    lines = await batch.new("ticket", batch.with_brand("ticket"), _same)
    accounts = await batch.known("account", [(scope, line.account) for _, line, _ in lines if line.account])
    customers = await batch.known("customer", [(scope, line.customer) for _, line, _ in lines])
    agents = await _agents(batch, [line.assignee for _, line, _ in lines if line.assignee])
    first = await first_accounts(batch.tx, {brand for _, _, brand in lines})
    whose = await brands_of(batch.tx, set(accounts.values()))
    taken: list[tuple[str, Any, str, str, str]] = []
    for number, line, brand in lines:
        account = accounts.get((scope, line.account)) if line.account else first.get(brand)
        customer = customers.get((scope, line.customer))
        if account is None or whose.get(account, brand) != brand:
            batch.refuse(
                number, "/account", "This brand has no such account; an account's line comes before its tickets."
            )
        elif customer is None:
            batch.refuse(number, "/customer", "No line before this one, and nothing here, names this customer.")
        elif line.state == "snoozed" and line.snoozed_until is None:
            batch.refuse(number, "/snoozed_until", "A snoozed ticket wakes at some time.")
        else:
            taken.append((new_id("tk"), line, brand, account, customer))
    talks = await conversations(
        batch.tx, {(account, root) for _, line, _, account, _ in taken for root in (_root(line), *line.conversations)}
    )
    await insert_rows(batch.tx, Ticket, [_row(one, talks, agents) for one in taken])
    links = {
        (one, talks[account, root]) for one, line, _, account, _ in taken for root in (_root(line), *line.conversations)
    }
    named = [{"ticket_id": one, "conversation_id": talk} for one, talk in sorted(links)]
    await insert_rows(batch.tx, TicketConversation, named)
    labels = [{"name": name, "created_at": now()} for name in sorted({n for _, line, *_ in taken for n in line.labels})]
    await insert_rows(batch.tx, Label, labels, on_conflict="on conflict do nothing")
    await give_references(batch.tx, [given for one in taken for given in _given(one, batch.job.agent_id)])
    batch.counted["fresh"] += len(taken)
    for one, _, brand, _, _ in taken:
        batch.tally(one, brand).made = True


def _given(one: tuple[str, Any, str, str, str], agent_id: str) -> Iterator[Given]:
    """What the line calls the ticket, and what other systems called it where it comes from."""
    ticket_id, line, brand, _, _ = one
    yield Given(brand, ticket_id, line.reference, agent_id=agent_id)
    for part in line.references:
        if part.reference != line.reference:
            yield Given(brand, ticket_id, part.reference, part.url, agent_id)


def _root(line: Any) -> str:
    return line.conversation or f"import:{line.reference}"


def _row(
    one: tuple[str, Any, str, str, str], talks: dict[Any, str], agents: dict[str, tuple[str, bool]]
) -> dict[str, Any]:
    ticket_id, line, brand, account, customer = one
    held = agents.get(line.assignee or "")
    # Work that is left must not lie with somebody who is not there.
    owner = held[0] if held and (held[1] or line.state in DONE) else None
    return {
        "id": ticket_id,
        "brand_id": brand,
        "account_id": account,
        "conversation_id": talks[account, _root(line)],
        "customer_id": customer,
        "state": line.state,
        "priority": PRIORITIES.index(line.priority),
        "assignee_id": owner,
        "labels": sorted(set(line.labels)),
        "language": line.language,
        "lane": "public",
        "preview": "",
        "waiting": 0,
        "opened_at": line.opened_at,
        "last_message_at": line.last_message_at or line.opened_at,
        "last_customer_at": line.opened_at,
        "snoozed_until": line.snoozed_until if line.state == "snoozed" else None,
        "resolved_at": line.resolved_at,
        "dismissed": line.dismissed,
        "revision": 1,
        "created_at": line.created_at or now(),
    }


async def _agents(batch: Batch, named: list[str]) -> dict[str, tuple[str, bool]]:
    """Who these names are, and whether they are at work."""
    found = await batch.known("agent", [(batch.scope, name) for name in named])
    rows = await batch.tx.execute(select(Agent.id, Agent.disabled_at).where(among(Agent.id, sorted(found.values()))))
    works = {row.id: row.disabled_at is None for row in rows}
    return {name: (one, works[one]) for (_, name), one in found.items()}


async def take_follows(batch: Batch) -> None:
    """Say of tickets which others they continue; what is said already stays."""
    lines = list(batch.with_brand("follow"))
    names = [(brand, name) for _, line, brand in lines for name in (line.ticket, line.follows)]
    tickets = await batch.known("ticket", names)
    rows = []
    for number, line, brand in lines:
        one, other = tickets.get((brand, line.ticket)), tickets.get((brand, line.follows))
        if one is None or other is None or one == other:
            place = "/ticket" if one is None else "/follows"
            batch.refuse(number, place, "No line before this one, and nothing here, names this ticket.")
        else:
            rows.append({"id": one, "follows_id": other})
    done = (await batch.tx.execute(_FOLLOW, {"rows": as_json(rows)})).all() if rows else []
    batch.counted["fresh"] += len(done)
    batch.counted["already"] += len(rows) - len(done)
