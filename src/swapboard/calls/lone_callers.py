"""Who called once and never else: most callers, of whom nothing more need be asked."""

from collections.abc import Collection
from functools import cache

from sqlalchemy import JSON, Connection, Select, String, and_, bindparam, cast, column, exists, func, not_, select

from swapboard.storage.bulk import json_text
from swapboard.storage.schema import calls


def lone_callers(
    connection: Connection, company_id: str, carrier_id: str, callers: Collection[str], call_refs: Collection[str]
) -> frozenset[str]:
    """Those of the callers who made none of the company's calls, but for these (by the carrier's ids)."""
    if not callers:
        return frozenset()
    asked = {
        "of_company": company_id,
        "of_carrier": carrier_id,
        "callers": json_text(sorted(callers)),
        "call_refs": list(call_refs),
    }
    found = connection.execute(_others(connection.dialect.name), asked)
    return frozenset(callers) - set(found.scalars())


@cache
def _others(dialect: str) -> Select[str]:
    """The callers who made another call. Of each, one call is looked for: some have made thousands."""
    told = bindparam("callers", type_=String)
    each = func.json_array_elements_text(cast(told, JSON)) if dialect == "postgresql" else func.json_each(told)
    caller = each.table_valued(column("value", String)).c.value
    these = and_(
        calls.c.carrier_id == bindparam("of_carrier"), calls.c.call_ref.in_(bindparam("call_refs", expanding=True))
    )
    another = exists().where(
        calls.c.company_id == bindparam("of_company"), calls.c.caller_number == caller, not_(these)
    )
    return select(caller).where(another)
