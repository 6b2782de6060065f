"""What networks tell beyond a post, how it was handed over, what is doubtful about a reply, and who renews credentials.

All columns may be empty or have a constant default, so nothing is rewritten and the version before runs on.
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.execute("set local lock_timeout = '5s'")
    empty = sa.text("'{}'::jsonb")
    op.add_column("messages", sa.Column("facts", postgresql.JSONB(), server_default=empty, nullable=False))
    op.add_column("messages", sa.Column("role", sa.Text(), nullable=True))
    op.add_column("replies", sa.Column("doubt", sa.Text(), nullable=True))
    op.add_column("brand_accounts", sa.Column("renewal", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("brand_accounts", sa.Column("renewal_lease", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """There is no way back but the backup; see README, Upgrading."""
    raise RuntimeError("Mentiondesk does not migrate downwards; restore the backup made before the upgrade.")
