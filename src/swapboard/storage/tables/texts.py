"""Text messages."""

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, Table

from swapboard.storage.tables.columns import E164, at_column, id_column, metadata, of_company, text_column

text_replies = Table(
    "text_replies",
    metadata,
    id_column("company_id"),
    Column("number", E164, nullable=False),
    text_column("text"),
    PrimaryKeyConstraint("company_id", "number"),
    of_company(),
)
"""What callers whom nobody answered are written; an empty number stands for all others, no text for nothing."""

text_stops = Table(
    "text_stops",
    metadata,
    id_column("company_id"),
    Column("number", E164, nullable=False),
    at_column("stopped_at"),
    PrimaryKeyConstraint("company_id", "number"),
    of_company(),
)
"""Who wants no text messages of the company's."""

text_messages = Table(
    "text_messages",
    metadata,
    id_column("company_id"),
    id_column("message_id"),
    id_column("carrier_id"),
    id_column("call_id", nullable=True),
    text_column("about"),
    Column("sender", E164, nullable=False),
    Column("recipient", E164, nullable=False),
    text_column("body"),
    text_column("state"),
    at_column("written_at"),
    at_column("due_at"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    text_column("words", nullable=True),
    text_column("carrier_ref", nullable=True),
    PrimaryKeyConstraint("company_id", "message_id"),
    of_company(),
    Index("ix_text_messages_due", "company_id", "state", "due_at"),
    Index("ix_text_messages_recipient", "company_id", "recipient", "written_at"),
    Index("ux_text_messages_about", "company_id", "about", unique=True),
)
"""Text messages: ours, written with the end of the missed call that they answer, and those that come in.

`about` keeps one from being written twice: the call, or the carrier's own id. One that is being sent when the
process dies is not sent again, for nobody knows whether it went out."""
