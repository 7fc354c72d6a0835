"""All numbers: their state, spend and health; many at once; lists in and out; the log of who did what."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row
from starlette.requests import Request
from starlette.responses import Response

from swapboard.accounts.company import QUARANTINE_DAYS
from swapboard.accounts.store import change_company, company_by_id
from swapboard.calls.store import carrier_accounts
from swapboard.carriers.base import CarrierError, UnknownCarrier
from swapboard.numbers.acting import Order, act
from swapboard.numbers.adding import CannotAdd, bring_in
from swapboard.numbers.health import NEVER, Health, Trouble, call_counts, health
from swapboard.numbers.inventory import NewNumber, NumberKind, NumberStatus
from swapboard.numbers.lifecycle import Action, NotPossible, quarantine_ends_at
from swapboard.numbers.listing import (
    NumberFilter,
    NumberRecord,
    PoolRecord,
    TargetRecord,
    list_numbers,
    list_pools,
    list_targets,
    number_by_id,
)
from swapboard.numbers.matching import mismatch
from swapboard.numbers.number_csv import NumberLine, from_csv, to_csv
from swapboard.numbers.number_log import LoggedEvent, NumberEvent, at_carriers, events_of
from swapboard.numbers.orders import NumberOrder, unclear_orders
from swapboard.numbers.returns import Return, end_now, keep, open_returns
from swapboard.storage.ids import new_id
from swapboard.switchboard.buying import UNCLEAR_AFTER, NoSuchCarrier
from swapboard.switchboard.pointing import NotThere, point_here
from swapboard.visits.channel import in_its_spelling
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import MAX_FORM_BYTES, Form, read_form, require_change
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.retold import retold
from swapboard.web.dashboard.taken_out import taken_out
from swapboard.web.dashboard.told import done
from swapboard.web.dashboard.translation import Words, _

INVENTORY = "/numbers/inventory"
MOST_NUMBERS = 1_000
MOST_EVENTS = 30
MAX_LIST_BYTES = 4 * MAX_FORM_BYTES

STATUS: Mapping[NumberStatus, str] = Words(
    {
        NumberStatus.ACTIVE: _("Active"),
        NumberStatus.PAUSED: _("Paused"),
        NumberStatus.QUARANTINED: _("Quarantine"),
        NumberStatus.RELEASED: _("Released"),
    }
)
ACTION: Mapping[Action, str] = Words(
    {
        Action.ACTIVATE: _("Activate: show them again"),
        Action.PAUSE: _("Pause: they ring, nobody new sees them"),
        Action.QUARANTINE: _("Quarantine: they ring on for some days, then go"),
        Action.RELEASE: _("Release: give them up now, and at the carrier once they have rested"),
        Action.ASSIGN: _("Assign to the pool or place chosen"),
    }
)
TROUBLE: Mapping[Trouble, str] = Words(
    {
        Trouble.NO_CARRIER: _("no carrier account: nothing says that its calls come here"),
        Trouble.GONE: _("gone: its carrier account no longer has it, so nobody gets through"),
        Trouble.ASTRAY: _("astray: its carrier account sends its calls elsewhere, so they are not seen here"),
        Trouble.SILENT: _("nobody has called it for three months"),
        Trouble.SPAM: _("mostly spam: most of its calls are blocked or last seconds"),
        Trouble.FAILING: _("its latest calls all failed"),
        Trouble.READY: _("its quarantine is over: it can be released"),
    }
)
LOGGED: Mapping[NumberEvent, str] = Words(
    {
        NumberEvent.ADDED: _("added"),
        NumberEvent.BOUGHT: _("bought"),
        NumberEvent.CHANGED: _("changed"),
        NumberEvent.ASSIGNED: _("assigned"),
        NumberEvent.ACTIVATED: _("activated"),
        NumberEvent.PAUSED: _("paused"),
        NumberEvent.QUARANTINED: _("put in quarantine"),
        NumberEvent.RELEASED: _("released"),
        NumberEvent.LOST: _("no longer at the carrier"),
        NumberEvent.FOUND: _("at the carrier again"),
        NumberEvent.ASTRAY: _("found to point elsewhere at the carrier"),
        NumberEvent.POINTED: _("pointed here at the carrier"),
        NumberEvent.ENDED: _("ended at the carrier: it costs no more"),
        NumberEvent.NOT_ENDED: _("not ended: the carrier refused"),
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """A number as the list shows it."""

    record: NumberRecord
    health: Health
    stands_for: str
    """Its pool's name, or its placement."""
    odd: str | None
    """What a caller would find odd about it, compared with the number it stands for."""


@dataclass(frozen=True, slots=True)
class InventoryView:
    """Everything the page shows."""

    lines: Sequence[Line]
    pools: Sequence[PoolRecord]
    targets: Sequence[TargetRecord]
    carriers: Sequence[Row[*tuple[Any, ...]]]
    events: Sequence[LoggedEvent]
    unclear: Sequence[NumberOrder]
    returns: Sequence[Return]
    """Released, and still at the carrier."""
    quarantine_days: int

    @property
    def monthly_cents(self) -> int:
        """What all numbers cost a month, as far as it is known."""
        return sum(line.record.monthly_cents or 0 for line in self.lines)

    @property
    def unpriced(self) -> int:
        """How many numbers have no price."""
        return sum(line.record.monthly_cents is None for line in self.lines)

    def quarantine_ends_at(self, number: NumberRecord) -> int:
        return quarantine_ends_at(number.quarantined_at or 0, self.quarantine_days)


async def inventory_page(request: Request, desk: Desk) -> Response:
    """All numbers that are not released."""
    return await _show(request, desk)


async def act_on_numbers(request: Request, desk: Desk) -> Response:
    """Do one thing with all chosen numbers, or with none."""
    require_change(desk)
    form = await read_form(request)
    action = form.one("action")
    if action not in set(Action) or not form.every("number_id"):
        return await _show(request, desk, _("Choose some numbers, and what to do with them."), 422)
    where, _colon, where_id = form.one("where").partition(":")
    is_assign = action == Action.ASSIGN
    order = Order(
        action=Action(action),
        number_ids=form.every("number_id"),
        actor=desk.user.email,
        pool_id=where_id if is_assign and where == "pool" else None,
        target_id=where_id if is_assign and where == "target" else None,
    )
    try:
        await exchange_of(request).configure(
            desk.company_id, lambda connection: act(connection, desk.company_id, order, desk.now)
        )
    except NotPossible as error:
        return await _show(request, desk, str(error), 409)
    return done(request, INVENTORY, _("It is done. The log below tells who did what."))


async def save_quarantine(request: Request, desk: Desk) -> Response:
    """For how many days numbers ring on after they were taken off. Raises Refused (403, 422)."""
    require_change(desk)
    days = (await read_form(request)).whole_number("days")
    if days not in QUARANTINE_DAYS:
        raise Refused(422, _("Write a whole number of days, from 1 to 365."))

    def write(connection: Connection) -> None:
        company = company_by_id(connection, desk.company_id) or desk.company
        change_company(connection, replace(company, quarantine_days=days))

    await exchange_of(request).configure(desk.company_id, write)
    said = _("Numbers that are taken off ring on for %(days)s days from now on.") % {"days": days}
    return done(request, INVENTORY, said)


async def act_on_return(request: Request, desk: Desk) -> Response:
    """End a released number at its carrier now, or keep it there."""
    require_change(desk)
    form = await read_form(request)
    number_id, action = form.one("number_id"), form.one("action")
    if action not in {"now", "keep"}:
        raise Refused(422, _("Choose whether the number is to end or to stay."))

    def write(connection: Connection) -> bool:
        if action == "keep":
            return keep(connection, desk.company_id, number_id, desk.now)
        return end_now(connection, desk.company_id, number_id, desk.user.email, desk.now)

    if not await exchange_of(request).change(write):
        return await _show(request, desk, _("This number is no longer on its way back."), 409)
    said = _("The number stays at its carrier.") if action == "keep" else _("The number ends at its carrier now.")
    return done(request, INVENTORY, said)


async def point(request: Request, desk: Desk) -> Response:
    """Send a number's calls here, at its carrier."""
    require_change(desk)
    form = await read_form(request)
    exchange = exchange_of(request)
    number = await exchange.read(lambda connection: number_by_id(connection, desk.company_id, form.one("point")))
    if number is None or number.released_at is not None:
        raise Refused(404, _("There is no such number."))
    try:
        await point_here(exchange, desk.company_id, number, desk.user.email)
    except (CarrierError, NoSuchCarrier, NotThere, UnknownCarrier) as error:
        return await _show(request, desk, retold(error), 502)
    return done(request, INVENTORY, _("The carrier sends the number's calls here from now on."))


async def add_list(request: Request, desk: Desk) -> Response:
    """Bring in numbers that the company owns already, one or a whole list."""
    require_change(desk)
    form = await read_form(request, MAX_LIST_BYTES)
    lines, faults = from_csv(form.one("list"), desk.company.country)
    if faults:
        return await _show(request, desk, " ".join(faults[:5]), 422)
    exchange = exchange_of(request)

    def write(connection: Connection) -> None:
        new = _new_numbers(connection, desk, form, lines)
        bring_in(connection, desk.company_id, new, desk.user.email, desk.now)

    try:
        await exchange.configure(desk.company_id, write)
    except (CannotAdd, ValueError) as error:
        return await _show(request, desk, str(error), 422)
    return done(request, INVENTORY, _("Numbers brought in: %(count)s.") % {"count": len(lines)})


async def download_list(request: Request, desk: Desk) -> Response:
    """All numbers as CSV."""

    def read(connection: Connection) -> str:
        pools = list_pools(connection, desk.company_id, MOST_NUMBERS).rows
        targets = list_targets(connection, desk.company_id, MOST_NUMBERS).rows
        return to_csv(
            _every_number(connection, desk.company_id),
            {pool.pool_id: pool.name for pool in pools},
            {target.target_id: target.number for target in targets},
        )

    text = await exchange_of(request).read(read)
    return await taken_out(request, desk, "numbers.csv", text)


async def _show(request: Request, desk: Desk, problem: str = "", status: int = 200) -> Response:
    view = await exchange_of(request).read(lambda connection: _look(connection, desk))
    return page(
        "inventory.html",
        status,
        desk=desk,
        view=view,
        problem=problem,
        STATUS=STATUS,
        ACTION=ACTION,
        TROUBLE=TROUBLE,
        LOGGED=LOGGED,
    )


def _look(connection: Connection, desk: Desk) -> InventoryView:
    company_id = desk.company_id
    pools = list_pools(connection, company_id, MOST_NUMBERS).rows
    targets = list_targets(connection, company_id, MOST_NUMBERS).rows
    carriers = carrier_accounts(connection, company_id)
    wrong = at_carriers(connection, company_id)
    counts = call_counts(connection, company_id, desk.now)
    carrier_ids = [row.carrier_id for row in carriers]
    of_pool = {pool.pool_id: pool for pool in pools}
    of_target = {target.target_id: target.number for target in targets}

    def line(number: NumberRecord) -> Line:
        pool = of_pool.get(number.pool_id or "")
        target = of_target.get((pool.target_id if pool else number.target_id) or "")
        return Line(
            record=number,
            health=health(
                number,
                counts.get(number.number, NEVER),
                carrier_ids,
                wrong,
                desk.now,
                desk.company.quarantine_days,
            ),
            stands_for=pool.name if pool else number.placement or number.channel or "",
            odd=mismatch(target, number.number) if target else None,
        )

    found = sorted(_every_number(connection, company_id), key=lambda each: each.number)
    return InventoryView(
        lines=[line(each) for each in found],
        pools=pools,
        targets=targets,
        carriers=carriers,
        events=events_of(connection, company_id, limit=MOST_EVENTS),
        unclear=unclear_orders(connection, company_id, desk.now - UNCLEAR_AFTER),
        returns=open_returns(connection, company_id),
        quarantine_days=desk.company.quarantine_days,
    )


def _every_number(connection: Connection, company_id: str) -> Iterator[NumberRecord]:
    cursor = None
    while True:
        found = list_numbers(connection, company_id, NumberFilter(), MOST_NUMBERS, cursor)
        yield from found.rows
        cursor = found.next_cursor
        if cursor is None:
            return


def _new_numbers(connection: Connection, desk: Desk, form: Form, lines: Sequence[NumberLine]) -> list[NewNumber]:
    """Raises ValueError for a pool, target or amount that cannot be."""
    pools = {pool.name: pool.pool_id for pool in list_pools(connection, desk.company_id, MOST_NUMBERS).rows}
    targets = {
        target.number: target.target_id for target in list_targets(connection, desk.company_id, MOST_NUMBERS).rows
    }
    carrier_ids = {row.carrier_id for row in carrier_accounts(connection, desk.company_id)}
    where, _colon, chosen = form.one("where").partition(":")
    carrier_id = form.one("carrier") or None
    if carrier_id and carrier_id not in carrier_ids:
        raise Refused(404, _("There is no such carrier account."))
    return [
        _new_number(desk, line, place, pools, targets, (where, chosen), carrier_id)
        for place, line in enumerate(lines)
    ]


def _new_number(
    desk: Desk,
    line: NumberLine,
    place: int,
    pools: Mapping[str, str],
    targets: Mapping[str, str],
    usual: tuple[str, str],
    carrier_id: str | None,
) -> NewNumber:
    pool, target = line.facts.get("pool"), line.facts.get("target")
    if (pool and pool not in pools) or (target and target not in targets):
        raise ValueError(_("Line %s names a pool or a target that is not there.") % line.line)
    pool_id, target_id = pools.get(pool or ""), targets.get(target or "")
    if not pool_id and not target_id:
        where, chosen = usual
        pool_id = chosen if where == "pool" and chosen in pools.values() else None
        target_id = chosen if where == "target" and chosen in targets.values() else None
    if not pool_id and not target_id:
        raise ValueError(_("Say where line %s goes: a pool, or a target that it stands for.") % line.line)
    is_static = pool_id is None
    return NewNumber(
        number_id=new_id(desk.now + place),
        number=line.number,
        kind=NumberKind.STATIC if is_static else NumberKind.POOL,
        created_at=desk.now + place,
        pool_id=pool_id,
        target_id=target_id if is_static else None,
        carrier_id=carrier_id,
        monthly_cents=line.cents("monthly_price"),
        placement_cents=line.cents("placement_cost") if is_static else None,
        placement=line.facts.get("placement") if is_static else None,
        channel=in_its_spelling(line.facts.get("channel")) if is_static else None,
        source=line.facts.get("source") if is_static else None,
        medium=line.facts.get("medium") if is_static else None,
        campaign=line.facts.get("campaign") if is_static else None,
        starts_on=line.facts.get("starts_on") if is_static else None,
        ends_on=line.facts.get("ends_on") if is_static else None,
    )
