"""${message}."""

from alembic import op
import sqlalchemy as sa
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Say in one sentence why."""
    op.execute("set local lock_timeout = '5s'")
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """There is no way back but the backup; see README, Upgrading."""
    raise RuntimeError("Mentiondesk does not migrate downwards; restore the backup made before the upgrade.")
