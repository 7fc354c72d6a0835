"""Whose calls are recorded, what their callers are told, how long it is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from swapboard.calls.flow_store import company_lines
from swapboard.calls.recording import ANY_LINE, OFF, RecordingMode, RecordingPolicy
from swapboard.calls.recording_law import LAWS
from swapboard.calls.sound import Sound
from swapboard.calls.sound_store import list_sounds
from swapboard.calls.step_check import file_fault
from swapboard.mail.addresses import read_addresses
from swapboard.mail.outbox import (
    Email,
    MessageMail,
    latest_emails,
    message_mail_of,
    set_message_mail,
)
from swapboard.numbers.e164 import NotANumber, parse_number
from swapboard.recordings.recording import Keeping, keeping_faults
from swapboard.recordings.store import keeping_of, policies_of, set_keeping, set_policy
from swapboard.switchboard.forgetting_caller import Forgotten, forget_caller
from swapboard.web.dashboard.forms import Form, read_form, require_change
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.translation import Words, _

PAGE = "/numbers/recording"

MODE: Mapping[RecordingMode, str] = Words(
    {
        RecordingMode.OFF: _("Not recorded"),
        RecordingMode.BY_LAW: _("Recorded as the law of the caller's place asks: told, or by a key"),
        RecordingMode.NOTICE: _("Recorded, and the caller is told first"),
        RecordingMode.KEYPRESS: _("Recorded only if the caller presses 1"),
        RecordingMode.UNTOLD: _("Recorded without a word"),
    }
)


@dataclass(frozen=True, slots=True)
class RecordingView:
    """Everything the page shows."""

    everywhere: RecordingPolicy
    own: Mapping[str, RecordingPolicy]
    lines: Sequence[str]
    sounds: Sequence[Sound]
    keeping: Keeping
    mail: MessageMail
    emails: Sequence[Email]


async def recording_page(request: Request, desk: Desk) -> Response:
    """How it is set."""
    return await _show(request, desk)


async def save_recording(request: Request, desk: Desk) -> Response:
    """Set one number's policy, the days, or forget a caller: by which form was sent."""
    require_change(desk)
    form = await read_form(request)
    match form.one("do"):
        case "policy":
            return await _save_policy(request, desk, form)
        case "keeping":
            return await _save_keeping(request, desk, form)
        case "mail":
            return await _save_mail(request, desk, form)
        case "forget":
            return await _forget(request, desk, form)
        case _:
            return RedirectResponse(PAGE, 303)


async def _save_policy(request: Request, desk: Desk, form: Form) -> Response:
    line, said = form.one("line"), form.one("mode")
    is_known = said in set(RecordingMode) or (said == "same" and line)
    policy = (
        RecordingPolicy(
            RecordingMode(said),
            *(form.one(name) for name in ("notice", "question", "notice_file", "question_file")),
        )
        if said in set(RecordingMode)
        else None
    )
    if not is_known:
        return await _show(request, desk, [_("Choose when calls are recorded.")], 422, form)
    if policy and len(policy.notice + policy.question) > 1_000:
        return await _show(request, desk, [_("Write what is said in at most 1000 letters.")], 422, form)

    def write(connection: Connection) -> str | None:
        if line != ANY_LINE and line not in company_lines(connection, desk.company_id)[0]:
            return _("That is none of your tracking numbers.")
        fault = _unheard(connection, desk, policy) if policy else None
        if not fault:
            set_policy(connection, desk.company_id, line, policy)
        return fault

    if fault := await exchange_of(request).configure(desk.company_id, write):
        return await _show(request, desk, [fault], 422, form)
    return RedirectResponse(PAGE, 303)


def _unheard(connection: Connection, desk: Desk, policy: RecordingPolicy) -> str | None:
    sounds = {each.name for each in list_sounds(connection, desk.company_id)}
    is_unheard = any(file_fault(file, sounds) for file in (policy.notice_file, policy.question_file))
    return _("There is no such sound. Somebody may have removed it.") if is_unheard else None


async def _save_keeping(request: Request, desk: Desk, form: Form) -> Response:
    talk, message = map(form.whole_number, ("talk_days", "message_days"))
    keeping = Keeping(talk, message, deletes_at_carrier=form.one("deletes") == "yes")
    if faults := keeping_faults(keeping):
        return await _show(request, desk, [_(fault) for fault in faults], 422, form)
    await exchange_of(request).change(lambda connection: set_keeping(connection, desk.company_id, keeping))
    return RedirectResponse(PAGE, 303)


async def _save_mail(request: Request, desk: Desk, form: Form) -> Response:
    try:
        addresses = read_addresses(form.one("addresses"))
    except ValueError as error:
        return await _show(request, desk, [str(error)], 422, form)
    wanted = MessageMail(addresses, attaches=form.one("attaches") == "yes")
    await exchange_of(request).change(lambda connection: set_message_mail(connection, desk.company_id, wanted))
    return RedirectResponse(PAGE, 303)


async def _forget(request: Request, desk: Desk, form: Form) -> Response:
    try:
        caller = parse_number(form.one("caller"), desk.company.country)
    except NotANumber as error:
        return await _show(request, desk, [str(error)], 422, form)
    gone = await exchange_of(request).configure(
        desk.company_id,
        lambda connection: forget_caller(connection, desk.company_id, caller, desk.user.email, desk.now),
    )
    if not any(gone):
        return await _show(request, desk, [_("Nobody has called or written with this number.")], 404, form)
    return await _show(request, desk, forgotten=gone)


async def _show(
    request: Request,
    desk: Desk,
    faults: Sequence[str] = (),
    status: int = 200,
    typed: Form | None = None,
    forgotten: Forgotten | None = None,
) -> Response:
    """What was typed and could not be kept is shown again."""
    view = await exchange_of(request).read(lambda connection: _look(connection, desk))
    return page(
        "recording.html",
        status,
        desk=desk,
        view=view,
        faults=faults,
        typed=typed or Form({}),
        forgotten=forgotten,
        has_mail_server=bool(exchange_of(request).settings.smtp_url),
        MODE=MODE,
        LAWS=LAWS,
    )


def _look(connection: Connection, desk: Desk) -> RecordingView:
    policies = policies_of(connection, desk.company_id)
    tracking, _targets = company_lines(connection, desk.company_id)
    return RecordingView(
        everywhere=policies.get(ANY_LINE, OFF),
        own={line: policy for line, policy in sorted(policies.items()) if line},
        lines=sorted(tracking),
        sounds=list_sounds(connection, desk.company_id),
        keeping=keeping_of(connection, desk.company_id),
        mail=message_mail_of(connection, desk.company_id),
        emails=latest_emails(connection, desk.company_id),
    )
