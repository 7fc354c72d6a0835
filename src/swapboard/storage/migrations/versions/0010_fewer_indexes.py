"""A pool number stands in fewer indexes: each lease writes to all of them in PostgreSQL."""

from alembic import op
from sqlalchemy import text

revision = "0010"
down_revision = "0009"

_RELEASED = text("released_at IS NOT NULL")
_CODED = text("short_code IS NOT NULL")


def upgrade() -> None:
    op.drop_index("ix_numbers_number", "numbers")
    op.drop_index("ix_numbers_short_code", "numbers")
    op.create_index(
        "ix_numbers_released",
        "numbers",
        ["company_id", "number"],
        sqlite_where=_RELEASED,
        postgresql_where=_RELEASED,
    )
    op.create_index(
        "ix_numbers_short_code", "numbers", ["short_code"], sqlite_where=_CODED, postgresql_where=_CODED
    )


def downgrade() -> None:
    op.drop_index("ix_numbers_short_code", "numbers")
    op.drop_index("ix_numbers_released", "numbers")
    op.create_index("ix_numbers_short_code", "numbers", ["short_code"])
    op.create_index("ix_numbers_number", "numbers", ["company_id", "number"])
