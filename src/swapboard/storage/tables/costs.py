"""What advertising cost."""

from sqlalchemy import BigInteger, Column, Index, Integer, PrimaryKeyConstraint, String, Table

from swapboard.storage.tables.columns import Json, at_column, id_column, metadata, of_company, text_column

costs = Table(
    "costs",
    metadata,
    id_column("company_id"),
    text_column("feed"),
    Column("day", String(10), nullable=False),
    Column("line", Integer, nullable=False),
    text_column("channel"),
    text_column("source"),
    text_column("medium"),
    text_column("campaign"),
    text_column("campaign_id"),
    text_column("ad_group"),
    text_column("keyword"),
    Column("micros", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("clicks", BigInteger, nullable=False),
    Column("impressions", BigInteger, nullable=False),
    at_column("told_at"),
    PrimaryKeyConstraint("company_id", "feed", "day", "line"),
    of_company(),
    Index("ix_costs_day", "company_id", "day"),
)
"""What advertising cost, a line for each thing that a day (ISO 8601, the account's own) was told apart by. A feed
replaces a day always whole, so that a file may come again."""

cost_changes = Table(
    "cost_changes",
    metadata,
    id_column("company_id"),
    Column("changes", BigInteger, nullable=False),
    PrimaryKeyConstraint("company_id"),
    of_company(),
)
"""How often any of the company's costs changed, so that who has added some up knows whether that still holds
(`reports/expenses.py`); a company without costs has none."""

cost_layouts = Table(
    "cost_layouts",
    metadata,
    id_column("company_id"),
    text_column("signature"),
    Column("layout", Json, nullable=False),
    at_column("kept_at"),
    PrimaryKeyConstraint("company_id", "signature"),
    of_company(),
)
"""How a person said that files with these headings are read."""

cost_drafts = Table(
    "cost_drafts",
    metadata,
    id_column("company_id"),
    id_column("draft_id"),
    text_column("name"),
    text_column("content"),
    at_column("sent_at"),
    PrimaryKeyConstraint("company_id", "draft_id"),
    of_company(),
)
"""Files (base64) that somebody sent and still looks at before they count."""

cost_campaigns = Table(
    "cost_campaigns",
    metadata,
    id_column("company_id"),
    text_column("campaign"),
    text_column("visited_as"),
    PrimaryKeyConstraint("company_id", "campaign"),
    of_company(),
)
"""What visits call a campaign that the platform names otherwise."""

exchange_rates = Table(
    "exchange_rates",
    metadata,
    id_column("company_id"),
    Column("day", String(10), nullable=False),
    Column("base", String(3), nullable=False),
    Column("quote", String(3), nullable=False),
    text_column("worth"),
    PrimaryKeyConstraint("company_id", "base", "quote", "day"),
    of_company(),
)
"""What one unit of `base` was worth in `quote` on a day, as a decimal text."""
