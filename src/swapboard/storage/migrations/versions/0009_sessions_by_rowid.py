"""SQLite keeps sessions by row id: rows of a kilobyte, kept in the tree of their key, make it deep and slow.

https://www.sqlite.org/withoutrowid.html#when_to_use_without_rowid
"""

from alembic import op
from sqlalchemy import text

revision = "0009"
down_revision = "0008"

_WITHOUT = " WITHOUT ROWID"
_MADE_BY = text("SELECT sql FROM sqlite_master WHERE type = :type AND tbl_name = :table AND sql IS NOT NULL")

_COPY = text("INSERT INTO sessions_anew SELECT * FROM sessions").execution_options(
    across_companies="the table moves as a whole"
)


def upgrade() -> None:
    _rebuild("")


def downgrade() -> None:
    _rebuild(_WITHOUT)


def _rebuild(option: str) -> None:
    """As https://www.sqlite.org/lang_altertable.html#otheralter has it; no key of another table points here."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    table: str = connection.execute(_MADE_BY, {"type": "table", "table": "sessions"}).scalar_one()
    indexes = connection.execute(_MADE_BY, {"type": "index", "table": "sessions"}).scalars().all()
    op.execute(table.rstrip().removesuffix(_WITHOUT).replace("sessions", "sessions_anew", 1) + option)
    connection.execute(_COPY)
    op.execute("DROP TABLE sessions")
    op.execute("ALTER TABLE sessions_anew RENAME TO sessions")
    for index in indexes:
        op.execute(index)
