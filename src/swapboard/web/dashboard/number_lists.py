"""Lists of numbers: those that a company owns already come in, and all go out as CSV."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from swapboard.calls.store import carrier_accounts
from swapboard.numbers.adding import MOST_TOLD, CannotAdd, bring_in
from swapboard.numbers.e164 import NotANumber, parse_number
from swapboard.numbers.inventory import NewNumber, NumberKind
from swapboard.numbers.listing import list_pools
from swapboard.numbers.number_csv import to_csv
from swapboard.numbers.number_list import MOST_LINES, NumberLine, from_csv
from swapboard.numbers.target_listing import list_targets
from swapboard.spreadsheet import NoTable, in_line, text_of
from swapboard.storage.ids import new_id
from swapboard.visits.channel import in_its_spelling
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import MAX_FORM_BYTES, Form, SentFile, read_with_files, require_change
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.inventory import INVENTORY, show
from swapboard.web.dashboard.inventory_view import MOST_NUMBERS, every_number
from swapboard.web.dashboard.taken_out import taken_out
from swapboard.web.dashboard.told import done
from swapboard.web.dashboard.translation import _

MAX_LIST_BYTES = 4 * MAX_FORM_BYTES


async def add_list(request: Request, desk: Desk) -> Response:
    """Bring in numbers that the company owns already, one or a whole list."""
    require_change(desk)
    form, files = await read_with_files(request, 2 * MAX_LIST_BYTES, MAX_LIST_BYTES)
    try:
        form = _with_file(form, files.get("file"))
    except NoTable as error:
        return await show(request, desk, str(error), 422, form)
    read = from_csv(form.one("list"), desk.company.country)
    if read.faults:
        return await show(request, desk, _told(read.faults), 422, form)
    exchange = exchange_of(request)

    def write(connection: Connection) -> None:
        new = _new_numbers(connection, desk, form, read.lines)
        bring_in(connection, desk.company_id, new, desk.user.email, desk.now)

    try:
        await exchange.configure(desk.company_id, write)
    except (CannotAdd, ValueError) as error:
        return await show(request, desk, str(error), 422, form)
    said = _("Numbers brought in: %(count)s.") % {"count": len(read.lines)}
    return done(request, INVENTORY, " ".join([said, *read.notes]))


async def download_list(request: Request, desk: Desk) -> Response:
    """All numbers as CSV."""

    def read(connection: Connection) -> str:
        pools = list_pools(connection, desk.company_id, MOST_NUMBERS).rows
        targets = list_targets(connection, desk.company_id, MOST_NUMBERS).rows
        return to_csv(
            sorted(every_number(connection, desk.company_id), key=lambda each: each.number),
            {pool.pool_id: pool.name for pool in pools},
            {target.target_id: target.number for target in targets},
        )

    text = await exchange_of(request).read(read)
    return await taken_out(request, desk, "numbers.csv", text)


def _with_file(form: Form, file: SentFile | None) -> Form:
    """The form with a file's text where lists are typed, so that it stays to be corrected. Raises NoTable."""
    if file is None:
        return form
    if len(file.content) > MAX_LIST_BYTES:
        raise NoTable(_("Bring in %(most_lines)s numbers at a time.") % {"most_lines": MOST_LINES})
    return Form({**form.fields, "list": [text_of(file.content)]})


def _told(faults: Sequence[str]) -> str:
    more = len(faults) - MOST_TOLD
    rest = [_("And %(more)s more lines cannot be brought in.") % {"more": more}] if more > 0 else []
    return " ".join([*faults[:MOST_TOLD], *rest])


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


def _in_e164(text: str | None, country: str) -> str | None:
    """A target as lists write it: a spreadsheet may have taken its `+` away. What is no number stays."""
    try:
        return parse_number(text, country) if text else None
    except NotANumber:
        return text


def _new_number(
    desk: Desk,
    line: NumberLine,
    place: int,
    pools: Mapping[str, str],
    targets: Mapping[str, str],
    usual: tuple[str, str],
    carrier_id: str | None,
) -> NewNumber:
    pool_id, target_id = _home_of(desk, line, pools, targets, usual)
    of_pool = NewNumber(
        number_id=new_id(desk.now + place),
        number=line.number,
        kind=NumberKind.POOL,
        created_at=desk.now + place,
        pool_id=pool_id,
        carrier_id=carrier_id,
        status=line.status,
        quarantined_at=line.quarantined_at(desk.now),
        monthly_cents=line.cents("monthly_price"),
    )
    if pool_id:
        return of_pool
    return replace(
        of_pool,
        kind=NumberKind.STATIC,
        target_id=target_id,
        placement_cents=line.cents("placement_cost"),
        placement=line.facts.get("placement"),
        channel=in_its_spelling(line.facts.get("channel")),
        source=line.facts.get("source"),
        medium=line.facts.get("medium"),
        campaign=line.facts.get("campaign"),
        starts_on=line.facts.get("starts_on"),
        ends_on=line.facts.get("ends_on"),
    )


def _home_of(
    desk: Desk,
    line: NumberLine,
    pools: Mapping[str, str],
    targets: Mapping[str, str],
    usual: tuple[str, str],
) -> tuple[str | None, str | None]:
    """(its pool, else the target that it stands for); the `usual` one where it names none. Raises ValueError."""
    pool, target = line.facts.get("pool"), _in_e164(line.facts.get("target"), desk.company.country)
    missing = [name for name, known in ((pool, pools), (target, targets)) if name and name not in known]
    if missing:
        said = _("There is no pool or target “%(name)s”.") % {"name": missing[0]}
        raise ValueError(in_line(line.line, said))
    pool_id, target_id = pools.get(pool or ""), targets.get(target or "")
    if not pool_id and not target_id:
        where, chosen = usual
        pool_id = chosen if where == "pool" and chosen in pools.values() else None
        target_id = chosen if where == "target" and chosen in targets.values() else None
    if not pool_id and not target_id:
        raise ValueError(_("Say where line %s goes: a pool, or a target that it stands for.") % line.line)
    return pool_id, target_id
