"""What a transaction goes by when it hands out numbers: as it stands in the database at that very moment."""

from typing import NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from swapboard.attribution.online import FIRST_LESSONS
from swapboard.attribution.pending import Pending
from swapboard.attribution.store import learned
from swapboard.clock import Millis
from swapboard.numbers.plan import load_plan
from swapboard.numbers.rules import NumberPlan
from swapboard.storage.locks import Held, hold_company


class HeldPlan(NamedTuple):
    """The plan, and until when visits are filed and leads credited: of an older visit both are done anew."""

    plan: NumberPlan
    visits_filed_until_at: Millis
    leads_credited_until_at: Millis


class _Loaded(NamedTuple):
    version: int
    plan: NumberPlan
    pending: Pending | None


_LOADED: WeakKeyDictionary[Engine, dict[str, _Loaded]] = WeakKeyDictionary()


def hold_plan(connection: Connection, company_id: str) -> NumberPlan:
    """Let one process at a time hand out the company's numbers, and say by which plan.

    The plan is read again only when the company's configuration version moved.
    """
    return hold(connection, company_id).plan


def hold(connection: Connection, company_id: str) -> HeldPlan:
    """The same, for who begins visits."""
    held, loaded = _hold(connection, company_id)
    return HeldPlan(loaded.plan, held.visits_filed_until_at, held.leads_credited_until_at)


def pending_of(connection: Connection, company_id: str) -> Pending | None:
    """The pending call mass of the company's numbers, which it holds; None before anything was learned."""
    loaded = _LOADED.get(connection.engine, {}).get(company_id) or _hold(connection, company_id)[1]
    return loaded.pending


def _hold(connection: Connection, company_id: str) -> tuple[Held, _Loaded]:
    held = hold_company(connection, company_id)
    version = held.config_version
    loaded = _LOADED.setdefault(connection.engine, {})
    if company_id not in loaded or loaded[company_id].version != version:
        loaded[company_id] = _Loaded(version, load_plan(connection, company_id), _pending(connection, company_id))
    return held, loaded[company_id]


def _pending(connection: Connection, company_id: str) -> Pending | None:
    known = learned(connection, company_id)
    # Before that it has the prior's shape, which tells nothing of who still calls here.
    return Pending(known.curve) if known.calls >= FIRST_LESSONS else None
