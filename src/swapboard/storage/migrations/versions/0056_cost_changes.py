"""How often a company's costs changed; whose visits called is found by the visitor."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"


def upgrade() -> None:
    op.create_table(
        "cost_changes",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("changes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", name="pk_cost_changes"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_cost_changes_companies"),
    )
    op.create_index("ix_calls_visitor", "calls", ["company_id", "visitor_id"])


def downgrade() -> None:
    op.drop_index("ix_calls_visitor", "calls")
    op.drop_table("cost_changes")
