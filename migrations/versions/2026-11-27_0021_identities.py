"""A customer's identities by network, in one index in place of that by customer alone.

Each card asks for the handle that a customer has on its ticket's network. Without an index that holds both, the plan
could read all people of that network for each card and keep the customer's own: it did wherever the tables had not been
counted lately. Writers of `identities` wait while it is made, seconds for a million. The version before runs on it.
"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index and drop the one it replaces."""
    op.execute("set local lock_timeout = '5s'")
    op.execute("create index if not exists ix_identities_customer on identities (customer_id, network)")
    op.execute("drop index if exists ix_identities_customer_id")


def downgrade() -> None:
    """There is no way back but the backup; see README, Upgrading."""
    raise RuntimeError("Mentiondesk does not migrate downwards; restore the backup made before the upgrade.")
