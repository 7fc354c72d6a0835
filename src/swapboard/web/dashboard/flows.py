"""Call flows: the list, a flow as a tree with its dry run, and an editor that needs no script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, datetime

from sqlalchemy import Connection
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from swapboard.attribution.home import home_of
from swapboard.calls.call import EventKind
from swapboard.calls.dry_run import Caller, DryRun, Ending, dry_run
from swapboard.calls.flow_check import FlowFault
from swapboard.calls.flow_event import FlowEvent, Visit
from swapboard.calls.flow_store import (
    FLOW,
    MOST_FLOWS,
    FlowRecord,
    add_flow,
    change_flow,
    company_lines,
    faults_of,
    flow_by_id,
    list_flows,
    remove_flow,
)
from swapboard.calls.nodes import Asked, Flow
from swapboard.calls.sound_store import list_sounds
from swapboard.calls.spoken import SPOKEN, spoken_language
from swapboard.clock import Millis, zone
from swapboard.language import current
from swapboard.numbers.e164 import NotANumber, parse_number
from swapboard.recordings.uploaded import NotASound
from swapboard.storage.ids import new_id
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.flow_draft import (
    FIELDS,
    KEYS,
    KINDS,
    Draft,
    blank,
    draft_of,
    flow_of,
    read_draft,
)
from swapboard.web.dashboard.flow_tree import tree_of
from swapboard.web.dashboard.forms import Form, SentFile, read_with_files, require_change
from swapboard.web.dashboard.guard import Desk, exchange_of, signed_in
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.sounds import FLOWS, MOST_FORM_BYTES, keep_file, sound_routes
from swapboard.web.dashboard.stamp import FIELD, is_overtaken, overtaken_words, stamp_of
from swapboard.web.dashboard.translation import Words, _

LONGEST_ANSWER = 200
MOST_TYPED_BYTES = 2 * 1024 * 1024
"""Of a hundred steps with long texts, of which each letter may take nine bytes in a form."""
ENDINGS = Words(
    {
        Ending.PERSON: _("The caller talked to somebody."),
        Ending.VOICEMAIL: _("The caller left a message."),
        Ending.HUNG_UP: _("The call ended without a talk or a message."),
        Ending.REJECTED: _("The call was not taken."),
        Ending.DEFAULT: _("The flow could not tell: the default destination would be rung."),
    }
)


@dataclass(frozen=True, slots=True)
class Lines:
    """The numbers whose calls a flow can take (E.164), and the ids of the sounds that it can play, by name."""

    targets: Sequence[str]
    tracking: Sequence[str]
    sounds: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Tried:
    """What was typed into the dry run, and what came of it."""

    at: str
    caller: str
    keys: str
    answered: str
    campaign: str
    run: DryRun | None
    problem: str = ""


def flow_routes() -> list[Route]:
    """The addresses of flows."""
    return [
        *sound_routes(),
        Route(f"{FLOWS}/new", signed_in(new_flow), methods=["GET"]),
        Route(f"{FLOWS}/new", signed_in(save_flow), methods=["POST"]),
        Route(f"{FLOWS}/{{flow_id}}", signed_in(flow_page)),
        Route(f"{FLOWS}/{{flow_id}}/edit", signed_in(edit_flow), methods=["GET"]),
        Route(f"{FLOWS}/{{flow_id}}/edit", signed_in(save_changed), methods=["POST"]),
        Route(f"{FLOWS}/{{flow_id}}/remove", signed_in(delete_flow), methods=["POST"]),
    ]


async def flow_page(request: Request, desk: Desk) -> Response:
    """A flow as a tree; with `at` in the address, also the path of such a caller."""
    record = await _flow(request, desk)
    tried = _try(record, desk, request.query_params)
    tree = tree_of(record.flow, desk.company.country)
    return page("flow.html", desk=desk, record=record, tree=tree, tried=tried, ENDINGS=ENDINGS)


async def new_flow(request: Request, desk: Desk) -> Response:
    """The editor with a flow to begin with: ring, else take a message."""
    require_change(desk)
    ring, mailbox, time_zone = _("Ring us"), _("Take a message"), desk.company.time_zone
    steps = (
        blank("dial", ring, time_zone) | {"otherwise": mailbox},
        blank("voicemail", mailbox, time_zone) | {"text": _("Please leave a message after the tone.")},
    )
    language = spoken_language(current(), desk.company.country)
    return await _editor(request, desk, Draft("", ring, language, steps=steps))


async def edit_flow(request: Request, desk: Desk) -> Response:
    """The editor with a flow as it stands."""
    require_change(desk)
    record = await _flow(request, desk)
    return await _editor(request, desk, draft_of(record), stamp=_stamp(record))


async def save_flow(request: Request, desk: Desk) -> Response:
    """What a button of the editor asks for: one more step, one fewer, a check, or to keep it all."""
    require_change(desk)
    form, files = await read_with_files(request, MOST_FORM_BYTES, MOST_TYPED_BYTES)
    draft, stamp = read_draft(form, desk.company.country), form.one(FIELD)
    draft, unheard = await _with_files(request, desk, draft, files)
    if unheard:
        return await _editor(request, desk, draft, unheard, status=422, stamp=stamp)
    do, _colon, what = form.one("do").partition(":")
    if do == "add" and form.one("kind") in KINDS:
        more = draft.with_step(form.one("kind"), desk.company.time_zone)
        return await _editor(request, desk, more, added=True, stamp=stamp)
    if do == "remove":
        return await _editor(request, desk, draft.without_step(what), stamp=stamp)
    if do == "save":
        return await _save(request, desk, draft, form)
    flow, faults = flow_of(draft)
    found = await exchange_of(request).read(lambda connection: _faults(connection, desk, draft, flow))
    return await _editor(request, desk, draft, [*faults, *found], checked=True, stamp=stamp)


async def _save(request: Request, desk: Desk, draft: Draft, form: Form) -> Response:
    """Keep the flow if it is one, and as its reader saw it."""
    flow_id, stamp = request.path_params.get("flow_id"), form.one(FIELD)
    flow, faults = flow_of(draft)

    def write(connection: Connection) -> tuple[str, list[FlowFault], str]:
        found = [*faults, *_faults(connection, desk, draft, flow)]
        if found:
            return "", found, stamp
        now = _stamp(_known(connection, desk, flow_id)) if flow_id else ""
        return "" if is_overtaken(form, now) else _write(connection, desk, flow_id, draft), [], now

    saved_id, found, stamp = await exchange_of(request).configure(desk.company_id, write)
    if saved_id:
        return RedirectResponse(f"{FLOWS}/{saved_id}", 303)
    if found:
        return await _editor(request, desk, draft, found, status=422, stamp=stamp)
    return await _editor(request, desk, draft, status=409, stamp=stamp, problem=overtaken_words())


def _faults(connection: Connection, desk: Desk, draft: Draft, flow: Flow | None) -> list[FlowFault]:
    """What keeps a flow from being right; of none, what it is lacking has been said."""
    return faults_of(connection, desk.company_id, flow, draft.lines) if flow else []


async def save_changed(request: Request, desk: Desk) -> Response:
    """The same of a flow that there is, whatever the button."""
    await _flow(request, desk)
    return await save_flow(request, desk)


async def delete_flow(request: Request, desk: Desk) -> Response:
    """Forget a flow; its numbers' calls go straight to their destinations again."""
    require_change(desk)
    flow_id = (await _flow(request, desk)).flow_id
    await exchange_of(request).configure(
        desk.company_id, lambda connection: remove_flow(connection, desk.company_id, flow_id)
    )
    return RedirectResponse(FLOWS, 303)


async def _with_files(
    request: Request, desk: Desk, draft: Draft, files: Mapping[str, SentFile]
) -> tuple[Draft, list[FlowFault]]:
    """The draft with the sounds that were sent along, which are kept; and what of them cannot be heard."""
    faults: list[FlowFault] = []
    for place, step in enumerate(draft.steps):
        if file := files.get(f"{place}.upload"):
            try:
                draft = draft.with_sound(place, await keep_file(request, desk, file))
            except NotASound as error:
                faults.append(FlowFault(step["name"], "file", f"“{step['name']}”, {file.name}: {error}"))
    return draft, faults


def _write(connection: Connection, desk: Desk, flow_id: str | None, draft: Draft) -> str:
    flow, _faults = flow_of(draft)
    assert flow is not None
    if flow_id is None:
        if len(list_flows(connection, desk.company_id).rows) >= MOST_FLOWS:
            raise Refused(409, _("There are %s flows already; remove one first.") % MOST_FLOWS)
        flow_id = new_id(desk.now)
        add_flow(connection, desk.company_id, flow_id, draft.name, flow, draft.lines, desk.now)
        return flow_id
    change_flow(connection, desk.company_id, flow_id, draft.name, flow, draft.lines)
    return flow_id


async def _editor(
    request: Request,
    desk: Desk,
    draft: Draft,
    faults: Sequence[FlowFault] = (),
    *,
    checked: bool = False,
    added: bool = False,
    status: int = 200,
    stamp: str = "",
    problem: str = "",
) -> Response:
    def read(connection: Connection) -> Lines:
        tracking, targets = company_lines(connection, desk.company_id)
        sounds = {each.name: each.sound_id for each in list_sounds(connection, desk.company_id)}
        return Lines(sorted(targets), sorted(tracking), sounds)

    return page(
        "flow_edit.html",
        status,
        desk=desk,
        draft=draft,
        faults=faults,
        checked=checked,
        added=added,
        stamp=stamp,
        problem=problem,
        lines=await exchange_of(request).read(read),
        flow_id=request.path_params.get("flow_id"),
        KINDS=KINDS,
        FIELDS=FIELDS,
        KEYS=KEYS,
        ASKED=[asked.value for asked in Asked],
        SPOKEN=SPOKEN,
    )


async def _flow(request: Request, desk: Desk) -> FlowRecord:
    flow_id = request.path_params["flow_id"]
    return await exchange_of(request).read(lambda connection: _known(connection, desk, flow_id))


def _known(connection: Connection, desk: Desk, flow_id: str) -> FlowRecord:
    record = flow_by_id(connection, desk.company_id, flow_id)
    if record is None:
        raise Refused(404, _("There is no such flow. Somebody may have removed it."))
    return record


def _stamp(record: FlowRecord) -> str:
    return stamp_of(record.name, FLOW.dump_json(record.flow), sorted(record.lines))


def _try(record: FlowRecord, desk: Desk, asked: QueryParams) -> Tried:
    now = f"{desk.moments.local(desk.now):%Y-%m-%dT%H:%M}"
    at, caller, keys, answered, campaign = (
        asked.get(name, otherwise)[:LONGEST_ANSWER].strip()
        for name, otherwise in (("at", now), ("caller", ""), ("keys", ""), ("answered", "yes"), ("campaign", ""))
    )
    if "at" not in asked:
        return Tried(at, caller, keys, answered, campaign, None)
    try:
        number = parse_number(caller, desk.company.country) if caller else None
        arrival = FlowEvent(
            kind=EventKind.ARRIVED,
            at=_moment(at, desk),
            destination=desk.company.default_destination or "",
            caller=number,
            region=home_of(number) if number else None,
            visit=Visit(campaign=campaign or None),
        )
    except (NotANumber, ValueError) as error:
        return Tried(at, caller, keys, answered, campaign, None, str(error))
    answers = {"no": (False,), "second": (False, True)}.get(answered, (True,))
    run = dry_run(record.flow, arrival, Caller(keys, answers))
    return Tried(at, caller, keys, answered, campaign, run)


def _moment(text: str, desk: Desk) -> Millis:
    words = _("Write a day and a time like 2026-11-24T14:30.")
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(words) from None
    # By the clock of a flow's hours it may be the day before or after, which must be one.
    if not MINYEAR < local.year < MAXYEAR:
        raise ValueError(words)
    return round(local.replace(tzinfo=zone(desk.company.time_zone)).timestamp() * 1000)
