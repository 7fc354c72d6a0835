"""The visit that a candidate for a call is: how both tables are joined, wherever that is asked."""

from sqlalchemy import and_

from swapboard.storage.schema import call_candidates, sessions

IS_ITS_VISIT = and_(
    sessions.c.company_id == call_candidates.c.company_id,
    sessions.c.session_id == call_candidates.c.session_id,
)
