"""Numbers that a company owns already join a pool, or stand for one placement: all that are sent, or none."""

from collections.abc import Callable, Collection, Sequence
from typing import TypeAlias

from sqlalchemy import Connection

from swapboard.calls.store import carrier_accounts
from swapboard.numbers.inventory import NewNumber, NumberKind, add_numbers
from swapboard.numbers.listing import answering_among, numbers_by_id, owned_among, pool_by_id
from swapboard.numbers.number_log import NumberEvent, log_numbers
from swapboard.numbers.running_days import fault_of_days
from swapboard.numbers.target_listing import target_by_id
from swapboard.visits.channel import in_its_spelling
from swapboard.web.api.desk import Desk
from swapboard.web.api.number_documents import NumberDocument, Purpose, document
from swapboard.web.api.problem import Fault, Problem, invalid, invalid_all

Path: TypeAlias = tuple[str | int, ...]

_STANDS_FOR = ("placement", "channel", "source", "medium", "campaign", "placement_cents", "starts_on", "ends_on")


def add(
    connection: Connection, desk: Desk, purpose: Purpose, numbers: Sequence[str], at: Callable[[int], Path]
) -> list[NumberDocument]:
    """The numbers as they are then; `at` says where in what was sent each stands. Raises Problem (409, 422)."""
    _check_purpose(connection, desk, purpose)
    _check_free(connection, desk, numbers, at)
    new = [
        NewNumber(
            number_id=desk.new_id(),
            number=number,
            kind=NumberKind.POOL if purpose.pool_id else NumberKind.STATIC,
            created_at=desk.now,
            pool_id=purpose.pool_id,
            target_id=purpose.target_id,
            carrier_id=purpose.carrier_id,
            placement=purpose.placement,
            channel=in_its_spelling(purpose.channel),
            source=purpose.source,
            medium=purpose.medium,
            campaign=purpose.campaign,
            monthly_cents=purpose.monthly_cents,
            placement_cents=purpose.placement_cents,
            starts_on=purpose.starts_on,
            ends_on=purpose.ends_on,
        )
        for number in numbers
    ]
    add_numbers(connection, desk.company_id, new)
    note(connection, desk, [each.number_id for each in new], NumberEvent.ADDED)
    added = numbers_by_id(connection, desk.company_id, [each.number_id for each in new])
    return [document(each, desk) for each in added]


def _check_purpose(connection: Connection, desk: Desk, purpose: Purpose) -> None:
    """Raises Problem (422) unless it is a pool of ours, or a target of ours and what the number stands for."""
    if (purpose.pool_id is None) == (purpose.target_id is None):
        raise invalid("pool_id", "Give either pool_id (a pool number) or target_id (a static number).")
    if purpose.pool_id:
        if pool_by_id(connection, desk.company_id, purpose.pool_id) is None:
            raise invalid("pool_id", "There is no such pool.")
        refuse_for_pool({name for name in _STANDS_FOR if getattr(purpose, name) is not None})
    elif target_by_id(connection, desk.company_id, purpose.target_id or "") is None:
        raise invalid("target_id", "There is no such swap target.")
    if purpose.carrier_id:
        accounts = {row.carrier_id for row in carrier_accounts(connection, desk.company_id)}
        if purpose.carrier_id not in accounts:
            raise invalid("carrier_id", "There is no such carrier account.")
    check_days(purpose.starts_on, purpose.ends_on)


def _check_free(connection: Connection, desk: Desk, numbers: Sequence[str], at: Callable[[int], Path]) -> None:
    """Raises Problem: 409 when the company has one of them already, 422 for one that people answer."""
    answering = answering_among(connection, desk.company_id, numbers)
    loops = [index for index, number in enumerate(numbers) if number in answering]
    if loops:
        detail = "Your calls go to this number; it cannot be a tracking number too, or calls would go in circles."
        raise invalid_all([Fault("body", at(index), detail) for index in loops])
    owned = owned_among(connection, desk.company_id, numbers)
    taken = [
        Fault("body", at(index), f"{number} is here already.")
        for index, number in enumerate(numbers)
        if number in owned
    ]
    if taken:
        raise Problem(409, "number_taken", "Some of these numbers are here already.", taken)


def check_days(starts_on: str | None, ends_on: str | None) -> None:
    """Raises Problem (422) for a placement that ends before it begins."""
    if wrong := fault_of_days(starts_on, ends_on):
        raise invalid("ends_on", wrong)


def refuse_for_pool(given: Collection[str]) -> None:
    """A pool number stands for whatever visit shows it. Raises Problem (422)."""
    detail = "A pool number takes this from the visit that shows it; leave it out."
    if given:
        raise invalid_all([Fault("body", [name], detail) for name in sorted(given)])


def note(connection: Connection, desk: Desk, number_ids: Sequence[str], event: NumberEvent) -> None:
    """In the numbers' own log, beside the journal."""
    log_numbers(connection, desk.company_id, number_ids, event, desk.caller.known_as, desk.now)
