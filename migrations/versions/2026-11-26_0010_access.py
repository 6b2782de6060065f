"""Keys of other systems: who they are in the history, what they may, how often they ask, and answers kept for a day.

A key is a row of `agents` of a kind of its own, so that all it does has an author like anything else. The version
before this one runs on the new schema; until it is replaced it would list a key among the colleagues.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tell keys from people, and make the tables."""
    op.execute("set local lock_timeout = '5s'")
    op.add_column("agents", sa.Column("kind", sa.Text(), server_default=sa.text("'person'"), nullable=False))
    op.drop_index("uq_agents_email", table_name="agents")
    op.create_index(
        "uq_agents_email",
        "agents",
        [sa.text("lower(email)")],
        unique=True,
        postgresql_where=sa.text("kind = 'person'"),
    )
    op.create_table(
        "access_keys",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("begins_with", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("brand_ids", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("per_minute", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["agents.id"], name=op.f("fk_access_keys_id")),
        sa.ForeignKeyConstraint(["made_by"], ["agents.id"], name=op.f("fk_access_keys_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_keys")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_access_keys_secret_hash")),
    )
    op.create_table(
        "key_minutes",
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("minute", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_key_minutes")),
        prefixes=["UNLOGGED"],
    )
    op.create_table(
        "kept_answers",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_kept_answers")),
    )
    op.create_index(op.f("ix_kept_answers_created_at"), "kept_answers", ["created_at"])


def downgrade() -> None:
    """There is no way back but the backup; see README, Upgrading."""
    raise RuntimeError("Mentiondesk does not migrate downwards; restore the backup made before the upgrade.")
