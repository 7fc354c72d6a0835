"""What reports count calls by, by best match and by probability, stands at the call and at its candidates."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"

_OF_CALL = ("ad_group", "ad", "device")
_OF_CANDIDATE = (
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
_WHOLE = 1_000_000
_AT_ONCE = 1_000
Row = dict[str, Any]

_sessions = sa.table(
    "sessions",
    *(sa.column(name) for name in ("company_id", "session_id", "channel", "source", "medium", "campaign", "term")),
    *(sa.column(name) for name in ("content", "landing_page", "referrer", "device")),
    sa.column("value_track", sa.JSON()),
)
_calls = sa.table(
    "calls",
    *(sa.column(name) for name in ("company_id", "call_id", "session_id", "attribution_kind", *_OF_CALL)),
    sa.column("own_millionths"),
    sa.column("nobodys_millionths"),
)
_candidates = sa.table(
    "call_candidates",
    *(sa.column(name) for name in ("company_id", "call_id", "session_id", "probability", *_OF_CANDIDATE)),
)


def upgrade() -> None:
    for name in _OF_CALL:
        op.add_column("calls", sa.Column(name, sa.Text(), nullable=True))
    for name, default in (("own_millionths", "1000000"), ("nobodys_millionths", "0")):
        op.add_column("calls", sa.Column(name, sa.Integer(), nullable=False, server_default=default))
    for name in _OF_CANDIDATE:
        op.add_column("call_candidates", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    connection = op.get_bind()
    _write(connection, _calls, _OF_CALL, _known_of_calls(connection))
    _write(connection, _candidates, _OF_CANDIDATE, _known_of_candidates(connection))
    _write(connection, _calls, ("own_millionths", "nobodys_millionths"), _shares(connection))


def downgrade() -> None:
    for name in _OF_CANDIDATE:
        op.drop_column("call_candidates", name)
    for name in (*_OF_CALL, "own_millionths", "nobodys_millionths"):
        op.drop_column("calls", name)


def _write(connection: sa.Connection, table: sa.TableClause, names: Iterable[str], rows: Iterator[Row]) -> None:
    """Set these columns of the rows with the other columns."""
    while some := list(islice(rows, _AT_ONCE)):
        keys = [name for name in some[0] if name not in names]
        matches = [table.c[name] == sa.bindparam(f"key_{name}") for name in keys]
        new: dict[str, sa.BindParameter[Any]] = {name: sa.bindparam(f"new_{name}") for name in names}
        connection.execute(
            sa.update(table).where(*matches).values(new),
            [{f"{'key' if name in keys else 'new'}_{name}": each[name] for name in each} for each in some],
        )


def _rows(connection: sa.Connection, query: sa.Select[Any], of: sa.TableClause) -> Iterator[Any]:
    """The query's rows, some calls' after the others': there may be millions of candidates."""
    ours, theirs = sa.tuple_(_calls.c.company_id, _calls.c.call_id), sa.tuple_(of.c.company_id, of.c.call_id)
    page = sa.select(_calls.c.company_id, _calls.c.call_id).order_by(_calls.c.company_id, _calls.c.call_id)
    last: tuple[str, str] = ("", "")
    while some := _everywhere(connection, page.where(ours > last).limit(_AT_ONCE)):
        first, last = last, (some[-1].company_id, some[-1].call_id)
        yield from _everywhere(connection, query.where(theirs > first, theirs <= last))


def _everywhere(connection: sa.Connection, query: sa.Select[Any]) -> Sequence[Any]:
    return connection.execute(query.execution_options(across_companies="a migration")).all()


def _known_of_calls(connection: sa.Connection) -> Iterator[Row]:
    same = sa.and_(_sessions.c.company_id == _calls.c.company_id, _sessions.c.session_id == _calls.c.session_id)
    query = sa.select(
        _calls.c.company_id, _calls.c.call_id, _sessions.c.value_track, _sessions.c.content, _sessions.c.device
    ).join_from(_calls, _sessions, same)
    for company_id, call_id, value_track, content, device in _rows(connection, query, _calls):
        keys = {"company_id": company_id, "call_id": call_id}
        yield keys | {"ad_group": value_track.get("adgroupid"), "ad": content, "device": device}


def _known_of_candidates(connection: sa.Connection) -> Iterator[Row]:
    same = sa.and_(
        _sessions.c.company_id == _candidates.c.company_id, _sessions.c.session_id == _candidates.c.session_id
    )
    query = sa.select(_candidates.c.call_id, _sessions).join_from(_candidates, _sessions, same)
    for row in _rows(connection, query, _candidates):
        yield {
            "company_id": row.company_id,
            "call_id": row.call_id,
            "session_id": row.session_id,
            "channel": row.channel or "",
            "source": row.source or "",
            "medium": row.medium or "",
            "campaign": row.campaign or "",
            "keyword": row.term or "",
            "ad_group": row.value_track.get("adgroupid") or "",
            "ad": row.content or "",
            "landing_page": (row.landing_page or "").partition("?")[0],
            "referrer": (row.referrer or "").partition("//")[2].partition("/")[0],
            "device": row.device or "",
        }


def _shares(connection: sa.Connection) -> Iterator[Row]:
    """A call without candidates is what the columns say by themselves."""
    same = sa.and_(_candidates.c.company_id == _calls.c.company_id, _candidates.c.call_id == _calls.c.call_id)
    query = (
        sa.select(
            _calls.c.company_id,
            _calls.c.call_id,
            _calls.c.attribution_kind,
            _calls.c.session_id.label("own"),
            _candidates.c.session_id,
            _candidates.c.probability,
        )
        .join_from(_calls, _candidates, same)
        .order_by(_calls.c.company_id, _calls.c.call_id)
    )
    for _call, found in groupby(_rows(connection, query, _calls), lambda row: (row.company_id, row.call_id)):
        rows = list(found)
        parts = [(row.session_id, int(row.probability * _WHOLE)) for row in rows]
        own = sum(part for who, part in parts if who == rows[0].own)
        left = max(0, _WHOLE - sum(part for _who, part in parts))
        is_own = rows[0].attribution_kind != "session"
        yield {
            "company_id": rows[0].company_id,
            "call_id": rows[0].call_id,
            "own_millionths": own + left if is_own else own,
            "nobodys_millionths": 0 if is_own else left,
        }
