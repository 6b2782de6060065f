"""The terms of a ticket's clocks are kept by name alone, since thousands of tickets share them.

With them the clocks of a ticket were 3.4 kB, and PostgreSQL compressed each: the dearest insert of taking in a mention.
The rows are compressed only beyond 4 kB now. Clocks from before keep their terms until they are next written.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the name; null says that the terms stand in `clocks` still."""
    op.execute("set local lock_timeout = '5s'")
    op.add_column("ticket_clocks", sa.Column("terms", sa.Text(), nullable=True))
    op.execute("alter table ticket_clocks set (toast_tuple_target = 4080)")


def downgrade() -> None:
    """There is no way back but the backup; see README, Upgrading."""
    raise RuntimeError("Mentiondesk does not migrate downwards; restore the backup made before the upgrade.")
