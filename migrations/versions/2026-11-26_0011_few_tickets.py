"""The inbox filtered by label or by a priority other than normal: an index each, over the tickets that have one.

In the order of urgency such tickets may all stand far behind, and a filter walked over everything before them. New
tickets have neither, so taking in writes nothing more. Writers of `tickets` wait while they are made: eight seconds
for a million on two cores. Who cannot have that makes both before, by these names, with `create index concurrently`.
The version before this one runs on the new schema.
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_DUE = "coalesce(next_due_at, '9999-12-31 00:00:00+00'::timestamptz)"


def upgrade() -> None:
    """Make the two indexes."""
    op.execute("set local lock_timeout = '5s'")
    op.execute(f"""
        create index if not exists ix_tickets_labelled on tickets (state, {_DUE}, last_customer_at, id)
          where labels <> '{{}}'
    """)
    op.execute(f"""
        create index if not exists ix_tickets_ranked on tickets (priority, state, {_DUE}, last_customer_at, id)
          include (next_due_at, brand_id, assignee_id, language) where priority <> 1
    """)


def downgrade() -> None:
    """There is no way back but the backup; see README, Upgrading."""
    raise RuntimeError("Mentiondesk does not migrate downwards; restore the backup made before the upgrade.")
