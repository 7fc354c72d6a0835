"""Numbers in one place: billboards, flyers, profiles, channels; their cost, dates, QR codes and short links."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import segno
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from swapboard.amount import cents_of, how_to_write, places_of
from swapboard.numbers.inventory import NumberKind, change_number
from swapboard.numbers.listing import NumberRecord, number_by_id
from swapboard.numbers.number_log import LoggedEvent, NumberEvent, events_of, log_numbers
from swapboard.numbers.placements import Placement, free_code, placement_of, placements
from swapboard.numbers.running_days import fault_of_days
from swapboard.numbers.short_link import is_web_address, with_scheme
from swapboard.numbers.target_listing import TargetRecord, list_targets, target_by_id
from swapboard.visits.channel import CHANNELS, in_its_spelling
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.business_profile import Checked, checklist, is_profile
from swapboard.web.dashboard.forms import Form, read_form, require_change
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.inventory_view import LOGGED
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.stamp import FIELD, is_overtaken, stamp_of
from swapboard.web.dashboard.told import done
from swapboard.web.dashboard.translation import Words, _
from swapboard.web.short_links import short_address

PLACEMENTS = "/numbers/placements"
OFFLINE = "Offline"
LONGEST_TEXT = 500
MOST_TARGETS = 200

_UNPROCESSABLE = 422
FACT: Mapping[str, str] = Words(
    {
        "placement": _("placement"),
        "channel": _("channel"),
        "source": _("source"),
        "medium": _("medium"),
        "campaign": _("campaign"),
        "starts_on": _("first day"),
        "ends_on": _("last day"),
        "placement_cents": _("cost"),
        "monthly_cents": _("number's price"),
        "short_url": _("page"),
    }
)
"""What the form changes, as the log calls it."""


@dataclass(frozen=True, slots=True)
class PlacementsView:
    """Everything the list shows."""

    placements: Sequence[Placement]
    next_cursor: str | None
    is_first: bool
    """Of several pages: what is at Google is looked for among its numbers."""
    checklist: Sequence[Checked]
    target: TargetRecord | None
    profile: NumberRecord | None


@dataclass(frozen=True, slots=True)
class PlacementView:
    """Everything one placement's page shows."""

    placement: Placement
    target: TargetRecord | None
    link: str | None
    events: Sequence[LoggedEvent]


async def placements_page(request: Request, desk: Desk) -> Response:
    """All numbers in one place, and how to do it at Google Business Profile."""
    cursor = request.query_params.get("cursor") or None

    def read(connection: Connection) -> PlacementsView:
        listed = placements(connection, desk.company_id, cursor)
        found = listed.rows
        targets = list_targets(connection, desk.company_id, MOST_TARGETS).rows
        profile = next((each for each in found if is_profile(each.record)), None)
        of_id = {target.target_id: target for target in targets}
        target = of_id.get(profile.record.target_id or "") if profile else next(iter(targets), None)
        return PlacementsView(
            found,
            listed.next_cursor,
            cursor is None,
            checklist(profile, target, desk.now),
            target,
            profile.record if profile else None,
        )

    return page("placements.html", desk=desk, view=await exchange_of(request).read(read))


async def placement_page(request: Request, desk: Desk) -> Response:
    """One placement: its facts, its link and code, and what was done with it."""
    return await _show(request, desk, "placement.html")


async def print_page(request: Request, desk: Desk) -> Response:
    """The number and its code, to be printed."""
    return await _show(request, desk, "placement_print.html")


async def save_placement(request: Request, desk: Desk) -> Response:
    """Write the placement's facts; an address gets a short link."""
    require_change(desk)
    number_id, form = request.path_params["number_id"], await read_form(request)
    facts, faults = _facts(form, desk.company.currency)
    if faults:
        return await _show(request, desk, "placement.html", faults, _UNPROCESSABLE, form)

    def write(connection: Connection) -> bool:
        known = _found(connection, desk, number_id)
        if is_overtaken(form, _stamp(known)):
            return False
        changed = [name for name in FACT if facts[name] != getattr(known, name)]
        code = known.short_code or (free_code(connection) if facts["short_url"] else None)
        change_number(connection, desk.company_id, number_id, known.changed(**facts, short_code=code))
        if changed:
            log_numbers(
                connection,
                desk.company_id,
                [number_id],
                NumberEvent.CHANGED,
                desk.user.email,
                desk.now,
                {"changed": changed},
            )
        return True

    if await exchange_of(request).configure(desk.company_id, write):
        return done(request, f"{PLACEMENTS}/{number_id}", _("The placement is saved."))
    said = _("Somebody changed this placement since you opened it. Save once more to put yours in its place.")
    return await _show(request, desk, "placement.html", [said], 409, form)


def _stamp(record: NumberRecord) -> str:
    return stamp_of(*(getattr(record, name) for name in FACT))


async def qr_code(request: Request, desk: Desk) -> Response:
    """The short link as a QR code: SVG for print of any size."""

    def read(connection: Connection) -> NumberRecord:
        return _found(connection, desk, request.path_params["number_id"])

    record = await exchange_of(request).read(read)
    if record.short_code is None:
        raise Refused(404, _("This number has no short link yet."))
    address = short_address(exchange_of(request).settings.public_url, record.short_code)
    file = io.BytesIO()
    # A quarter of the code may be hidden or torn (level Q): it hangs on walls.
    segno.make_qr(address, error="q").save(file, kind="svg", border=4, light="white", xmldecl=False)
    return Response(file.getvalue(), media_type="image/svg+xml")


async def _show(
    request: Request,
    desk: Desk,
    template: str,
    faults: Sequence[str] = (),
    status: int = 200,
    form: Form | None = None,
) -> Response:
    """What was typed into a form that could not be saved is shown again."""
    number_id = request.path_params["number_id"]
    public_url = exchange_of(request).settings.public_url

    def read(connection: Connection) -> PlacementView:
        record = _found(connection, desk, number_id)
        target_id = record.target_id
        return PlacementView(
            placement=placement_of(connection, record),
            target=target_by_id(connection, desk.company_id, target_id) if target_id else None,
            link=short_address(public_url, record.short_code) if record.short_code else None,
            events=events_of(connection, desk.company_id, number_id, 20),
        )

    view = await exchange_of(request).read(read)
    return page(
        template,
        status,
        desk=desk,
        view=view,
        faults=faults,
        typed={name: form.one(name) for name in form.fields} if form else {},
        # What could not be saved is still on what was seen; who was overtaken has been told.
        stamp=form.one(FIELD) if form and status == _UNPROCESSABLE else _stamp(view.placement.record),
        CHANNELS=(*CHANNELS, OFFLINE),
        LOGGED=LOGGED,
        FACT=FACT,
    )


def _found(connection: Connection, desk: Desk, number_id: str) -> NumberRecord:
    record = number_by_id(connection, desk.company_id, number_id)
    if record is None or record.kind is not NumberKind.STATIC or record.released_at is not None:
        raise Refused(404, _("There is no such placement. The number may have been released or moved."))
    return record


def _facts(form: Form, currency: str) -> tuple[dict[str, object], list[str]]:
    """What the form says, and what of it cannot be."""
    texts = {name: form.one(name) for name in ("placement", "channel", "source", "medium", "campaign")}
    days = {name: form.one(name) for name in ("starts_on", "ends_on")}
    url = with_scheme(form.one("short_url"))
    faults = [_("Write at most %s characters.") % LONGEST_TEXT] if _too_long([*texts.values(), url]) else []
    if wrong := fault_of_days(days["starts_on"], days["ends_on"]):
        faults.append(wrong)
    if url and not is_web_address(url):
        faults.append(_("Write the page's address, such as https://www.example.com/offer."))
    written = {name: form.one(name) for name in ("placement_cents", "monthly_cents")}
    # What a number costs a month is in its carrier's currency.
    places = {"placement_cents": places_of(currency), "monthly_cents": 2}
    amounts = {name: cents_of(text, places[name]) for name, text in written.items()}
    if any(text and amounts[name] is None for name, text in written.items()):
        faults.append(how_to_write())
    facts = {name: text or None for name, text in {**texts, **days, "short_url": url}.items()}
    return {**facts, **amounts, "channel": in_its_spelling(texts["channel"] or None)}, faults


def _too_long(texts: Sequence[str]) -> bool:
    return any(len(text) > LONGEST_TEXT for text in texts)
