"""Forms that visitors sent; what a site's owner decides of the script on the page."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("sites", sa.Column("page", _JSON, nullable=False, server_default="{}"))
    op.create_table(
        "forms",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("form_id", sa.String(32), nullable=False),
        sa.Column("session_id", sa.String(32), nullable=False),
        sa.Column("visitor_id", sa.String(32), nullable=False),
        sa.Column("site_id", sa.String(32), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("fields", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("company_id", "form_id", name="pk_forms"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_forms_companies"),
    )
    op.create_index("ix_forms_sent", "forms", ["company_id", "sent_at", "form_id"])
    op.create_index("ix_forms_session", "forms", ["company_id", "session_id"])


def downgrade() -> None:
    op.drop_table("forms")
    op.drop_column("sites", "page")
