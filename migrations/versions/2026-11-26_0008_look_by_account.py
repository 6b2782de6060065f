"""Conversations are found for reading again account by account, so that what waits behind an account costs nothing.

One index in place of another, over what is open alone. Writers of `conversations` wait while it is made: about a second
for a million of them. The version before this one runs on the new schema; it only looks longer.
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index by account and time, and drop the one by time."""
    op.execute("set local lock_timeout = '5s'")
    op.execute("""
        create index if not exists ix_conversations_look on conversations (account_id, reread_at)
          where reread_at is not null
    """)
    op.execute("drop index if exists ix_conversations_reread")


def downgrade() -> None:
    """There is no way back but the backup; see README, Upgrading."""
    raise RuntimeError("Mentiondesk does not migrate downwards; restore the backup made before the upgrade.")
