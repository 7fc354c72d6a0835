"""Weighs finished calls anew, by what was learned since; every change is written down.

The evidence is what it was when the call ended, so that the same curve always gives the same answer.
"""

from sqlalchemy import Connection, insert, select, update

from swapboard.attribution import store
from swapboard.attribution.attribute import conclude
from swapboard.attribution.learned import Learned, evidence_from_json
from swapboard.attribution.store import Attribution
from swapboard.clock import Millis
from swapboard.storage.ids import new_id
from swapboard.storage.schema import attribution_changes, call_evidence, calls


def recompute(connection: Connection, company_id: str, since: Millis, actor: str, now: Millis) -> tuple[int, int]:
    """Weigh every call since the moment by the latest curve; tells how many were weighed and how many changed."""
    learned = store.learned(connection, company_id)
    query = (
        select(call_evidence.c.call_id)
        .where(call_evidence.c.company_id == company_id, call_evidence.c.happened_at >= since)
        .order_by(call_evidence.c.happened_at, call_evidence.c.call_id)
    )
    call_ids = connection.execute(query).scalars().all()
    changed = sum(_recompute(connection, company_id, call_id, learned, actor, now) for call_id in call_ids)
    return len(call_ids), changed


def _recompute(
    connection: Connection, company_id: str, call_id: str, learned: Learned, actor: str, now: Millis
) -> bool:
    of_call = (calls.c.company_id == company_id, calls.c.call_id == call_id)
    call = connection.execute(select(calls).where(*of_call)).one()
    row = connection.execute(
        select(call_evidence.c.evidence).where(
            call_evidence.c.company_id == company_id, call_evidence.c.call_id == call_id
        )
    ).one()
    evidence = evidence_from_json(row.evidence)
    attribution, candidates = conclude(connection, company_id, call.number_id, evidence, learned)
    was = {"kind": call.attribution_kind, "session_id": call.session_id, "confidence": call.confidence}
    became = _said(attribution)
    if was == became:
        return False
    store.credit(connection, company_id, call_id, attribution, candidates, call.search_text)
    connection.execute(
        update(call_evidence)
        .where(call_evidence.c.company_id == company_id, call_evidence.c.call_id == call_id)
        .values(version=learned.version)
    )
    connection.execute(
        insert(attribution_changes).values(
            company_id=company_id,
            change_id=new_id(now),
            call_id=call_id,
            happened_at=now,
            actor=actor,
            version=learned.version,
            was=was,
            became=became,
        )
    )
    return True


def _said(attribution: Attribution) -> dict[str, object]:
    return {
        "kind": attribution.kind,
        "session_id": attribution.session_id,
        "confidence": attribution.confidence,
    }
