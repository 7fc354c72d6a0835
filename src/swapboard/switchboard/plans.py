"""The number plan that a transaction goes by: the one that stands in the database at that very moment."""

from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from swapboard.numbers.inventory import load_plan
from swapboard.numbers.rules import NumberPlan
from swapboard.storage.locks import hold_company

_LOADED: WeakKeyDictionary[Engine, dict[str, tuple[int, NumberPlan]]] = WeakKeyDictionary()


def hold_plan(connection: Connection, company_id: str) -> NumberPlan:
    """Let one process at a time hand out the company's numbers, and say by which plan.

    The plan is read again only when the company's configuration version moved.
    """
    version = hold_company(connection, company_id)
    loaded = _LOADED.setdefault(connection.engine, {})
    if company_id not in loaded or loaded[company_id][0] != version:
        loaded[company_id] = version, load_plan(connection, company_id)
    return loaded[company_id][1]
