"""Auto-scale at work: looks at each company's pools every few minutes, and does what `numbers.scaling` decides.

A number is ordered in steps, so that a server killed at any moment orders nothing twice. The intention is written
down as an order in the very transaction that decided on it; then the carrier is asked, once, with no transaction
open; then the answer is written. An order without an answer counts as one that comes, until the carrier's own
list tells (`buying.settle_orders`). Of several processes one looks after a company, by the table of chores.
"""

import logging
import random
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from swapboard.accounts.store import company_by_id
from swapboard.calls.store import carrier_accounts
from swapboard.carriers.base import CarrierError, OfferedNumber
from swapboard.clock import DAY, MINUTE, Millis
from swapboard.language import _
from swapboard.numbers.acting import Order, act
from swapboard.numbers.arrivals import keep_rhythm, rhythm_now
from swapboard.numbers.lifecycle import Action, NotPossible
from swapboard.numbers.listing import NumberFilter, PoolRecord, list_numbers, list_pools
from swapboard.numbers.matching import Wanted, kind_of, mismatch, wanted_for
from swapboard.numbers.orders import NumberOrder, OrderState, open_order, refused_since
from swapboard.numbers.rhythm import Rhythm, week_ahead
from swapboard.numbers.scaling import AUTO_SCALE, Decision, decide
from swapboard.numbers.scaling_store import (
    Scaling,
    ScalingEvent,
    log_scaling,
    order_prefix,
    scalings,
    situation_of,
    went_well,
    went_wrong,
)
from swapboard.numbers.target_listing import target_by_id
from swapboard.patience import wait_after
from swapboard.storage.ids import new_id
from swapboard.switchboard.buying import (
    NoSuchCarrier,
    Purpose,
    find_numbers,
    open_carrier,
    place_order,
    settle_orders,
)
from swapboard.switchboard.claiming import CLAIM, Claim, Due, put_off

if TYPE_CHECKING:
    from swapboard.switchboard.exchange import Exchange

log = logging.getLogger(__name__)

CHORE = "auto-scale"
EVERY: Millis = 15 * MINUTE
LONGEST_WAIT: Millis = DAY
MOST_AT_ONCE = 20
"""So many orders at one look; what is still wanted comes with the next."""
_MOST_POOLS = 1_000


def look_soon(connection: Connection, company_id: str, now: Millis) -> None:
    """Somebody changed what auto-scale goes by: it need not wait for its quarter of an hour."""
    put_off(connection, Due(company_id, CHORE), now)


class CannotScale(Exception):
    """What keeps auto-scale from buying; the message is for the pool's owner."""


class AutoScale:
    """Looks after the pools for one process."""

    def __init__(self, exchange: "Exchange") -> None:
        self._exchange = exchange

    async def look(self) -> None:
        """Look after the companies that are due; one that fails keeps no other waiting."""
        claim = Claim(self._exchange.clock(), ((CHORE, EVERY),))
        for due in await self._exchange.writer.submit(CLAIM, claim):
            try:
                await self._look_after(due.company_id)
            except Exception:
                log.exception("auto-scale of company %s failed and will be tried again", due.company_id)

    async def _look_after(self, company_id: str) -> None:
        await settle_orders(self._exchange, company_id)
        now = self._exchange.clock()
        pools = await self._exchange.read(lambda connection: list_pools(connection, company_id, _MOST_POOLS).rows)
        for pool in pools:
            found = await self._exchange.read(partial(_rhythm_of, pool, now))
            await self._exchange.change(partial(_keep, pool, found, now))
            scaling = (await self._exchange.read(partial(scalings, company_id=company_id))).get(pool.pool_id)
            if scaling and scaling.is_on and (scaling.retry_at or 0) <= now:
                await self._scale(pool, scaling, found)

    async def _scale(self, pool: PoolRecord, scaling: Scaling, found: Rhythm | None) -> None:
        """Do what is to be done; a failure is told to the owner, and tried again ever more rarely."""
        company_id, now = pool.company_id, self._exchange.clock()
        try:
            decision = await self._exchange.read(lambda connection: _decide(connection, pool, scaling, found, now))
            if decision.take_back or decision.give_up or decision.end:
                await self._exchange.configure(company_id, partial(_rearrange, pool, scaling, found, now))
            if decision.buy:
                await self._buy(pool, scaling, found, decision)
        except (CannotScale, CarrierError, NoSuchCarrier, NotPossible) as error:
            wait = wait_after(scaling.failures + 1, random.random(), EVERY, LONGEST_WAIT)  # noqa: S311 no secret
            trouble = str(error)
            log.warning("auto-scale of pool %s: %s", pool.pool_id, trouble)
            await self._exchange.change(
                lambda connection: went_wrong(connection, company_id, scaling, trouble, now + wait, now)
            )
        else:
            if scaling.failures:
                await self._exchange.change(lambda connection: went_well(connection, company_id, pool.pool_id))

    async def _buy(self, pool: PoolRecord, scaling: Scaling, found: Rhythm | None, decision: Decision) -> None:
        """One number after the other, each decided on anew. Raises CannotScale, CarrierError, NoSuchCarrier."""
        exchange, company_id = self._exchange, pool.company_id
        carrier_id, target = await exchange.read(partial(_where_to_buy, pool))
        carrier = await open_carrier(exchange, company_id, carrier_id)
        for offered in await self._offers(pool, carrier_id, target, min(decision.buy, MOST_AT_ONCE)):
            intend = partial(_intend, pool, scaling, found, carrier_id, offered, exchange.clock())
            order = await exchange.change(intend)
            if order is None:
                return
            done = await place_order(exchange, company_id, carrier, order)
            if done.state is not OrderState.BOUGHT:
                raise CannotScale(done.problem or _("The carrier gave no clear answer."))
            await exchange.change(partial(_log_bought, pool, order, exchange.clock()))
            if done.problem:
                raise CannotScale(done.problem)

    async def _offers(self, pool: PoolRecord, carrier_id: str, target: str, enough: int) -> list[OfferedNumber]:
        """Numbers of the very kind: toll-free for toll-free, the target's own area code for a local one.

        What was refused lately, as numbers that need an address are, is ordered once more only if nothing else is.
        """
        refused = await self._exchange.read(
            partial(
                refused_since,
                company_id=pool.company_id,
                carrier_id=carrier_id,
                since=self._exchange.clock() - DAY,
            )
        )
        wanted = wanted_for(target)
        codes = tuple(code for code in wanted.area_codes if code) or wanted.area_codes
        only = Wanted(wanted.country, codes)
        asked_for = enough + len(refused)
        found = await find_numbers(self._exchange, pool.company_id, carrier_id, target, only, asked_for)
        fit = [each for each in found if mismatch(target, each.number) is None and _same_kind(target, each.number)]
        if not fit:
            where = ", ".join(code for code in codes if code) or wanted.country
            raise CannotScale(
                _(
                    "The carrier has no number like %(target)s for sale now (area code %(where)s). "
                    "Buy others by hand, or wait."
                )
                % {"target": target, "where": where}
            )
        return ([each for each in fit if each.number not in refused] or fit)[:enough]


def _same_kind(target: str, number: str) -> bool:
    return kind_of(target) is kind_of(number)


def _rhythm_of(pool: PoolRecord, now: Millis, connection: Connection) -> Rhythm | None:
    return rhythm_now(connection, pool.company_id, pool.pool_id, now)


def _keep(pool: PoolRecord, found: Rhythm | None, now: Millis, connection: Connection) -> None:
    keep_rhythm(connection, pool.company_id, pool.pool_id, found, now)


def _decide(
    connection: Connection, pool: PoolRecord, scaling: Scaling, found: Rhythm | None, now: Millis
) -> Decision:
    company = company_by_id(connection, pool.company_id)
    days = week_ahead(found, now, company.time_zone) if found and company else []
    return decide(scaling.limits, situation_of(connection, pool.company_id, scaling, found, days, now))


def _rearrange(
    pool: PoolRecord, scaling: Scaling, found: Rhythm | None, now: Millis, connection: Connection
) -> None:
    """Take back, give up and give back, as it is to be done at this very moment."""
    decision = _decide(connection, pool, scaling, found, now)
    steps = (
        (Action.ACTIVATE, decision.take_back, ScalingEvent.TAKEN_BACK),
        (Action.QUARANTINE, decision.give_up, ScalingEvent.GIVEN_UP),
        (Action.RELEASE, decision.end, ScalingEvent.RETURNED),
    )
    for action, number_ids, told in steps:
        if number_ids:
            numbers = act(connection, pool.company_id, Order(action, number_ids, AUTO_SCALE), now)
            detail = {"numbers": [each.number for each in numbers], "needed": decision.needed}
            log_scaling(connection, pool.company_id, pool.pool_id, told, AUTO_SCALE, now, detail)


def _intend(
    pool: PoolRecord,
    scaling: Scaling,
    found: Rhythm | None,
    carrier_id: str,
    offered: OfferedNumber,
    now: Millis,
    connection: Connection,
) -> NumberOrder | None:
    """Write the order down, if one is still to be made and is still allowed; None if not."""
    standing = scalings(connection, pool.company_id).get(pool.pool_id)
    if standing is None or not standing.is_on:
        return None
    if _decide(connection, pool, standing, found, now).buy < 1:
        return None
    order = NumberOrder(
        order_key=order_prefix(pool.pool_id) + new_id(now),
        number=offered.number,
        carrier_id=carrier_id,
        actor=AUTO_SCALE,
        purpose=Purpose(pool_id=pool.pool_id, monthly_cents=standing.limits.number_cents).facts(),
        state=OrderState.ORDERING,
        created_at=now,
    )
    open_order(connection, pool.company_id, order)
    return order


def _log_bought(pool: PoolRecord, order: NumberOrder, now: Millis, connection: Connection) -> None:
    detail = {"numbers": [order.number]}
    log_scaling(connection, pool.company_id, pool.pool_id, ScalingEvent.BOUGHT, AUTO_SCALE, now, detail)


def _where_to_buy(pool: PoolRecord, connection: Connection) -> tuple[str, str]:
    """The account that the pool's newest number is at, else the company's only one; and the pool's target.

    Raises CannotScale.
    """
    target = target_by_id(connection, pool.company_id, pool.target_id)
    accounts = [row.carrier_id for row in carrier_accounts(connection, pool.company_id)]
    of_pool = list_numbers(connection, pool.company_id, NumberFilter(pool_id=pool.pool_id), limit=_MOST_POOLS).rows
    used = [each.carrier_id for each in of_pool if each.carrier_id in accounts]
    carrier_id = used[-1] if used else accounts[0] if len(accounts) == 1 else None
    if not accounts or target is None:
        raise CannotScale(_("There is no carrier account to buy from. Add one first."))
    if carrier_id is None:
        raise CannotScale(
            _("There are several carrier accounts: buy the pool's first number yourself, to say where.")
        )
    return carrier_id, target.number
