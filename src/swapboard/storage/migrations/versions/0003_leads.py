"""People: a lead joins the calls, forms and visits of one person; calls get a value and a verdict."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "leads",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("lead_id", sa.String(32), nullable=False),
        sa.Column("began_as", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("qualified_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("company_id", "lead_id", name="pk_leads"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_leads_companies"),
    )
    op.create_index("ix_leads_last", "leads", ["company_id", "last_at", "lead_id"])
    op.create_index("ix_leads_created", "leads", ["company_id", "created_at"])
    op.create_table(
        "lead_keys",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("lead_id", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "kind", "value", name="pk_lead_keys"),
        sa.ForeignKeyConstraint(
            ["company_id", "lead_id"], ["leads.company_id", "leads.lead_id"], name="fk_lead_keys_leads"
        ),
    )
    op.create_index("ix_lead_keys_lead", "lead_keys", ["company_id", "lead_id"])
    op.create_table(
        "lead_contacts",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.String(32), nullable=False),
        sa.Column("lead_id", sa.String(32), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "kind", "contact_id", name="pk_lead_contacts"),
        sa.ForeignKeyConstraint(
            ["company_id", "lead_id"], ["leads.company_id", "leads.lead_id"], name="fk_lead_contacts_leads"
        ),
    )
    op.create_index("ix_lead_contacts_lead", "lead_contacts", ["company_id", "lead_id", "happened_at"])
    op.add_column("calls", sa.Column("value_cents", sa.BigInteger(), nullable=True))
    op.add_column("calls", sa.Column("qualified", sa.Boolean(), nullable=True))


def downgrade() -> None:
    op.drop_column("calls", "qualified")
    op.drop_column("calls", "value_cents")
    op.drop_table("lead_contacts")
    op.drop_table("lead_keys")
    op.drop_table("leads")
