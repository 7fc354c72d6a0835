"""Each day's visits laid out in columns, and indexes that answer for leads alone, for reports to count."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    op.add_column(
        "companies", sa.Column("visits_filed_until_at", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.create_table(
        "visit_days",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("day_at", sa.BigInteger(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("layout", sa.Text(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "day_at", name="pk_visit_days"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_visit_days_companies"),
    )
    op.create_table(
        "visit_columns",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("day_at", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("codes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "name", "day_at", name="pk_visit_columns"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_visit_columns_companies"),
    )
    _index_anew("ix_leads_created", "leads", ["company_id", "created_at", "lead_id"])
    _index_anew("ix_lead_contacts_lead", "lead_contacts", ["company_id", "lead_id", "happened_at", "contact_id"])


def downgrade() -> None:
    _index_anew("ix_lead_contacts_lead", "lead_contacts", ["company_id", "lead_id", "happened_at"])
    _index_anew("ix_leads_created", "leads", ["company_id", "created_at"])
    op.drop_table("visit_columns")
    op.drop_table("visit_days")
    op.drop_column("companies", "visits_filed_until_at")


def _index_anew(name: str, table: str, columns: list[str]) -> None:
    op.drop_index(name, table)
    op.create_index(name, table, columns)
