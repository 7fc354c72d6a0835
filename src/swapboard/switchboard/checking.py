"""Asks each carrier account, once a day, whether it still has our numbers: one that it lost rings nowhere."""

import logging
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from swapboard.accounts.secrets import Vault
from swapboard.calls.store import carrier_accounts
from swapboard.carriers.base import CarrierError, UnknownCarrier, carrier_kind
from swapboard.clock import Millis
from swapboard.numbers.inventory import NumberStatus
from swapboard.numbers.listing import NumberFilter, list_numbers
from swapboard.numbers.number_log import NumberEvent, log_numbers, lost_numbers

log = logging.getLogger(__name__)

MOST_NUMBERS = 5_000
WHO = "daily check"


class ToCheck(NamedTuple):
    """An account, and the numbers (E.164, by id) that should be in it."""

    kind: str
    credentials: str
    numbers: Mapping[str, str]


def to_check(connection: Connection, company_id: str, _now: Millis) -> Sequence[ToCheck]:
    """The company's accounts with their numbers."""
    numbers = list_numbers(connection, company_id, NumberFilter(), MOST_NUMBERS).rows
    return [
        ToCheck(
            account.kind,
            account.credentials,
            {
                each.number_id: each.number
                for each in numbers
                if each.carrier_id == account.carrier_id and each.status is not NumberStatus.RELEASED
            },
        )
        for account in carrier_accounts(connection, company_id)
    ]


def check(accounts: Sequence[ToCheck], vault: Vault) -> Mapping[str, bool]:
    """Whether each number is still there, by id; those of an account that cannot be asked are left out."""
    return {number_id: is_there for each in accounts for number_id, is_there in _check(each, vault).items()}


def keep_checked(connection: Connection, company_id: str, there: Mapping[str, bool], now: Millis) -> None:
    """Write down what was lost or found since the last time."""
    lost = lost_numbers(connection, company_id)
    newly_lost = [number_id for number_id, is_there in there.items() if not is_there and number_id not in lost]
    found = [number_id for number_id, is_there in there.items() if is_there and number_id in lost]
    log_numbers(connection, company_id, newly_lost, NumberEvent.LOST, WHO, now)
    log_numbers(connection, company_id, found, NumberEvent.FOUND, WHO, now)


def _check(account: ToCheck, vault: Vault) -> Mapping[str, bool]:
    there: dict[str, bool] = {}
    if not account.numbers:
        return there
    try:
        carrier = carrier_kind(account.kind).open(vault.unseal(account.credentials))
        for number_id, number in account.numbers.items():
            there[number_id] = carrier.owned(number) is not None
    except (CarrierError, UnknownCarrier, ValueError) as error:
        log.warning("whether numbers are still at their carrier cannot be asked: %s", error)
    return there
