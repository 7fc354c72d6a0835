"""Passkeys: what people log in with instead of a password."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    op.create_table(
        "passkeys",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("passkey_id", sa.String(32), nullable=False),
        sa.Column("credential_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_used_at", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("company_id", "person_id", "passkey_id", name="pk_passkeys"),
        sa.ForeignKeyConstraint(
            ["company_id", "person_id"], ["people.company_id", "people.person_id"], name="fk_passkeys_people"
        ),
    )
    op.create_index("ix_passkeys_credential", "passkeys", ["credential_id"])


def downgrade() -> None:
    op.drop_table("passkeys")
