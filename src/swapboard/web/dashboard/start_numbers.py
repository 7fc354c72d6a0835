"""Step 3 of the assistant: numbers for the site's visitors: practice ones, bought ones, or some that one has."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from swapboard.calls.carrier_accounts import CarrierRecord, list_carriers
from swapboard.carriers.base import CarrierError, OfferedNumber
from swapboard.numbers.adding import CannotAdd, bring_in
from swapboard.numbers.e164 import NotANumber, parse_number
from swapboard.numbers.inventory import NewNumber, NumberKind, NumberStatus
from swapboard.numbers.listing import (
    NumberFilter,
    NumberRecord,
    PoolRecord,
    list_numbers,
    list_pools,
    numbers_by_id,
)
from swapboard.numbers.matching import Wanted, wanted_for
from swapboard.numbers.number_list import from_csv
from swapboard.numbers.orders import OrderState
from swapboard.numbers.target_listing import TargetRecord, list_targets
from swapboard.storage.ids import new_id
from swapboard.switchboard.buying import NoSuchCarrier, OrderReused, Purpose, buy_number, find_numbers
from swapboard.switchboard.pointing import NotThere, point_here
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import Form, read_form
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.inventory_view import STATUS
from swapboard.web.dashboard.retold import retold
from swapboard.web.dashboard.start_page import start_page
from swapboard.web.dashboard.start_steps import Step
from swapboard.web.dashboard.told import done
from swapboard.web.dashboard.translation import _
from swapboard.web.practice import SANDBOX

MOST_OFFERED = 8
MOST_SHOWN = 12
MOST_AT_ONCE = 50
PRACTICE_NUMBERS = 5
_LONGEST_KEY = 64


@dataclass(frozen=True, slots=True)
class NumbersView:
    """The pool, its numbers, where more can be had, and what the chosen carrier offers."""

    target: TargetRecord | None
    pool: PoolRecord | None
    numbers: Sequence[NumberRecord]
    carriers: Sequence[CarrierRecord]
    carrier_id: str = ""
    area_code: str = ""
    offers: Sequence[tuple[OfferedNumber, str]] | None = None
    """Each with the key of its order; None before anything was looked for."""
    typed: str = ""
    problem: str = ""

    @property
    def practice(self) -> CarrierRecord | None:
        """The sandbox account, if there is one."""
        return next((each for each in self.carriers if each.kind == SANDBOX), None)

    @property
    def sellers(self) -> Sequence[CarrierRecord]:
        return [each for each in self.carriers if each.kind != SANDBOX]


async def show_numbers(request: Request, desk: Desk) -> Response:
    """What there is; with `carrier` in the address, what that carrier has for sale near the business's number."""
    return await _show(request, desk)


async def get_numbers(request: Request, desk: Desk) -> Response:
    """Take practice numbers, order one, or bring in those of a list."""
    form = await read_form(request)
    view = await exchange_of(request).read(lambda connection: _look(connection, desk))
    if view.pool is None or view.target is None:
        raise Refused(409, _("Say first which number stands on your site."))
    wish = {"practice": _practise, "order": _order, "bring": _bring}.get(form.one("do"))
    if wish is None:
        raise Refused(400, _("The form could not be read. Load the page again and try once more."))
    try:
        said = await wish(request, desk, form, view.pool, view)
    except (CannotAdd, CarrierError, NoSuchCarrier, OrderReused, NotANumber, ValueError) as error:
        return await _show(request, desk, retold(error), 422, form.one("list"))
    return done(request, Step.NUMBERS.path, said)


async def _practise(request: Request, desk: Desk, _form: Form, pool: PoolRecord, view: NumbersView) -> str:
    if view.practice is None or view.target is None:
        raise Refused(409, _("There is no practice account."))
    exchange, carrier_id = exchange_of(request), view.practice.carrier_id
    near = wanted_for(view.target.number)
    # Where none are set aside, those of another country do: nobody else rings them.
    offered: Sequence[OfferedNumber] = ()
    for wanted in (near, Wanted("US", (None,))):
        offered = offered or await find_numbers(
            exchange, desk.company_id, carrier_id, view.target.number, wanted, PRACTICE_NUMBERS
        )
    for place, each in enumerate(offered):
        order_key = new_id(desk.now + place)
        await buy_number(
            exchange, desk.company_id, order_key, each.number, carrier_id, Purpose(pool.pool_id), desk.user.email
        )
    return _("Practice numbers taken: %(count)s.") % {"count": len(offered)}


async def _order(request: Request, desk: Desk, form: Form, pool: PoolRecord, _view: NumbersView) -> str:
    key = form.one("order_key")
    if not (0 < len(key) <= _LONGEST_KEY and key.isalnum()):
        raise Refused(400, _("This order has no key. Open the page again."))
    order = await buy_number(
        exchange_of(request),
        desk.company_id,
        key,
        parse_number(form.one("number")),
        form.one("carrier"),
        Purpose(pool.pool_id),
        desk.user.email,
    )
    if order.state is OrderState.FAILED:
        raise ValueError(_("The carrier refused: %s") % retold(order.problem or ""))
    if order.state is not OrderState.BOUGHT:
        return _("The carrier gave no clear answer. Do not order again: look here once more in a few minutes.")
    return retold(order.problem) if order.problem else _("The number is bought.")


async def _bring(request: Request, desk: Desk, form: Form, pool: PoolRecord, view: NumbersView) -> str:
    read = from_csv(form.one("list"), desk.company.country)
    if read.faults:
        raise ValueError(" ".join(read.faults[:5]))
    if len(read.lines) > MOST_AT_ONCE:
        raise ValueError(_("Bring in at most %s at once here; longer lists go in under Numbers.") % MOST_AT_ONCE)
    carrier_id = form.one("carrier") or None
    if carrier_id and carrier_id not in {each.carrier_id for each in view.carriers}:
        raise Refused(404, _("There is no such carrier account."))
    new = [
        NewNumber(
            new_id(desk.now + place),
            line.number,
            NumberKind.POOL,
            desk.now + place,
            pool_id=pool.pool_id,
            carrier_id=carrier_id,
            status=line.status,
            quarantined_at=line.quarantined_at(desk.now),
        )
        for place, line in enumerate(read.lines)
    ]
    await exchange_of(request).configure(
        desk.company_id, lambda connection: bring_in(connection, desk.company_id, new, desk.user.email, desk.now)
    )
    pointed = await _pointed(request, desk, [each.number_id for each in new] if carrier_id else [])
    return " ".join([_brought(new), *pointed, *read.notes])


def _brought(new: Sequence[NewNumber]) -> str:
    """What that means for visitors: only active numbers are shown."""
    shown = sum(each.status is NumberStatus.ACTIVE for each in new)
    if shown == len(new):
        return _("The numbers are in.")
    if shown:
        return _("The numbers are in, and %(shown)s of them are shown to visitors.") % {"shown": shown}
    return _("The numbers are in, but none is active: visitors see your own number until you activate some.")


async def _pointed(request: Request, desk: Desk, number_ids: Sequence[str]) -> Sequence[str]:
    """Send their calls here at their carrier; what cannot be is said, for the numbers are in all the same."""
    exchange = exchange_of(request)
    numbers = await exchange.read(lambda connection: numbers_by_id(connection, desk.company_id, number_ids))
    troubles = []
    for number in numbers:
        try:
            await point_here(exchange, desk.company_id, number, desk.user.email)
        except (CarrierError, NoSuchCarrier, NotThere) as error:
            troubles.append(f"{number.number}: {error}")
    return [_("But at the carrier: %s") % " ".join(troubles[:3])] if troubles else []


async def _show(request: Request, desk: Desk, problem: str = "", status: int = 200, typed: str = "") -> Response:
    query, exchange = request.query_params, exchange_of(request)
    view = await exchange.read(lambda connection: _look(connection, desk))
    carrier_id, area = query.get("carrier", ""), query.get("area", "").strip()
    offers: Sequence[tuple[OfferedNumber, str]] | None = None
    if carrier_id and view.target and view.pool:
        wanted = wanted_for(view.target.number)
        wanted = Wanted(wanted.country, (area,)) if area.isdigit() else wanted
        try:
            found = await find_numbers(
                exchange, desk.company_id, carrier_id, view.target.number, wanted, MOST_OFFERED
            )
            offers = [(each, new_id(desk.now + place)) for place, each in enumerate(found)]
        except (CarrierError, NoSuchCarrier) as error:
            problem = problem or retold(error)
    shown = NumbersView(
        view.target, view.pool, view.numbers, view.carriers, carrier_id, area, offers, typed, problem
    )
    return await start_page(request, desk, Step.NUMBERS, status, view=shown, STATUS=STATUS)


def _look(connection: Connection, desk: Desk) -> NumbersView:
    pools, targets = (
        list_pools(connection, desk.company_id, 1).rows,
        list_targets(connection, desk.company_id, 1).rows,
    )
    return NumbersView(
        target=next(iter(targets), None),
        pool=next(iter(pools), None),
        numbers=list_numbers(connection, desk.company_id, NumberFilter(), MOST_SHOWN + 1).rows,
        carriers=list_carriers(connection, desk.company_id),
    )
