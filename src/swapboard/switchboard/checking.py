"""Asks each carrier account, once a day, whether it still has our numbers, and whether their calls come here."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from swapboard.accounts.secrets import Vault
from swapboard.calls.store import carrier_accounts
from swapboard.carriers.base import Carrier, CarrierError, Door, Fault, Links, OfferedNumber
from swapboard.carriers.opening import open_account
from swapboard.clock import Millis
from swapboard.numbers.inventory import NumberStatus
from swapboard.numbers.listing import NumberFilter, NumberRecord, list_numbers
from swapboard.numbers.number_log import NumberEvent, at_carriers, log_numbers
from swapboard.switchboard.adapter_faults import only_carrier_errors

log = logging.getLogger(__name__)

AT_ONCE = 1_000
WHO = "daily check"


class ToCheck(NamedTuple):
    """An account, and the numbers (E.164, by id) that should be in it."""

    kind: str
    credentials: str
    carrier_id: str
    numbers: Mapping[str, str]


class AtCarrier(NamedTuple):
    """How a number was found: LOST, ASTRAY, OLD_ADDRESS or FOUND; and where its calls go, if the carrier tells."""

    how: NumberEvent
    points_at: str | None = None


def to_check(connection: Connection, company_id: str, _now: Millis) -> Sequence[ToCheck]:
    """The company's accounts with their numbers."""
    numbers = list(_numbers(connection, company_id))
    return [
        ToCheck(
            account.kind,
            account.credentials,
            account.carrier_id,
            {
                each.number_id: each.number
                for each in numbers
                if each.carrier_id == account.carrier_id and each.status is not NumberStatus.RELEASED
            },
        )
        for account in carrier_accounts(connection, company_id)
    ]


def _numbers(connection: Connection, company_id: str) -> Iterator[NumberRecord]:
    """All of them, however many there are."""
    cursor = None
    while True:
        page = list_numbers(connection, company_id, NumberFilter(), AT_ONCE, cursor)
        yield from page.rows
        cursor = page.next_cursor
        if cursor is None:
            return


def check(accounts: Sequence[ToCheck], vault: Vault, public_url: str) -> Mapping[str, AtCarrier]:
    """How each number is there, by id; those of an account that cannot be asked are left out."""
    return {number_id: found for each in accounts for number_id, found in _check(each, vault, public_url).items()}


def keep_checked(connection: Connection, company_id: str, found: Mapping[str, AtCarrier], now: Millis) -> None:
    """Write down what changed since the last time."""
    wrong = at_carriers(connection, company_id)
    for number_id, each in found.items():
        if wrong.get(number_id, NumberEvent.FOUND) is not each.how:
            detail = {"points_at": each.points_at} if each.points_at is not None else {}
            log_numbers(connection, company_id, [number_id], each.how, WHO, now, detail)


def points_here(points_at: str | None, links: Links) -> bool:
    """True when calls come to our doors, or the carrier does not tell."""
    return points_at is None or points_at == links.door(Door.VOICE)


def _check(account: ToCheck, vault: Vault, public_url: str) -> Mapping[str, AtCarrier]:
    found: dict[str, AtCarrier] = {}
    if not account.numbers:
        return found
    links = Links(public_url, account.carrier_id)
    try:
        carrier = open_account(account.kind, account.credentials, vault)
        for number_id, number in account.numbers.items():
            if each := _asked_for(carrier, number, links):
                found[number_id] = each
    except CarrierError as error:
        log.warning("whether numbers are still at their carrier cannot be asked: %s", error)
    return found


def _asked_for(carrier: Carrier, number: str, links: Links) -> AtCarrier | None:
    """How the number is there; None for one that the carrier does not know how to look up. Raises CarrierError."""
    try:
        with only_carrier_errors():
            return _at_carrier(carrier.owned(number), links)
    except CarrierError as error:
        if error.fault is not Fault.REQUEST:
            raise
        log.warning("whether %s is still at its carrier cannot be asked: %s", number, error)
        return None


def _at_carrier(owned: OfferedNumber | None, links: Links) -> AtCarrier:
    if owned is None:
        return AtCarrier(NumberEvent.LOST)
    if points_here(owned.points_at, links):
        return AtCarrier(NumberEvent.FOUND, owned.points_at)
    is_our_door = (owned.points_at or "").endswith(Links("", links.carrier_id).door(Door.VOICE))
    return AtCarrier(NumberEvent.OLD_ADDRESS if is_our_door else NumberEvent.ASTRAY, owned.points_at)
