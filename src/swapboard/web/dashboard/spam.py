"""Spam: what is done about it, who is blocked, who is known to be good, honeypots, and what was refused lately."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isfinite

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from swapboard.amount import cents_of, number_of, places_of
from swapboard.calls.caller_csv import CallerLine, read_callers, write_callers
from swapboard.calls.caller_word_store import (
    MOST_WORDS,
    CallerWord,
    count_words,
    has_room,
    list_words,
    say_of_caller,
    unsay_of_caller,
)
from swapboard.calls.listing import CallFilter, CallRecord, list_calls
from swapboard.calls.spam import Policy, Pumping, Word, pumping
from swapboard.calls.spam_store import honeypots_of, policy_of, seconds_since, set_policy, traffic_of
from swapboard.numbers.inventory import NumberKind, NumberStatus
from swapboard.numbers.lifecycle import NotPossible
from swapboard.numbers.listing import NumberFilter, NumberRecord, list_numbers
from swapboard.storage.ids import new_id
from swapboard.switchboard.clearing import clear
from swapboard.switchboard.honeypots import set_honeypot
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import Form, read_form, require_change
from swapboard.web.dashboard.guard import Desk, exchange_of, signed_in
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.stamp import FIELD, is_overtaken, overtaken_words, stamp_of
from swapboard.web.dashboard.taken_out import taken_out
from swapboard.web.dashboard.translation import _

SPAM = "/spam"
SHOWN_WORDS = 100
SHOWN_CALLS = 20
MOST_STATICS = 1_000
MAX_LIST_BYTES = 2 * 1024 * 1024
_POLICY = TypeAdapter(Policy)
_DEAREST_MINUTE = 100
"""As `Policy.cents_a_minute` has it."""
_SAID = {"spam": True, "fine": False, "": None}


@dataclass(frozen=True, slots=True)
class SpamView:
    """Everything the page shows."""

    policy: Policy
    words: Sequence[CallerWord]
    word_count: int
    honeypots: Sequence[NumberRecord]
    could_be: Sequence[NumberRecord]
    """Numbers that may be made a honeypot."""
    calls: Sequence[CallRecord]
    minutes_today: int
    pumping: Pumping | None

    @property
    def cap_minutes(self) -> int | None:
        """The day's limit, whichever way it was set."""
        cap = self.policy.cap_seconds
        return None if cap is None else cap // 60


def spam_routes() -> list[Route]:
    """The page, its lists, and whether a call was spam."""
    return [
        Route(SPAM, signed_in(spam_page)),
        Route(f"{SPAM}/policy", signed_in(save_policy), methods=["POST"]),
        Route(f"{SPAM}/callers", signed_in(add_callers), methods=["POST"]),
        Route(f"{SPAM}/callers.csv", signed_in(download_callers)),
        Route(f"{SPAM}/remove", signed_in(remove_caller), methods=["POST"]),
        Route(f"{SPAM}/honeypots", signed_in(change_honeypot), methods=["POST"]),
        Route("/calls/{call_id}/spam", signed_in(judge_spam), methods=["POST"]),
    ]


async def spam_page(request: Request, desk: Desk) -> Response:
    """What is done about spam, and what came of it."""
    return await _show(request, desk)


async def save_policy(request: Request, desk: Desk) -> Response:
    """Do this from now on."""
    require_change(desk)
    form = await read_form(request)
    try:
        policy = _policy_in(form, desk.company.currency)
    except (ValidationError, ValueError):
        problem = _("Write percentages from 0 to 100, and limits as plain numbers like 600 or 0.85.")
        return await _show(request, desk, problem, 422, form)
    if policy.cap_cents and not policy.cents_a_minute:
        problem = _("Say what a minute costs, so that a limit in money can be kept.")
        return await _show(request, desk, problem, 422, form)

    def write(connection: Connection) -> bool:
        if is_overtaken(form, stamp_of(policy_of(connection, desk.company_id))):
            return False
        set_policy(connection, desk.company_id, policy)
        return True

    if not await exchange_of(request).configure(desk.company_id, write):
        return await _show(request, desk, overtaken_words(), 409, form)
    return RedirectResponse(SPAM, 303)


async def add_callers(request: Request, desk: Desk) -> Response:
    """Block or allow the numbers in the form, one a line or as CSV; all of them or none."""
    require_change(desk)
    form = await read_form(request, MAX_LIST_BYTES)
    usual = Word.ALLOW if form.one("word") == Word.ALLOW else Word.BLOCK
    lines, faults = read_callers(form.one("list"), desk.company.country, usual)
    if not lines and not faults:
        faults = [_("Write at least one number, or a beginning like +1900*.")]
    if faults:
        return await _show(request, desk, " ".join(faults[:5]), 422, form)
    is_kept = await exchange_of(request).configure(
        desk.company_id, lambda connection: _keep(connection, desk, lines)
    )
    if not is_kept:
        problem = _("That would be more than %s. Use beginnings instead.") % MOST_WORDS
        return await _show(request, desk, problem, 409, form)
    return RedirectResponse(f"{SPAM}#callers", 303)


async def remove_caller(request: Request, desk: Desk) -> Response:
    """Take back what was said of a caller."""
    require_change(desk)
    word_id = (await read_form(request)).one("word_id")
    await exchange_of(request).configure(
        desk.company_id, lambda connection: unsay_of_caller(connection, desk.company_id, word_id)
    )
    return RedirectResponse(f"{SPAM}#callers", 303)


async def download_callers(request: Request, desk: Desk) -> Response:
    """Everything that was said of callers, as CSV."""
    text = await exchange_of(request).read(
        lambda connection: write_callers(list_words(connection, desk.company_id, MOST_WORDS).rows)
    )
    return await taken_out(request, desk, "callers.csv", text)


async def change_honeypot(request: Request, desk: Desk) -> Response:
    """Make a number a honeypot, or an ordinary one again."""
    require_change(desk)
    form = await read_form(request)
    number_id, is_one = form.one("number_id"), form.one("do") == "set"

    try:
        is_known = await exchange_of(request).configure(
            desk.company_id, lambda connection: set_honeypot(connection, desk.company_id, number_id, is_one)
        )
    except NotPossible as error:
        return await _show(request, desk, str(error), 409)
    if not is_known:
        raise Refused(404, _("There is no such number. Only one that is in no pool can be a honeypot."))
    return RedirectResponse(f"{SPAM}#honeypots", 303)


async def judge_spam(request: Request, desk: Desk) -> Response:
    """Keep a person's word on whether a call was spam, and show where they were again."""
    if not desk.user.role.may_judge:
        raise Refused(403, _("Your role lets you look, but not judge calls. Ask an owner or an admin."))
    form, call_id = await read_form(request), request.path_params["call_id"]
    if form.one("spam") not in _SAID:
        raise Refused(400, _("Say spam, no spam, or nothing."))
    known = await exchange_of(request).configure(
        desk.company_id,
        lambda connection: clear(
            connection, desk.company_id, call_id, _SAID[form.one("spam")], desk.user.email, desk.now
        ),
    )
    if not known:
        raise HTTPException(404)
    return RedirectResponse(SPAM if form.one("back") else f"/calls/{call_id}", 303)


def _keep(connection: Connection, desk: Desk, lines: Sequence[CallerLine]) -> bool:
    if not has_room(connection, desk.company_id, [line.pattern for line in lines]):
        return False
    for place, line in enumerate(lines):
        at = desk.now + place
        said = CallerWord(new_id(at), line.pattern, line.word, line.note, desk.user.email, at)
        say_of_caller(connection, desk.company_id, said)
    return True


def _policy_in(form: Form, currency: str) -> Policy:
    """Raises ValueError for what is no number, ValidationError for one that cannot be."""

    def number(name: str, most: float = inf, scale: float = 1) -> float | None:
        text = form.one(name)
        if not text:
            return None
        given = number_of(text, most)
        if given is None or not isfinite(given):
            raise ValueError(text)
        return round(given * scale, 6)

    cap_minutes, cap_money = number("cap_minutes"), form.one("cap_money")
    cap_cents = cents_of(cap_money, places_of(currency))
    if cap_money and cap_cents is None:
        raise ValueError(cap_money)
    return _POLICY.validate_python(
        {
            "mark_from": number("mark_percent", 100, 0.01),
            "reject_from": number("reject_percent", 100, 0.01),
            "cap_minutes": round(cap_minutes) if cap_minutes is not None else None,
            "cap_cents": cap_cents,
            "cents_a_minute": number("a_minute", _DEAREST_MINUTE, 100),
        }
    )


async def _show(
    request: Request, desk: Desk, problem: str = "", status: int = 200, typed: Form | None = None
) -> Response:
    """What was typed and could not be is shown again, on what its reader saw; who was overtaken has been told."""
    view = await exchange_of(request).read(lambda connection: _look(connection, desk))
    seen = typed.one(FIELD) if typed and status == 422 else ""
    return page(
        "spam.html",
        status,
        desk=desk,
        view=view,
        problem=problem,
        typed=typed or Form({}),
        stamp=seen or stamp_of(view.policy),
        Word=Word,
    )


def _look(connection: Connection, desk: Desk) -> SpamView:
    company_id = desk.company_id
    traps = honeypots_of(connection, company_id)
    statics = [
        each
        for each in list_numbers(connection, company_id, NumberFilter(kind=NumberKind.STATIC), MOST_STATICS).rows
        if each.status is not NumberStatus.RELEASED
    ]
    return SpamView(
        policy=policy_of(connection, company_id),
        words=list_words(connection, company_id, SHOWN_WORDS).rows,
        word_count=count_words(connection, company_id),
        honeypots=[each for each in statics if each.number in traps],
        could_be=[each for each in statics if each.number not in traps],
        calls=list_calls(connection, company_id, CallFilter(spam=True), SHOWN_CALLS).rows,
        minutes_today=seconds_since(connection, company_id, desk.moments.day_start()) // 60,
        pumping=pumping(traffic_of(connection, company_id, desk.now)),
    )
