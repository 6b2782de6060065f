"""Every ticket in the index of labels again.

That of labelled tickets alone looked so cheap that a page of the inbox by label was made from it: all tickets with the
label, sorted. Quick to make; who wants it made before uses this name, with `create index concurrently`. The version
before this one runs on the new schema.
"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make it and drop the one that stood in its place."""
    op.execute("set local lock_timeout = '5s'")
    op.execute("create index if not exists ix_tickets_labels on tickets using gin (labels)")
    op.execute("drop index if exists ix_tickets_with_label")


def downgrade() -> None:
    """There is no way back but the backup; see README, Upgrading."""
    raise RuntimeError("Mentiondesk does not migrate downwards; restore the backup made before the upgrade.")
