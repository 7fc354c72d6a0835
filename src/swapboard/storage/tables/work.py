"""Work that comes due by itself, and letters that wait to be sent."""

from sqlalchemy import Column, Index, Integer, LargeBinary, PrimaryKeyConstraint, Table

from swapboard.storage.tables.columns import at_column, id_column, metadata, of_company, text_column

chores = Table(
    "chores",
    metadata,
    id_column("company_id"),
    text_column("name"),
    at_column("due_at"),
    PrimaryKeyConstraint("company_id", "name"),
    of_company(),
)
"""Work that comes due by itself; whoever moves `due_at` on does it."""

emails = Table(
    "emails",
    metadata,
    id_column("company_id"),
    id_column("email_id"),
    text_column("about"),
    text_column("recipient"),
    text_column("subject"),
    text_column("plain"),
    text_column("html"),
    id_column("recording_id", nullable=True),
    text_column("state"),
    at_column("written_at"),
    at_column("due_at"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    at_column("ended_at", nullable=True),
    text_column("words", nullable=True),
    Column("attachment", LargeBinary),
    text_column("attachment_name", nullable=True),
    text_column("stop_address", nullable=True),
    text_column("sealed", nullable=True),
    PrimaryKeyConstraint("company_id", "email_id"),
    of_company(),
    Index("ux_emails_about", "company_id", "about", "recipient", unique=True),
    Index("ix_emails_due", "company_id", "state", "due_at"),
)
"""The outbox of e-mails, written with what caused them; `recording_id` is the sound to attach, `words` the mail
server's own. A letter is claimed by moving its `due_at`, and ends as sent or failed. `attachment` is a PDF
until it is over, `stop_address` is where its recipient says that they want no more. What opens a door stands in
`sealed` instead of `plain` and `html`, until it is over."""
