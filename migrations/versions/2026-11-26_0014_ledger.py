"""What calls to networks cost by account and day, the operator's own prices, and budgets.

Three new tables; the version before this one runs on without looking at them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.execute("set local lock_timeout = '5s'")
    op.create_table(
        "spending",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("uses", sa.BigInteger(), nullable=False),
        sa.Column("micros", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["brand_accounts.id"], name=op.f("fk_spending_account_id")),
        sa.PrimaryKeyConstraint("account_id", "day", "name", name=op.f("pk_spending")),
    )
    op.create_table(
        "own_prices",
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("micros", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("network", "name", name=op.f("pk_own_prices")),
    )
    op.create_table(
        "budgets",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("limit_micros", sa.BigInteger(), nullable=False),
        sa.Column("warn_percent", sa.Integer(), nullable=False),
        sa.Column("told_month", sa.Date(), nullable=True),
        sa.Column("told_level", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["brand_accounts.id"], name=op.f("fk_budgets_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_budgets")),
    )


def downgrade() -> None:
    """There is no way back but the backup; see README, Upgrading."""
    raise RuntimeError("Mentiondesk does not migrate downwards; restore the backup made before the upgrade.")
