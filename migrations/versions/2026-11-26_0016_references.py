"""What other systems call tickets: a table of its own, searched and shown, with the references that imports brought.

The version before runs on. While it does, an import that it carries out keeps references of tickets where they were;
they are still understood, and only found and shown once the ticket is given the reference here.
"""

from alembic import op
import sqlalchemy as sa

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_MOVE = """
with moved as (
  delete from imported_references i using tickets t
   where i.kind = 'ticket' and t.id = i.id and t.brand_id = i.scope
  returning i.reference, i.scope, i.id
), named as (
  insert into ticket_references (reference, brand_id, ticket_id, created_at)
  select reference, scope, id, now() from moved
)
insert into search_entries (source_id, ticket_id, words)
select m.scope || ':' || m.reference, m.id, array_to_tsvector(array(
         select distinct left(lower(w), 60) from regexp_split_to_table(m.reference, '[^[:alnum:]_]+') w where w <> ''))
  from moved m
"""


def upgrade() -> None:
    """Make the table and move what is known."""
    op.execute("set local lock_timeout = '5s'")
    op.create_table(
        "ticket_references",
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("agent_id", sa.Text(), nullable=True),
        sa.Column("fingerprint", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_ticket_references_agent_id")),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_ticket_references_brand_id")),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_references_ticket_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("reference", "brand_id", name=op.f("pk_ticket_references")),
    )
    op.create_index(op.f("ix_ticket_references_ticket_id"), "ticket_references", ["ticket_id"])
    op.execute(_MOVE)


def downgrade() -> None:
    """There is no way back but the backup; see README, Upgrading."""
    raise RuntimeError("Mentiondesk does not migrate downwards; restore the backup made before the upgrade.")
