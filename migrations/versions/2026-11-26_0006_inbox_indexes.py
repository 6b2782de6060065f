"""The inbox's indexes: each of its orders with what its filters ask beside it, what is counted, and what follows what.

Made inside the migration's transaction, during which writers of `tickets` wait and readers do not: seconds for each
hundred thousand tickets (30 s at a million on two busy cores). Who cannot have that at their size makes these five
indexes before the upgrade, by these names, with `create index concurrently`: what is there already is left as it is.
The version before this one runs on the new schema.
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_DUE = "coalesce(next_due_at, '9999-12-31 00:00:00+00'::timestamptz)"


def upgrade() -> None:
    """Make five indexes in place of three, and let the planner know which brands, states and agents go together."""
    # the lock waits for running transactions, which are short; rather fail and be tried again than hold the desk up
    op.execute("set local lock_timeout = '5s'")
    op.execute(f"""
        create index if not exists ix_tickets_urgent on tickets (state, {_DUE}, last_customer_at, id)
          include (next_due_at, brand_id, assignee_id, priority, language)
    """)
    op.execute(f"""
        create index if not exists ix_tickets_owned on tickets (assignee_id, state, {_DUE}, last_customer_at, id)
          where assignee_id is not null
    """)
    op.execute("""
        create index if not exists ix_tickets_newest on tickets (last_message_at, id)
          include (brand_id, state, assignee_id, priority, language)
    """)
    op.execute("create index if not exists ix_tickets_counted on tickets (brand_id, state, assignee_id)")
    op.execute("""
        create index if not exists ix_tickets_follows on tickets (follows_id) where follows_id is not null
    """)
    op.execute("create statistics if not exists tickets_together (mcv) on brand_id, state, assignee_id from tickets")
    for name in ("ix_tickets_urgency", "ix_tickets_recent", "ix_tickets_assignee"):
        op.execute(f"drop index if exists {name}")


def downgrade() -> None:
    """There is no way back but the backup; see README, Upgrading."""
    raise RuntimeError("Mentiondesk does not migrate downwards; restore the backup made before the upgrade.")
