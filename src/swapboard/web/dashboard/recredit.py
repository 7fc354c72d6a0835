"""Past calls credited anew: first what would change, then, once somebody says so, the change; and its log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from swapboard.attribution.changes import CreditChange, list_changes
from swapboard.attribution.recompute import Review, in_batches, review
from swapboard.calls.listing import CallRecord, calls_by_id
from swapboard.clock import DAY
from swapboard.storage.paging import Page
from swapboard.switchboard.recrediting import recredit
from swapboard.visits.words import words_of
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import Form, read_form, require_change
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.told import done
from swapboard.web.dashboard.translation import _, ngettext
from swapboard.web.dashboard.written import percent

PERIODS = (30, 90, 365)
MOST_SHOWN = 100
LOG_LINES = 50


@dataclass(frozen=True, slots=True)
class RecreditView:
    """Everything the page shows."""

    days: int
    found: Review
    log: Page[CreditChange]
    calls: Mapping[str, CallRecord]
    """Those of the log that have not been deleted since, by their ids."""
    visits: Mapping[str, Mapping[str, str]]
    """What is known of the visits that calls are, were or would be credited to, by their ids."""

    @property
    def seen(self) -> Sequence[CreditChange]:
        """Those of the log in which a reader sees a change."""
        return [each for each in self.log.rows if _read(each.was) != _read(each.became)]


async def recredit_page(request: Request, desk: Desk) -> Response:
    """What weighing the calls of a period anew would change, and what was changed before."""
    said = request.query_params.get("days", "")
    days = int(said) if said in {str(each) for each in PERIODS} else PERIODS[0]
    cursor = request.query_params.get("cursor") or None

    def look(connection: Connection) -> RecreditView:
        found = review(connection, desk.company_id, desk.now - days * DAY, desk.now)
        log = list_changes(connection, desk.company_id, LOG_LINES, cursor)
        calls = calls_by_id(connection, desk.company_id, [each.call_id for each in log.rows])
        of_log = {each.call_id: each for each in calls}
        visits = words_of(connection, desk.company_id, _visits(found, log))
        return RecreditView(days, found, log, of_log, visits)

    view = await exchange_of(request).read(look)
    return page("recredit.html", desk=desk, view=view, periods=PERIODS, most=MOST_SHOWN)


async def recredit_calls(request: Request, desk: Desk) -> Response:
    """Apply what the page showed. Raises Refused (403; 409 when something new was learned since)."""
    require_change(desk)
    form, exchange = await read_form(request), exchange_of(request)
    version, since, until = (_whole(form, name) for name in ("version", "since", "until"))
    found = await exchange.read(lambda connection: review(connection, desk.company_id, since, until))
    if found.version != version:
        raise Refused(409, _("Something new was learned since you looked. Go back, look again, and decide anew."))
    changed = 0
    for batch in in_batches(found.changes):
        apply = partial(
            recredit,
            company_id=desk.company_id,
            version=version,
            changes=batch,
            actor=desk.user.email,
            now=exchange.clock(),
        )
        changed += await exchange.change(apply)
    said = ngettext("%(count)s call was credited anew.", "%(count)s calls were credited anew.", changed)
    return done(request, f"/trust/recredit?days={(until - since) // DAY}", said % {"count": changed})


def _visits(found: Review, log: Page[CreditChange]) -> Sequence[str]:
    """The ids of all that the page names."""
    moved = [said.session_id for each in found.moved[:MOST_SHOWN] for said in (each.was, each.became)]
    changed = [said["session_id"] for each in log.rows for said in (each.was, each.became)]
    return sorted({each for each in (*moved, *changed) if each})


def _read(credit: Mapping[str, Any]) -> tuple[str, str]:
    """What the page shows of it."""
    session_id, confidence = credit["session_id"], credit["confidence"]
    return (session_id, "" if confidence is None else percent(confidence)) if session_id else ("", "")


def _whole(form: Form, name: str) -> int:
    said = form.one(name)
    if not (said.isascii() and said.isdecimal() and len(said) <= len(str(10**15))):
        raise Refused(400, _("The form could not be read. Load the page again and try once more."))
    return int(said)
