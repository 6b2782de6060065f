"""All events of a transaction are numbered in one go, and what has no number yet stands in fewer indexes.

Numbering each event by itself rewrote the one row of `event_head` once per event, and every rewrite had to pass all the
earlier ones: a page of eighty mentions brings 240 events. The law is the same: 1..n without a gap, the events of a
transaction are neighbours in the order of their insertion, and whoever inserts with psql obeys it too.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_STAMP = """
create or replace function stamp_event() returns trigger language plpgsql as $$
declare
  mine bigint[];
  before bigint;
begin
  -- the first firing of a transaction has numbered its neighbours as well
  perform from events where id = new.id and seq is null;
  if not found then
    return null;
  end if;
  -- without a number and visible are our own events only: others' have theirs before anybody sees them
  mine := array(select id from events where id >= new.id and seq is null order by id);
  update event_head set seq = seq + cardinality(mine) returning seq - cardinality(mine) into before;
  update events set seq = before + one.place from unnest(mine) with ordinality as one(id, place) where events.id = one.id;
  perform pg_notify('events', '');
  return null;
end $$
"""


def upgrade() -> None:
    """Replace the function, which old and new processes share, and make both indexes partial."""
    op.execute("set local lock_timeout = '5s'")
    op.execute(_STAMP)
    op.drop_constraint("uq_events_seq", "events", type_="unique")
    op.create_index("uq_events_seq", "events", ["seq"], unique=True, postgresql_where=sa.text("seq is not null"))
    op.drop_index("ix_events_ticket", "events")
    op.create_index(
        "ix_events_ticket",
        "events",
        ["ticket_id", "seq"],
        postgresql_where=sa.text("ticket_id is not null and seq is not null"),
    )


def downgrade() -> None:
    """There is no way back but the backup; see README, Upgrading."""
    raise RuntimeError("Mentiondesk does not migrate downwards; restore the backup made before the upgrade.")
