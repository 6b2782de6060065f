"""An index over unfinished replies by ticket: whether a reply is first in its line is asked for each that is due."""

from alembic import op
import sqlalchemy as sa

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index; unfinished replies are few, so writers wait for a moment only."""
    op.execute("set local lock_timeout = '5s'")
    op.create_index(
        "ix_replies_line",
        "replies",
        ["ticket_id", "id"],
        unique=False,
        postgresql_where=sa.text("state in ('queued', 'sending', 'unsure')"),
    )
