"""What a number costs may be millions, as of rupiah. SQLite's whole numbers are large enough as they are."""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
_AMOUNTS = ("monthly_cents", "placement_cents")


def upgrade() -> None:
    _hold(sa.BigInteger())


def downgrade() -> None:
    _hold(sa.Integer())


def _hold(kind: sa.types.TypeEngine[int]) -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name in _AMOUNTS:
            op.alter_column("numbers", name, type_=kind)
