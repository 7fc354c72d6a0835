"""Numbers have a life: their cost, placement, quarantine, and who did what; sessions know who returns."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("sessions", sa.Column("is_returning", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("swap_targets", sa.Column("shares_with", sa.String(length=32), nullable=True))
    for column in (
        sa.Column("monthly_cents", sa.Integer(), nullable=True),
        sa.Column("placement_cents", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.String(length=10), nullable=True),
        sa.Column("ends_on", sa.String(length=10), nullable=True),
        sa.Column("short_code", sa.String(length=16), nullable=True),
        sa.Column("short_url", sa.Text(), nullable=True),
        sa.Column("quarantined_at", sa.BigInteger(), nullable=True),
    ):
        op.add_column("numbers", column)
    op.create_index("ix_numbers_short_code", "numbers", ["short_code"])
    op.create_table(
        "number_events",
        sa.Column("company_id", sa.String(length=32), nullable=False),
        sa.Column("event_id", sa.String(length=32), nullable=False),
        sa.Column("number_id", sa.String(length=32), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("detail", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("company_id", "event_id", name="pk_number_events"),
        sa.ForeignKeyConstraint(
            ["company_id", "number_id"],
            ["numbers.company_id", "numbers.number_id"],
            name="fk_number_events_numbers",
        ),
    )
    op.create_index("ix_number_events_number", "number_events", ["company_id", "number_id", "event_id"])
    op.create_table(
        "number_orders",
        sa.Column("company_id", sa.String(length=32), nullable=False),
        sa.Column("order_key", sa.Text(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("carrier_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("purpose", _JSON, nullable=False),
        sa.Column("carrier_ref", sa.Text(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("number_id", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("company_id", "order_key", name="pk_number_orders"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_number_orders_companies"),
    )
