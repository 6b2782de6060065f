"""One id from mention to pixel: facts and replies remember under which trace they were made."""

from alembic import op
import sqlalchemy as sa

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add two columns that may be empty: nothing is rewritten, and the version before does not notice them."""
    op.execute("set local lock_timeout = '5s'")
    op.add_column("events", sa.Column("trace", sa.Text(), nullable=True))
    op.add_column("replies", sa.Column("trace", sa.Text(), nullable=True))


def downgrade() -> None:
    """There is no way back but the backup; see README, Upgrading."""
    raise RuntimeError("Mentiondesk does not migrate downwards; restore the backup made before the upgrade.")
