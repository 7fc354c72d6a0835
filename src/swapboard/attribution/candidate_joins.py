"""Which visit and which call a candidate is of: how the tables are joined, wherever that is asked."""

from sqlalchemy import and_

from swapboard.storage.schema import call_candidates, calls, sessions

IS_ITS_VISIT = and_(
    sessions.c.company_id == call_candidates.c.company_id,
    sessions.c.session_id == call_candidates.c.session_id,
)
IS_ITS_CALL = and_(
    calls.c.company_id == call_candidates.c.company_id,
    calls.c.call_id == call_candidates.c.call_id,
)
