"""What reports count a visit for; it is written beside calls' candidates and forms, which need not look it up."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, bindparam, func, literal_column, select

from swapboard.storage.schema import sessions
from swapboard.storage.text_parts import host_in, path_of


def _known(column: ColumnElement[str]) -> ColumnElement[str]:
    return func.coalesce(column, literal_column("''"))


WORDS: Mapping[str, ColumnElement[str]] = {
    "channel": _known(sessions.c.channel),
    "source": _known(sessions.c.source),
    "medium": _known(sessions.c.medium),
    "campaign": _known(sessions.c.campaign),
    "keyword": _known(sessions.c.term),
    "ad_group": _known(sessions.c.value_track["adgroupid"].as_string()),
    "ad": _known(sessions.c.content),
    "landing_page": path_of(_known(sessions.c.landing_page)),
    "referrer": host_in(_known(sessions.c.referrer)),
    "device": _known(sessions.c.device),
}
"""By the column that keeps it, where a visit says it; nothing is the empty text."""
NO_WORDS: Mapping[str, str] = dict.fromkeys(WORDS, "")
_OF_VISITS = select(sessions.c.session_id, *(word.label(name) for name, word in WORDS.items())).where(
    sessions.c.company_id == bindparam("of_company"),
    sessions.c.session_id.in_(bindparam("session_ids", expanding=True)),
)


def words_of(
    connection: Connection, company_id: str, session_ids: Sequence[str]
) -> Mapping[str, Mapping[str, str]]:
    """Of each of these visits."""
    if not session_ids:
        return {}
    found = connection.execute(_OF_VISITS, {"of_company": company_id, "session_ids": session_ids})
    return {session_id: dict(zip(WORDS, words, strict=True)) for session_id, *words in found}
