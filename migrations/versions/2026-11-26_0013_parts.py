"""A text may leave in parts: which group a reply belongs to, which part of how many it is.

All columns may be empty or have a constant default, so nothing is rewritten and the version before runs on.
"""

from alembic import op
import sqlalchemy as sa

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, and an index of the few replies that have parts."""
    op.execute("set local lock_timeout = '5s'")
    op.add_column("replies", sa.Column("group_id", sa.Text(), nullable=True))
    op.add_column("replies", sa.Column("part", sa.Integer(), server_default=sa.text("1"), nullable=False))
    op.add_column("replies", sa.Column("parts", sa.Integer(), server_default=sa.text("1"), nullable=False))
    op.create_index(
        "ix_replies_group", "replies", ["group_id", "part"], unique=True, postgresql_where=sa.text("group_id is not null")
    )


def downgrade() -> None:
    """There is no way back but the backup; see README, Upgrading."""
    raise RuntimeError("Mentiondesk does not migrate downwards; restore the backup made before the upgrade.")
