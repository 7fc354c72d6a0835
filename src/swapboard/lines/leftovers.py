"""Calls that a server before this one carried and did not end: their sound went through it, so they are over."""

import logging
from collections.abc import Iterable
from functools import partial

from swapboard.calls.call import CallEvent, EventKind
from swapboard.calls.call_lists import LONG_AGO, calls_going_on
from swapboard.calls.routes import CarrierAccount
from swapboard.clock import Millis
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.ringing import RECEIVE, Told

log = logging.getLogger(__name__)

_AS_LEFT = {"source": "the server stopped while the call went on"}


async def end_leftovers(exchange: Exchange, accounts: Iterable[CarrierAccount], until: Millis) -> None:
    """End what began until then; what cannot be ended now is given up later, as any call without an end."""
    for account in accounts:
        try:
            await _end(exchange, account, until)
        except Exception:
            log.exception("calls that were cut off by a stop of the server go on ringing on paper for some hours")


async def _end(exchange: Exchange, account: CarrierAccount, until: Millis) -> None:
    company_id, carrier_id = account.company_id, account.carrier_id
    find = partial(calls_going_on, company_id=company_id, carrier_id=carrier_id, until=until)
    for call in await exchange.read(partial(find, since=until - LONG_AGO)):
        event = CallEvent(call.call_ref, "", EventKind.GIVEN_UP, 0, until)
        await exchange.writer.submit(RECEIVE, Told(company_id, carrier_id, (event,), _AS_LEFT, until))
