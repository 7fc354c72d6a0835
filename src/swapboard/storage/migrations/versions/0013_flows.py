"""What happens to a call: flows, the numbers they are for, and what became of the calls that went through them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0013"
down_revision = "0012"

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "flows",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("flow_id", sa.String(32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("document", _JSON, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "flow_id", name="pk_flows"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_flows_companies"),
    )
    op.create_table(
        "flow_lines",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("flow_id", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "number", name="pk_flow_lines"),
        sa.ForeignKeyConstraint(
            ["company_id", "flow_id"], ["flows.company_id", "flows.flow_id"], name="fk_flow_lines_flows"
        ),
    )
    op.add_column("calls", sa.Column("greeting_seconds", sa.Integer()))
    op.add_column("calls", sa.Column("voicemail_seconds", sa.Integer()))
    op.add_column("calls", sa.Column("recording_ref", sa.Text()))
    op.add_column("calls", sa.Column("flow_path", _JSON))


def downgrade() -> None:
    for column in ("flow_path", "recording_ref", "voicemail_seconds", "greeting_seconds"):
        op.drop_column("calls", column)
    op.drop_table("flow_lines")
    op.drop_table("flows")
