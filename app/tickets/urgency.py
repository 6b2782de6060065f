"""set_next_due(): the columns the inbox sorts by, written for the promise engine and by nobody else."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import text

from app.core.db import Tx
from app.core.rows import as_json

_SET: Final = text("""
update tickets t set next_due_at = v.due_at, next_due_metric = v.metric, next_warn_at = v.warn_at,
       promise_revision = t.promise_revision + 1
  from jsonb_to_recordset(cast(:rows as jsonb)) as v(id text, due_at timestamptz, metric text, warn_at timestamptz)
 where t.id = v.id and (t.next_due_at, t.next_due_metric, t.next_warn_at) is distinct from (v.due_at, v.metric, v.warn_at)
""")


async def set_next_due(tx: Tx, due: Mapping[str, tuple[datetime | None, str | None, datetime | None]]) -> None:
    """For each ticket: when its earliest promise is due, which metric that is, when it begins to warn; one statement."""
    rows = [
        {"id": ticket, "due_at": at, "metric": metric, "warn_at": warn} for ticket, (at, metric, warn) in due.items()
    ]
    if rows:
        await tx.flush()
        await tx.execute(_SET, {"rows": as_json(rows)})
