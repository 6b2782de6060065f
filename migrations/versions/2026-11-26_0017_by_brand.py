"""Three indexes of tickets begin with the brand: those of the inbox by urgency and by label, and that of customers.

A page for one small brand then walks over nothing that other brands have, and whose customers a brand knows is read off
an index. None is added: each takes the place of one that held the brand further behind, so that taking in writes no more.
Writers of `tickets` wait while they are made: 15 seconds for a million on two cores. Who cannot have that makes the
three before, by these names, with `create index concurrently`. The version before this one runs on the new schema,
with a slower inbox until it is replaced.
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_DUE = "coalesce(next_due_at, '9999-12-31 00:00:00+00'::timestamptz)"


def upgrade() -> None:
    """Make the three and drop those they replace."""
    op.execute("set local lock_timeout = '5s'")
    op.execute(f"""
        create index if not exists ix_tickets_brand_urgent on tickets (brand_id, state, {_DUE}, last_customer_at, id)
          include (next_due_at, assignee_id, priority, language)
    """)
    op.execute(f"""
        create index if not exists ix_tickets_brand_labelled on tickets (brand_id, state, {_DUE}, last_customer_at, id)
          where labels <> '{{}}'
    """)
    op.execute("""
        create index if not exists ix_tickets_brand_customer on tickets (brand_id, customer_id, last_message_at)
    """)
    for name in ("ix_tickets_urgent", "ix_tickets_labelled", "ix_tickets_customer"):
        op.execute(f"drop index if exists {name}")


def downgrade() -> None:
    """There is no way back but the backup; see README, Upgrading."""
    raise RuntimeError("Mentiondesk does not migrate downwards; restore the backup made before the upgrade.")
