"""Saved reports are e-mailed regularly, with a PDF attached."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    op.create_table(
        "report_schedules",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("schedule_id", sa.String(32), nullable=False),
        sa.Column("view_id", sa.String(32), nullable=False),
        sa.Column("cadence", sa.Text(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("company_id", "schedule_id", name="pk_report_schedules"),
        sa.ForeignKeyConstraint(
            ["company_id", "view_id"],
            ["saved_views.company_id", "saved_views.view_id"],
            name="fk_report_schedules_saved_views",
        ),
    )
    op.create_index("ix_report_schedules_due", "report_schedules", ["company_id", "due_at"])
    op.create_table(
        "report_recipients",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("schedule_id", sa.String(32), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("stopped_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("company_id", "schedule_id", "address", name="pk_report_recipients"),
        sa.ForeignKeyConstraint(
            ["company_id", "schedule_id"],
            ["report_schedules.company_id", "report_schedules.schedule_id"],
            name="fk_report_recipients_report_schedules",
        ),
    )
    op.add_column("emails", sa.Column("attachment", sa.LargeBinary(), nullable=True))
    op.add_column("emails", sa.Column("attachment_name", sa.Text(), nullable=True))
    op.add_column("emails", sa.Column("stop_address", sa.Text(), nullable=True))


def downgrade() -> None:
    for column in ("stop_address", "attachment_name", "attachment"):
        op.drop_column("emails", column)
    for table in ("report_recipients", "report_schedules"):
        op.drop_table(table)
