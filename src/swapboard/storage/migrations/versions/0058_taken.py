"""Beside each conversion stands whether its destination took word of it; what reports count stands in indexes."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"

_OF_TAKEN = "ix_conversions_taken"
_COUNTED = ["company_id", "destination_id", "said_at", "kind", "contact_id", "value_cents"]
_OF_STATES = "ix_deliveries_state"
_STATES = ["company_id", "destination_id", "state", "said_at", "kind", "contact_id"]


def upgrade() -> None:
    op.add_column("conversions", sa.Column("taken", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.get_bind().execute(sa.text(_TAKEN).execution_options(across_companies="a migration"))
    # In the words of the question, or SQLite does not see that it asks for these.
    op.create_index(
        _OF_TAKEN,
        "conversions",
        _COUNTED,
        sqlite_where=sa.text("counts = 1 AND taken = 1"),
        postgresql_where=sa.text("counts AND taken"),
    )
    op.create_index(_OF_STATES, "deliveries", _STATES)


def downgrade() -> None:
    op.drop_index(_OF_STATES, "deliveries")
    op.drop_index(_OF_TAKEN, "conversions")
    op.drop_column("conversions", "taken")


_TAKEN = """
    UPDATE conversions SET taken = true WHERE EXISTS (
        SELECT 1 FROM deliveries WHERE deliveries.company_id = conversions.company_id
        AND deliveries.destination_id = conversions.destination_id AND deliveries.kind = conversions.kind
        AND deliveries.contact_id = conversions.contact_id
        AND deliveries.conversion_id = conversions.conversion_id AND deliveries.state = 'sent')
"""
