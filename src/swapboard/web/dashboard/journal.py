"""Who saw, heard or changed what: a page with filters, and the same as a file."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import StringIO

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from swapboard.accounts.audit import Act, Asked, Entry, entries_like
from swapboard.clock import Millis, zone
from swapboard.spreadsheet import harmless
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.guard import Desk, exchange_of, signed_in
from swapboard.web.dashboard.journal_words import addresses, told
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.taken_out import taken_out
from swapboard.web.dashboard.translation import Words, _

AT_ONCE = 50
MOST_LINES = 50_000
ACTS: Mapping[Act, str] = Words(
    {
        Act.HEARD: _("Heard a recording"),
        Act.READ: _("Read what was said"),
        Act.DELETED: _("Deleted a recording"),
        Act.EXPORTED: _("Took a whole list out as a file"),
        Act.FORGOT_CALLER: _("Forgot a caller"),
        Act.PAUSED: _("Paused a recording"),
        Act.RESUMED: _("Resumed a recording"),
        Act.SIGNED_IN: _("Signed in at a platform"),
        Act.SIGNED_OUT: _("Took access back"),
        Act.SHARED: _("Shared a report by a link"),
        Act.REVOKED_LINK: _("Revoked a report's link"),
        Act.OPENED_LINK: _("A shared report was opened"),
        Act.INVITED: _("Invited somebody"),
        Act.WITHDREW: _("Withdrew an invitation"),
        Act.JOINED: _("Joined"),
        Act.ROLE_CHANGED: _("Changed a role"),
        Act.REMOVED: _("Removed somebody"),
        Act.LEFT: _("Left"),
        Act.CHANGED_PASSWORD: _("Changed their password"),
        Act.MADE_KEY: _("Made an API key"),
        Act.REVOKED_KEY: _("Revoked an API key"),
        Act.ENDED_LOG_INS: _("Logged browsers out"),
        Act.MADE_PASSKEY: _("Made a passkey"),
        Act.REMOVED_PASSKEY: _("Removed a passkey"),
        Act.SECOND_STEP_ON: _("Switched on the second step of their log-in"),
        Act.SECOND_STEP_OFF: _("Switched off the second step of their log-in"),
        Act.CHANGED: _("Changed something"),
    }
)


@dataclass(frozen=True, slots=True)
class JournalView:
    """Everything the page shows."""

    entries: Sequence[Entry]
    typed: Mapping[str, str]
    older: str | None
    """The last entry's id, when there are more."""


def journal_routes() -> list[Route]:
    """Every address of the journal."""
    return [Route("/journal", signed_in(journal_page)), Route("/journal.csv", signed_in(journal_file))]


async def journal_page(request: Request, desk: Desk) -> Response:
    """What was done, newest first."""
    typed, before = _typed(request), request.query_params.get("before", "")
    found = await _found(request, desk, typed, AT_ONCE + 1, before)
    older = found[AT_ONCE - 1].entry_id if len(found) > AT_ONCE else None
    view = JournalView(found[:AT_ONCE], typed, older)
    return page("journal.html", desk=desk, view=view, ACTS=ACTS, told=told)


async def journal_file(request: Request, desk: Desk) -> Response:
    """What the filters leave, as a table."""
    found = await _found(request, desk, _typed(request), MOST_LINES, "")
    text = StringIO()
    lines = csv.writer(text)
    lines.writerow(("when", "who", "did", "what"))
    lines.writerows(
        (desk.moments.iso(each.happened_at), harmless(each.actor), each.act.value, harmless(each.subject))
        for each in found
    )
    return await taken_out(request, desk, "journal.csv", text.getvalue())


async def _found(
    request: Request, desk: Desk, typed: Mapping[str, str], limit: int, before: str
) -> Sequence[Entry]:
    act = Act(typed["did"]) if typed["did"] in set(Act) else None
    since, until = _start(desk, typed["since"]), _start(desk, typed["until"], days=1)
    asked = Asked(typed["who"], act, typed["what"], since, until, addresses(typed["what"]))

    def read(connection: Connection) -> Sequence[Entry]:
        return entries_like(connection, desk.company_id, asked, limit, before)

    return await exchange_of(request).read(read)


def _typed(request: Request) -> Mapping[str, str]:
    given = request.query_params
    typed = {name: given.get(name, "").strip()[:200] for name in ("who", "did", "what", "since", "until")}
    if any("\0" in value for value in [*typed.values(), given.get("before", "")]):
        raise Refused(400, _("The form must not contain a NUL character."))
    return typed


def _start(desk: Desk, text: str, days: int = 0) -> Millis | None:
    """When the day began on the company's clocks, or the one so many days after it. Raises Refused (422)."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text) + timedelta(days=days)
        return round(datetime.combine(day, time(), zone(desk.company.time_zone)).timestamp() * 1000)
    except (ValueError, OverflowError):
        raise Refused(422, _("Write a day like 2026-11-24.")) from None
