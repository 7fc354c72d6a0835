"""Links to reports in the database."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from swapboard.clock import HOUR, Millis
from swapboard.reports.share import Share
from swapboard.storage.schema import report_shares


def add_share(connection: Connection, share: Share) -> None:
    """Write a new one."""
    connection.execute(insert(report_shares).values(**{name: getattr(share, name) for name in Share.__slots__}))


def shares_of(connection: Connection, company_id: str, view_id: str) -> Sequence[Share]:
    """Those of a saved report, newest first, the ended ones too."""
    mine = report_shares.c.company_id == company_id, report_shares.c.view_id == view_id
    query = select(*_COLUMNS).where(*mine).order_by(report_shares.c.share_id.desc())
    return [Share(*row) for row in connection.execute(query)]


def open_shares_by(connection: Connection, company_id: str, made_by: str, now: Millis) -> Sequence[Share]:
    """Those of somebody's links that still open something, newest first."""
    theirs = report_shares.c.company_id == company_id, report_shares.c.made_by == made_by
    still = report_shares.c.revoked_at.is_(None), report_shares.c.ends_at > now
    query = select(*_COLUMNS).where(*theirs, *still).order_by(report_shares.c.share_id.desc())
    return [Share(*row) for row in connection.execute(query)]


def share_by_secret(connection: Connection, secret_hash: str) -> Share | None:
    """The link that whoever comes has; they name no company, and have to know the secret."""
    query = select(*_COLUMNS).where(report_shares.c.secret_hash == secret_hash)
    row = connection.execute(query.execution_options(across_companies="who has a link names no company")).first()
    return Share(*row) if row else None


def revoke_share(connection: Connection, company_id: str, view_id: str, share_id: str, now: Millis) -> bool:
    """It opens nothing any more; False when there is none such that did."""
    mine = (*_is(company_id, share_id), report_shares.c.view_id == view_id, report_shares.c.revoked_at.is_(None))
    return connection.execute(update(report_shares).where(*mine).values(revoked_at=now)).rowcount == 1


def is_note_due(share: Share, now: Millis) -> bool:
    """Whether its being opened is to be written down: at most once an hour."""
    return share.opened_at is None or now - share.opened_at >= HOUR


def note_opened(connection: Connection, share: Share, now: Millis) -> None:
    """Write that it was opened."""
    connection.execute(update(report_shares).where(*_is(share.company_id, share.share_id)).values(opened_at=now))


def remove_shares(connection: Connection, company_id: str, view_id: str) -> None:
    """Forget all links to a saved report."""
    mine = report_shares.c.company_id == company_id, report_shares.c.view_id == view_id
    connection.execute(delete(report_shares).where(*mine))


def _is(company_id: str, share_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return report_shares.c.company_id == company_id, report_shares.c.share_id == share_id


_COLUMNS = tuple(report_shares.c[name] for name in Share.__slots__)
