"""take_lines(): a batch of an import's lines into rows, in the order in which one leans on the other."""

from typing import Final

from app.core import metrics
from app.core.db import Tx
from app.core.rows import insert_rows
from app.core.transaction import record
from app.transfer.batch import Batch
from app.transfer.events import TicketImported
from app.transfer.models import Job, JobRefusal
from app.transfer.read_file import Raw
from app.transfer.read_line import Refusal, read_line
from app.transfer.take_customers import take_customers
from app.transfer.take_desk import take_accounts, take_agents, take_brands
from app.transfer.take_tickets import take_follows, take_tickets
from app.transfer.take_words import take_messages, take_notes

_STEPS: Final = (
    take_agents,
    take_accounts,
    take_customers,
    take_tickets,
    take_messages,
    take_notes,
    take_follows,
)
"""After the brands; whatever leans on something comes after it, also within one batch."""


async def take_lines(tx: Tx, job: Job, raws: list[Raw]) -> None:
    """Write what the lines say, what is refused of them and how far it is: all in the caller's transaction.

    A line that names what a later batch brings is refused; the statements are as many for one line as for hundreds.
    """
    batch = Batch(tx, job, [])
    for number, raw in enumerate(raws, job.lines + 1):
        if raw.data is not None and not raw.data.strip():
            continue
        line = read_line(raw.data)
        if isinstance(line, Refusal):
            batch.refusals[number] = line
        elif line is None:
            batch.counted["passed"] += 1
        else:
            batch.lines.append((number, line))
    await take_brands(batch)
    await batch.find_brands()
    for step in _STEPS:
        await step(batch)
    for ticket_id, told in batch.tallies.items():
        fact = TicketImported(
            brand_id=told.brand_id,
            ticket_id=ticket_id,
            job_id=job.id,
            made=told.made,
            messages=told.messages,
            notes=told.notes,
        )
        record(tx, fact, agent_id=job.agent_id)
    await write_refusals(tx, job, batch.refusals)
    job.position = raws[-1].ends
    job.lines += len(raws)
    job.fresh += batch.counted["fresh"]
    job.already += batch.counted["already"]
    job.passed += batch.counted["passed"]
    for outcome in ("fresh", "already", "passed"):
        metrics.transferred(f"import_{outcome}", batch.counted[outcome])


async def write_refusals(tx: Tx, job: Job, refusals: dict[int, Refusal]) -> None:
    """Put refused lines into the job's report."""
    rows = [
        {"job_id": job.id, "line": number, "place": one.place[:500], "reason": one.reason[:500]}
        for number, one in sorted(refusals.items())
    ]
    await insert_rows(tx, JobRefusal, rows)
    job.refused += len(rows)
    metrics.transferred("import_refused", len(rows))
