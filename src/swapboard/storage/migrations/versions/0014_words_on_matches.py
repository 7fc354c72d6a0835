"""What people say of a match; what was joined and parted of leads by hand; which keys several people share."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0014"
down_revision = "0013"

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "match_verdicts",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("call_id", sa.String(32), nullable=False),
        sa.Column("session_id", sa.String(32), nullable=False),
        sa.Column("is_right", sa.Boolean(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "call_id", name="pk_match_verdicts"),
        sa.ForeignKeyConstraint(
            ["company_id", "call_id"], ["calls.company_id", "calls.call_id"], name="fk_match_verdicts_calls"
        ),
    )
    op.create_index("ix_attribution_changes_call", "attribution_changes", ["company_id", "call_id"])
    op.create_table(
        "lead_changes",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("change_id", sa.String(32), nullable=False),
        sa.Column("lead_id", sa.String(32), nullable=False),
        sa.Column("other_id", sa.String(32), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("detail", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("company_id", "change_id", name="pk_lead_changes"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_lead_changes_companies"),
    )
    op.create_index("ix_lead_changes_lead", "lead_changes", ["company_id", "lead_id", "change_id"])
    op.create_index("ix_lead_changes_other", "lead_changes", ["company_id", "other_id"])
    op.create_table(
        "shared_keys",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "kind", "value", name="pk_shared_keys"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_shared_keys_companies"),
    )
    op.create_table(
        "lead_partings",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("lead_id", sa.String(32), nullable=False),
        sa.Column("other_id", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "lead_id", "other_id", name="pk_lead_partings"),
        sa.ForeignKeyConstraint(
            ["company_id", "lead_id"], ["leads.company_id", "leads.lead_id"], name="fk_lead_partings_leads"
        ),
    )
    op.create_index("ix_lead_partings_other", "lead_partings", ["company_id", "other_id"])


def downgrade() -> None:
    for table in ("lead_partings", "shared_keys", "lead_changes", "match_verdicts"):
        op.drop_table(table)
    op.drop_index("ix_attribution_changes_call", "attribution_changes")
