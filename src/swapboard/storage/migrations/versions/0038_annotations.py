"""Notes on the days that reports show."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    op.create_table(
        "annotations",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("annotation_id", sa.String(32), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "annotation_id", name="pk_annotations"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_annotations_companies"),
    )
    op.create_index("ix_annotations_day", "annotations", ["company_id", "day"])


def downgrade() -> None:
    op.drop_table("annotations")
