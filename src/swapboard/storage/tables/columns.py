"""What every table is made of."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKeyConstraint,
    MetaData,
    String,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Json = JSON().with_variant(JSONB(), "postgresql")
Id = String(32)
E164 = String(20)


def id_column(name: str, nullable: bool = False) -> Column[str]:
    return Column(name, Id, nullable=nullable)


def at_column(name: str, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable)


def text_column(name: str, nullable: bool = False) -> Column[str]:
    return Column(name, Text, nullable=nullable)


def belongs(column: str, table: str, key: str | None = None) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["company_id", column], [f"{table}.company_id", f"{table}.{key or column}"])


def of_company() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["company_id"], ["companies.company_id"])


WORDS_OF_VISIT = (
    "channel",
    "source",
    "medium",
    "campaign",
    "keyword",
    "ad_group",
    "ad",
    "landing_page",
    "referrer",
    "device",
)
"""What reports count a visit for (`visits/words.py`), where it is written beside something else."""
