"""Whom to tell of conversions, what they were told, and what waits to be told."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0015"
down_revision = "0014"

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    op.add_column("companies", sa.Column("currency", sa.String(3), nullable=False, server_default="USD"))
    op.create_table(
        "destinations",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("destination_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("settings", _JSON, nullable=False),
        sa.Column("credentials", sa.Text(), nullable=False),
        sa.Column("rule", _JSON, nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("closed_until", sa.BigInteger()),
        sa.Column("trouble", sa.Text()),
        sa.PrimaryKeyConstraint("company_id", "destination_id", name="pk_destinations"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_destinations_companies"),
    )
    op.create_table(
        "conversions",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("destination_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.String(32), nullable=False),
        sa.Column("conversion_id", sa.String(32), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("value_cents", sa.BigInteger()),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "destination_id", "kind", "contact_id", name="pk_conversions"),
        _of_destination("conversions"),
    )
    op.create_index("ix_conversions_contact", "conversions", ["company_id", "kind", "contact_id"])
    op.create_table(
        "deliveries",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("delivery_id", sa.String(32), nullable=False),
        sa.Column("destination_id", sa.String(32), nullable=False),
        sa.Column("order_key", sa.Text(), nullable=False),
        sa.Column("saying", sa.Text(), nullable=False),
        sa.Column("conversion_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.String(32), nullable=False),
        sa.Column("message", _JSON, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.BigInteger()),
        sa.Column("words", sa.Text()),
        sa.PrimaryKeyConstraint("company_id", "delivery_id", name="pk_deliveries"),
        _of_destination("deliveries"),
    )
    _index_waiting("ix_deliveries_due", ["company_id", "destination_id", "due_at"])
    _index_waiting("ix_deliveries_order", ["company_id", "destination_id", "order_key", "delivery_id"])
    op.create_index("ix_deliveries_contact", "deliveries", ["company_id", "kind", "contact_id"])
    op.create_table(
        "delivery_attempts",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("delivery_id", sa.String(32), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "delivery_id", "attempt", name="pk_delivery_attempts"),
        sa.ForeignKeyConstraint(
            ["company_id", "delivery_id"],
            ["deliveries.company_id", "deliveries.delivery_id"],
            name="fk_delivery_attempts_deliveries",
        ),
    )


def downgrade() -> None:
    for table in ("delivery_attempts", "deliveries", "conversions", "destinations"):
        op.drop_table(table)
    op.drop_column("companies", "currency")


def _of_destination(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["company_id", "destination_id"],
        ["destinations.company_id", "destinations.destination_id"],
        name=f"fk_{table}_destinations",
    )


def _index_waiting(name: str, columns: list[str]) -> None:
    op.create_index(name, "deliveries", columns, sqlite_where=_WAITING, postgresql_where=_WAITING)
