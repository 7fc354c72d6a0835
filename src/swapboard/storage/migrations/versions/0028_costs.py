"""What advertising cost, how files of it are read, and rates of currencies."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0028"
down_revision = "0027"

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "costs",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("medium", sa.Text(), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("campaign_id", sa.Text(), nullable=False),
        sa.Column("ad_group", sa.Text(), nullable=False),
        sa.Column("keyword", sa.Text(), nullable=False),
        sa.Column("micros", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("clicks", sa.BigInteger(), nullable=False),
        sa.Column("impressions", sa.BigInteger(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "feed", "day", "line", name="pk_costs"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_costs_companies"),
    )
    op.create_index("ix_costs_day", "costs", ["company_id", "day"])
    _table("cost_layouts", "signature", sa.Column("layout", _JSON, nullable=False), _at("kept_at"))
    _table(
        "cost_drafts",
        "draft_id",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        _at("sent_at"),
    )
    _table("cost_campaigns", "campaign", sa.Column("visited_as", sa.Text(), nullable=False))
    op.create_table(
        "exchange_rates",
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("base", sa.String(3), nullable=False),
        sa.Column("quote", sa.String(3), nullable=False),
        sa.Column("worth", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "base", "quote", "day", name="pk_exchange_rates"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name="fk_exchange_rates_companies"),
    )


def downgrade() -> None:
    for table in ("exchange_rates", "cost_campaigns", "cost_drafts", "cost_layouts", "costs"):
        op.drop_table(table)


def _at(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _table(name: str, key: str, *columns: sa.Column[Any]) -> None:
    """A table of one text key within the company."""
    kind = sa.String(32) if key.endswith("_id") else sa.Text()
    op.create_table(
        name,
        sa.Column("company_id", sa.String(32), nullable=False),
        sa.Column(key, kind, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("company_id", key, name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["company_id"], ["companies.company_id"], name=f"fk_{name}_companies"),
    )
