"""Gives released numbers back to their carrier, so that they no longer cost: asked until it is done, done once.

A number that the account no longer has is back already, whoever did it. One that points elsewhere may be somebody
else's by now, so it is ended only on a person's further word.
"""

import random
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from sqlalchemy import Connection

from swapboard.accounts.secrets import Vault
from swapboard.calls.store import carrier_accounts
from swapboard.carriers.base import Carrier, CarrierError, Links
from swapboard.carriers.opening import open_account
from swapboard.clock import DAY, MINUTE, Millis
from swapboard.language import _
from swapboard.numbers.number_log import NumberEvent, log_numbers
from swapboard.numbers.returns import Return, ReturnState, due_returns, write_answer
from swapboard.patience import wait_after
from swapboard.switchboard.adapter_faults import only_carrier_errors
from swapboard.switchboard.checking import points_here

EVERY: Millis = 5 * MINUTE
FIRST_WAIT: Millis = 10 * MINUTE
NO_ACCOUNT = _("There is no such carrier account here any more: end the number at the carrier yourself.")


class ToReturn(NamedTuple):
    """A number to give back, and the account that it is in; without credentials there is no such account."""

    wanted: Return
    kind: str = ""
    credentials: str = ""


def to_return(connection: Connection, company_id: str, now: Millis) -> Sequence[ToReturn]:
    """What is due."""
    due = due_returns(connection, company_id, now)
    accounts = {row.carrier_id: row for row in carrier_accounts(connection, company_id)} if due else {}
    return [
        ToReturn(each, account.kind, account.credentials)
        if (account := accounts.get(each.carrier_id))
        else ToReturn(each)
        for each in due
    ]


def give_back(wanted: Sequence[ToReturn], vault: Vault, public_url: str) -> Sequence[Return]:
    """Ask the carriers; each return as it stands then."""
    return [_answered(each, vault, public_url) for each in wanted]


def keep_returned(connection: Connection, company_id: str, answered: Sequence[Return], now: Millis) -> None:
    """Write down what the carriers said, and in the numbers' log what is final."""
    for each in answered:
        wait = wait_after(each.tries, random.random(), FIRST_WAIT, DAY)  # noqa: S311 no secret
        if not write_answer(connection, company_id, replace(each, due_at=now + wait), now):
            continue
        log = partial(log_numbers, connection, company_id, [each.number_id], actor=each.actor, now=now)
        if each.state is ReturnState.ENDED:
            log(NumberEvent.ENDED)
        elif each.state is ReturnState.REFUSED:
            log(NumberEvent.NOT_ENDED, detail={"problem": each.problem})


def _answered(asked: ToReturn, vault: Vault, public_url: str) -> Return:
    wanted = replace(asked.wanted, tries=asked.wanted.tries + 1)
    if not asked.credentials:
        return replace(wanted, state=ReturnState.REFUSED, problem=NO_ACCOUNT)
    try:
        carrier = open_account(asked.kind, asked.credentials, vault)
        with only_carrier_errors():
            return _give_back(carrier, wanted, Links(public_url, wanted.carrier_id))
    except CarrierError as error:
        state = ReturnState.REFUSED if error.permanent else ReturnState.WAITING
        return replace(wanted, state=state, problem=str(error))


def _give_back(carrier: Carrier, wanted: Return, links: Links) -> Return:
    """Raises CarrierError."""
    found = carrier.owned(wanted.number)
    if found is None:
        return replace(wanted, state=ReturnState.ENDED, problem=None)
    if found.points_at and not points_here(found.points_at, links) and not wanted.is_sure:
        problem = _("Its calls go to %(points_at)s at the carrier, not here: it may be in use elsewhere.") % {
            "points_at": found.points_at[:200]
        }
        return replace(wanted, state=ReturnState.REFUSED, problem=problem)
    carrier.release(found.carrier_ref or "")
    return replace(wanted, state=ReturnState.ENDED, problem=None)
