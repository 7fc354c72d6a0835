"""What reports count a candidate's visit for stands beside it, and changes with the visit."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, bindparam, select, update

from swapboard.storage.schema import call_candidates, calls
from swapboard.visits.words import WORDS, words_of

_AT_ONCE = 500
_RENEW = (
    update(call_candidates)
    .where(
        call_candidates.c.company_id == bindparam("of_company"),
        call_candidates.c.session_id == bindparam("of_session"),
    )
    .values({name: bindparam(f"new_{name}") for name in WORDS})
)


def renew_words(connection: Connection, company_id: str, session_ids: Collection[str]) -> None:
    """These visits say something else than before."""
    ids = sorted(session_ids)
    for first in range(0, len(ids), _AT_ONCE):
        some = ids[first : first + _AT_ONCE]
        rows = [
            {"of_company": company_id, "of_session": session_id, **{f"new_{name}": each[name] for name in WORDS}}
            for session_id, each in words_of(connection, company_id, some).items()
        ]
        if rows:
            _note_changes(connection, company_id, some)
            connection.execute(_RENEW, rows)


def _note_changes(connection: Connection, company_id: str, session_ids: Sequence[str]) -> None:
    """Before the candidates, as whoever credits a call; its own row says whether what was counted still holds."""
    theirs = select(call_candidates.c.call_id).where(
        call_candidates.c.company_id == company_id, call_candidates.c.session_id.in_(session_ids)
    )
    counted = update(calls).where(calls.c.company_id == company_id, calls.c.call_id.in_(theirs))
    connection.execute(counted.values(changes=calls.c.changes + 1))
