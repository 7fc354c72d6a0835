"""Steps in the life of numbers, done in the database: one or many at once, all or none, each written down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from swapboard.clock import Millis
from swapboard.language import _
from swapboard.numbers.inventory import (
    NumberKind,
    NumberStatus,
    change_number,
    quarantine_days,
    release_number,
    take_off,
)
from swapboard.numbers.lifecycle import (
    Action,
    NotPossible,
    NotPossibleWith,
    actions_for,
    quarantine_ends_at,
    status_after,
    status_by,
)
from swapboard.numbers.listing import NumberRecord, numbers_by_id, pool_by_id, pools_with_fallback
from swapboard.numbers.number_log import NumberEvent, log_numbers
from swapboard.numbers.returns import Return, ReturnState, open_return
from swapboard.numbers.rule_listing import rules_in_order
from swapboard.numbers.target_listing import target_by_id

_LOGGED: Mapping[Action, NumberEvent] = {
    Action.ACTIVATE: NumberEvent.ACTIVATED,
    Action.PAUSE: NumberEvent.PAUSED,
    Action.QUARANTINE: NumberEvent.QUARANTINED,
    Action.RELEASE: NumberEvent.RELEASED,
    Action.ASSIGN: NumberEvent.ASSIGNED,
}


@dataclass(frozen=True, slots=True)
class Order:
    """What a person wants done with numbers; for `assign`, where they go: a pool, or one place for a target."""

    action: Action
    number_ids: Sequence[str]
    actor: str
    pool_id: str | None = None
    target_id: str | None = None


def act(connection: Connection, company_id: str, order: Order, now: Millis) -> list[NumberRecord]:
    """Do it with all of the numbers, or with none; those that are so already stay as they are. Raises NotPossible.

    The answer is the numbers with which something was done, as they were.
    """
    found = numbers_by_id(connection, company_id, list(dict.fromkeys(order.number_ids)))
    if len(found) != len(set(order.number_ids)):
        raise NotPossible(_("One of these numbers is not there."))
    changing = [number for number in found if not _is_so(order, number)]
    for number in changing:
        try:
            _one(connection, company_id, order, number, now)
        except NotPossible as error:
            raise NotPossibleWith(number.number, str(error)) from error
    detail = {"pool_id": order.pool_id, "target_id": order.target_id} if order.action is Action.ASSIGN else {}
    number_ids = [number.number_id for number in changing]
    if number_ids:
        log_numbers(connection, company_id, number_ids, _LOGGED[order.action], order.actor, now, detail)
    return changing


def _is_so(order: Order, number: NumberRecord) -> bool:
    """Whether nothing would change, as for the one of many that somebody paused before. A released one is gone."""
    if order.action is Action.ASSIGN:
        return order.action in actions_for(number.status) and _goes_nowhere_else(order, number)
    return order.action is not Action.RELEASE and status_by(order.action) is number.status


def _goes_nowhere_else(order: Order, number: NumberRecord) -> bool:
    if order.pool_id:
        return order.target_id is None and number.pool_id == order.pool_id
    return order.target_id is not None and number.pool_id is None and number.target_id == order.target_id


def _one(connection: Connection, company_id: str, order: Order, number: NumberRecord, now: Millis) -> None:
    status = status_after(number.status, order.action)
    if order.action in {Action.QUARANTINE, Action.RELEASE}:
        check_unused(connection, company_id, number)
    if order.action is Action.RELEASE:
        release(connection, company_id, number, order.actor, now)
    elif order.action is Action.ASSIGN:
        _assign(connection, company_id, order, number, now)
    else:
        if order.action is Action.QUARANTINE:
            take_off(connection, company_id, number.number_id, now)
        since = now if status is NumberStatus.QUARANTINED else None
        change_number(
            connection, company_id, number.number_id, number.changed(status=status, quarantined_at=since)
        )


def release(connection: Connection, company_id: str, number: NumberRecord, actor: str, now: Millis) -> None:
    """Give a number up here at once, and at its carrier once it has rested."""
    release_number(connection, company_id, number.number_id, now)
    if number.carrier_id is None:
        return
    days = quarantine_days(connection, company_id)
    rested_at = max(now, quarantine_ends_at(number.quarantined_at or now, days))
    wanted = Return(
        number.number_id,
        number.number,
        number.carrier_id,
        ReturnState.WAITING,
        actor,
        asked_at=now,
        due_at=rested_at,
    )
    open_return(connection, company_id, wanted)


def _assign(connection: Connection, company_id: str, order: Order, number: NumberRecord, now: Millis) -> None:
    if (order.pool_id is None) == (order.target_id is None):
        raise NotPossible(_("Say either which pool the number goes to, or what it stands for."))
    if order.pool_id and pool_by_id(connection, company_id, order.pool_id) is None:
        raise NotPossible(_("There is no such pool."))
    if order.target_id and target_by_id(connection, company_id, order.target_id) is None:
        raise NotPossible(_("There is no such swap target."))
    check_unused(connection, company_id, number)
    take_off(connection, company_id, number.number_id, now)
    kind = NumberKind.POOL if order.pool_id else NumberKind.STATIC
    changed = number.changed(kind=kind, pool_id=order.pool_id, target_id=order.target_id)
    change_number(connection, company_id, number.number_id, changed)


def check_unused(connection: Connection, company_id: str, number: NumberRecord) -> None:
    """Raises NotPossible while a rule or a pool would show it."""
    for record in rules_in_order(connection, company_id):
        if record.rule.number_id == number.number_id:
            raise NotPossible(
                _("The rule “%(name)s” shows %(number)s; change that rule first.")
                % {"name": record.rule.name, "number": number.number}
            )
    for pool in pools_with_fallback(connection, company_id, number.number_id):
        raise NotPossible(
            _("The pool “%(pool)s” falls back on %(number)s; change that pool first.")
            % {"pool": pool, "number": number.number}
        )
