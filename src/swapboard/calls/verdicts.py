"""What is said of calls, in the database: what holds stands on the call, and beside it who said so, and why."""

from collections.abc import Collection, Mapping

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, insert, select, update

from swapboard.calls.judgement import Judgement, Word
from swapboard.calls.verdict import Verdict
from swapboard.storage.schema import call_judgements, calls

_JUDGEMENT = TypeAdapter(Judgement)


def verdict_on(connection: Connection, company_id: str, call_id: str) -> Verdict | None:
    """What holds of a call; None when there is no such call."""
    query = select(calls.c.tags, calls.c.value_cents, calls.c.qualified).where(
        calls.c.company_id == company_id, calls.c.call_id == call_id
    )
    row = connection.execute(query).one_or_none()
    return Verdict(tuple(row.tags), row.value_cents, row.qualified) if row else None


def write_verdict(connection: Connection, company_id: str, call_id: str, verdict: Verdict) -> bool:
    """Let this hold instead of what did before; False when there is no such call."""
    changed = connection.execute(
        update(calls)
        .where(calls.c.company_id == company_id, calls.c.call_id == call_id)
        .values(tags=list(verdict.tags), value_cents=verdict.value_cents, qualified=verdict.qualified)
    )
    return changed.rowcount == 1


def judgement_on(connection: Connection, company_id: str, call_id: str, holds: Verdict) -> Judgement:
    """Who said what of a call; what holds of one of which nothing was noted is a person's word."""
    return judgements_on(connection, company_id, {call_id: holds})[call_id]


def judgements_on(
    connection: Connection, company_id: str, holds: Mapping[str, Verdict]
) -> Mapping[str, Judgement]:
    """The same of many calls, by call."""
    query = select(call_judgements.c.call_id, call_judgements.c.judgement).where(
        call_judgements.c.company_id == company_id, call_judgements.c.call_id.in_(list(holds))
    )
    noted = {row.call_id: _JUDGEMENT.validate_python(row.judgement) for row in connection.execute(query)}
    return {
        call_id: noted.get(call_id) or Judgement(person=Word(verdict.qualified, verdict.value_cents))
        for call_id, verdict in holds.items()
    }


def keep_judgement(connection: Connection, company_id: str, call_id: str, judgement: Judgement) -> None:
    """Note who said what of a call."""
    is_it = call_judgements.c.company_id == company_id, call_judgements.c.call_id == call_id
    connection.execute(delete(call_judgements).where(*is_it))
    document = _JUDGEMENT.dump_python(judgement, mode="json", exclude_defaults=True)
    row = {"company_id": company_id, "call_id": call_id, "judgement": document}
    connection.execute(insert(call_judgements).values(**row))


def is_any_qualified(connection: Connection, company_id: str, call_ids: Collection[str]) -> bool:
    """True when one of these calls is called a good lead."""
    good = select(calls.c.call_id).where(
        calls.c.company_id == company_id, calls.c.call_id.in_(call_ids), calls.c.qualified.is_(True)
    )
    return connection.execute(good.limit(1)).first() is not None
