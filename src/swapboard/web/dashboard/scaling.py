"""Auto-scale of a pool: what it may do, what it thinks the coming week needs, what it did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from swapboard.amount import cents_of, how_to_write, whole_of
from swapboard.numbers.arrivals import rhythm_now
from swapboard.numbers.listing import PoolRecord
from swapboard.numbers.rhythm import ComingDay, week_ahead
from swapboard.numbers.scaling import Decision, Limit, Limits, Situation, decide, faults
from swapboard.numbers.scaling_store import (
    LoggedScaling,
    Scaling,
    ScalingEvent,
    scaling_log,
    scalings,
    set_scaling,
    situation_of,
)
from swapboard.numbers.sizing import DEFAULT_NUMBER_CENTS
from swapboard.numbers.stays import wishes_of
from swapboard.switchboard.scaling import look_soon
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import Form, read_form, require_change
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.pool_choice import choose_pool
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.told import done
from swapboard.web.dashboard.translation import Words, _

SCALING = "/numbers/scaling"
MOST_EVENTS = 30
_MOST_CENTS = 2**31 - 1

HELD: Mapping[Limit, str] = Words(
    {
        Limit.CEILING: _("The most numbers you allow keep it from growing."),
        Limit.BUDGET: _("The monthly budget keeps it from growing."),
    }
)
DONE: Mapping[ScalingEvent, str] = Words(
    {
        ScalingEvent.SET: _("set"),
        ScalingEvent.BOUGHT: _("bought"),
        ScalingEvent.TAKEN_BACK: _("taken back from quarantine"),
        ScalingEvent.GIVEN_UP: _("put in quarantine"),
        ScalingEvent.RETURNED: _("released after its quarantine, and given back to the carrier"),
        ScalingEvent.FAILED: _("failed"),
    }
)


@dataclass(frozen=True, slots=True)
class ScalingView:
    """Everything the page shows; all but the pools is about the chosen one."""

    pools: Sequence[PoolRecord]
    pool: PoolRecord
    scaling: Scaling
    is_set: bool
    ahead: Sequence[ComingDay]
    situation: Situation
    decision: Decision
    """What it would do now, if it is on."""
    log: Sequence[LoggedScaling]


async def scaling_page(request: Request, desk: Desk) -> Response:
    """How a pool's auto-scale is set, and what it makes of the coming week."""
    return await _show(request, desk, request.query_params.get("pool"))


async def save_scaling(request: Request, desk: Desk) -> Response:
    """Set it, on or off."""
    require_change(desk)
    form = await read_form(request)
    limits, wrong = _limits(form)
    wrong = wrong or [_(each) for each in faults(limits)]
    if wrong:
        return await _show(request, desk, form.one("pool"), form, wrong, 422)

    def write(connection: Connection) -> str:
        pool_id = form.one("pool")
        _pools, pool = choose_pool(connection, desk.company_id, pool_id)
        if pool is None or pool.pool_id != pool_id:
            raise Refused(404, _("There is no such pool."))
        set_scaling(
            connection, desk.company_id, pool_id, form.one("on") == "yes", limits, desk.user.email, desk.now
        )
        look_soon(connection, desk.company_id, desk.now)
        return pool_id

    pool_id = await exchange_of(request).change(write)
    return done(request, f"{SCALING}?pool={pool_id}", _("It is saved. The pool is looked at in a minute."))


async def _show(
    request: Request,
    desk: Desk,
    pool_id: str | None,
    form: Form | None = None,
    wrong: Sequence[str] = (),
    status: int = 200,
) -> Response:
    view = await exchange_of(request).read(lambda connection: _look(connection, desk, pool_id))
    return page("scaling.html", status, desk=desk, view=view, form=form, faults=wrong, HELD=HELD, DONE=DONE)


def _look(connection: Connection, desk: Desk, pool_id: str | None) -> ScalingView | None:
    """None when there is no pool."""
    pools, pool = choose_pool(connection, desk.company_id, pool_id)
    if pool is None:
        return None
    found = rhythm_now(connection, desk.company_id, pool.pool_id, desk.now)
    ahead = week_ahead(found, desk.now, desk.company.time_zone) if found else []
    known = scalings(connection, desk.company_id).get(pool.pool_id)
    scaling = known or Scaling(pool.pool_id, False, _first_limits(connection, desk, pool, ahead))
    situation = situation_of(connection, desk.company_id, scaling, found, ahead, desk.now)
    return ScalingView(
        pools=pools,
        pool=pool,
        scaling=scaling,
        is_set=known is not None,
        ahead=ahead,
        situation=situation,
        decision=decide(scaling.limits, situation),
        log=scaling_log(connection, desk.company_id, pool.pool_id, MOST_EVENTS),
    )


def _first_limits(connection: Connection, desk: Desk, pool: PoolRecord, ahead: Sequence[ComingDay]) -> Limits:
    """What the form says before anything was set: what the week needs at least, half as many again at most."""
    price = wishes_of(connection, desk.company_id, pool.pool_id).number_cents or DEFAULT_NUMBER_CENTS
    now = max(1, pool.active)
    busiest = max((day.needed for day in ahead), default=now)
    most = max(now, busiest) * 3 // 2 + 1
    return Limits(floor=min(now, busiest), ceiling=most, budget_cents=most * price, number_cents=price)


def _limits(form: Form) -> tuple[Limits, list[str]]:
    """What the form says, and what of it is no number."""
    floor, ceiling = (whole_of(form.one(name), 999_999) for name in ("floor", "ceiling"))
    budget, price = (_cents(form.one(name)) for name in ("budget", "price"))
    wrong = []
    if floor is None or ceiling is None:
        wrong.append(_("Write how many numbers as whole numbers, such as 4."))
    if budget is None or price is None:
        wrong.append(how_to_write())
    if floor is None or ceiling is None or budget is None or price is None:
        return Limits(1, 1, 1, 1), wrong
    return Limits(floor, ceiling, budget, price), []


def _cents(text: str) -> int | None:
    """An amount that a budget can be."""
    cents = cents_of(text)
    return cents if cents is not None and cents <= _MOST_CENTS else None
