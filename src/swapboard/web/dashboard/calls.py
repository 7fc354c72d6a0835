"""The list of calls, one call, and one visit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from swapboard.attribution.changes import CreditChange, list_changes
from swapboard.attribution.verdicts import MatchVerdict, said_of
from swapboard.calls.call import Status
from swapboard.calls.facets import Facets, facets
from swapboard.calls.listing import CallFilter, CallRecord, call_by_id, list_calls
from swapboard.clock import Millis
from swapboard.leads.lead import ContactKind
from swapboard.leads.store import lead_of
from swapboard.numbers.listing import NumberRecord, number_by_id
from swapboard.storage.paging import Page
from swapboard.switchboard.explaining import Explanation, explain
from swapboard.visits.listing import SessionDetail, session_by_id
from swapboard.web.dashboard.delivery_words import STATE
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.periods import PERIOD, Period, bounds
from swapboard.web.dashboard.recordings import Heard, heard_of_call
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.said import CallWords, words_of_call
from swapboard.web.dashboard.story import LEAST_WORTH_A_LINE, steps_of, suspects_of

CALLS_PER_PAGE = 50
_SPAM = {"only": True, "none": False}
LONGEST_SEARCH = 200

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the filters say; the same words stand in the page's address."""

    period: Period
    status: Status | None
    channel: str
    campaign: str
    spam: str
    """`only`, `none`, or empty for all."""
    text: str
    said: str
    """Words that were said in the call."""
    cursor: str

    @property
    def is_narrow(self) -> bool:
        """True when more than the period is asked for."""
        return bool(self.status or self.channel or self.campaign or self.spam or self.text or self.said)

    def address(self, cursor: str = "") -> str:
        """The permanent link to this list, from a cursor on."""
        said = {
            "period": self.period.value,
            "status": self.status or "",
            "channel": self.channel,
            "campaign": self.campaign,
            "spam": self.spam,
            "q": self.text,
            "said": self.said,
            "cursor": cursor,
        }
        return f"/calls?{urlencode({name: value for name, value in said.items() if value})}"

    def everywhen(self) -> str:
        """The link to the same filters for all time."""
        return replace(self, period=Period.EVER).address()


@dataclass(frozen=True, slots=True)
class _Found:
    """A call with what belongs to it."""

    call: CallRecord
    visit: SessionDetail | None
    number: NumberRecord | None
    lead_id: str | None
    said: MatchVerdict | None
    changes: Sequence[CreditChange]
    recordings: Sequence[Heard]
    words: CallWords
    explained: Sequence[Explanation]


async def calls_page(request: Request, desk: Desk) -> Response:
    """The calls that fit the filters, newest first."""
    asked = _asked(request.query_params)
    if not desk.user.role.may_listen:
        # Who may not read what was said may not find out by searching either.
        asked = replace(asked, said="")
    tokens = exchange_of(request).sealer.searched(desk.company_id, asked.said)
    found, offered, last_at = await exchange_of(request).read(
        lambda connection: _list(connection, desk, asked, tokens)
    )
    return page(
        "calls.html", desk=desk, asked=asked, found=found, offered=offered, last_at=last_at, periods=PERIOD
    )


async def call_page(request: Request, desk: Desk) -> Response:
    """One call with everything that is known of it."""
    return await show_call(request, desk)


async def show_call(
    request: Request, desk: Desk, typed: Mapping[str, str] | None = None, problem: str = ""
) -> Response:
    """The call's page; what was typed of the call and cannot be is shown again. Raises HTTPException (404)."""
    call_id, exchange = _id_in(request, "call_id"), exchange_of(request)

    def read(connection: Connection) -> _Found | None:
        call = call_by_id(connection, desk.company_id, call_id)
        if call is None:
            return None
        visit = session_by_id(connection, desk.company_id, call.session_id) if call.session_id else None
        number = number_by_id(connection, desk.company_id, call.number_id) if call.number_id else None
        return _Found(
            call,
            visit,
            number,
            lead_of(connection, desk.company_id, ContactKind.CALL, call_id),
            said_of(connection, desk.company_id, call_id),
            list_changes(connection, desk.company_id, call_id=call_id).rows,
            heard_of_call(connection, desk.company_id, call_id),
            words_of_call(connection, desk, call, exchange.sealer),
            explain(connection, desk.company_id, ContactKind.CALL, call_id, exchange.vault, desk.now) or (),
        )

    found = await exchange.read(read)
    if found is None:
        raise HTTPException(404)
    return page(
        "call.html",
        422 if problem else 200,
        desk=desk,
        typed=typed or {},
        problem=problem,
        call=found.call,
        number=found.number,
        visit=found.visit,
        lead_id=found.lead_id,
        said=found.said,
        changes=found.changes,
        recordings=found.recordings,
        call_words=found.words,
        may_transcribe=exchange.transcriber.engine is not None,
        explained=found.explained,
        DELIVERY=STATE,
        steps=steps_of(found.visit, (found.call,)) if found.visit else (),
        suspects=suspects_of(found.call.candidates),
        LEAST_WORTH_A_LINE=LEAST_WORTH_A_LINE,
    )


async def visit_page(request: Request, desk: Desk) -> Response:
    """One visit with its pages and its calls."""
    session_id = _id_in(request, "session_id")

    def read(connection: Connection) -> tuple[SessionDetail | None, Sequence[CallRecord]]:
        visit = session_by_id(connection, desk.company_id, session_id)
        return visit, list_calls(connection, desk.company_id, CallFilter(session_id=session_id)).rows

    visit, calls = await exchange_of(request).read(read)
    if visit is None:
        raise HTTPException(404)
    return page("visit.html", desk=desk, visit=visit, calls=calls, steps=steps_of(visit, calls))


def _list(
    connection: Connection, desk: Desk, asked: Asked, said: tuple[tuple[int, ...], ...]
) -> tuple[Page[CallRecord], Facets, Millis | None]:
    """What fits, what can be filtered by, and, where nothing fits, when the last call of all came."""
    from_at, until_at = bounds(asked.period, desk.moments)
    wanted = CallFilter(
        from_at=from_at,
        until_at=until_at,
        status=asked.status,
        channel=asked.channel or None,
        campaign=asked.campaign or None,
        spam=_SPAM.get(asked.spam),
        text=asked.text,
        said=said,
        country=desk.company.country,
    )
    found = list_calls(connection, desk.company_id, wanted, CALLS_PER_PAGE, asked.cursor or None)
    last = () if found.rows else list_calls(connection, desk.company_id, CallFilter(), 1).rows
    last_at = last[0].started_at if last else None
    return found, facets(connection, desk.company_id, from_at, until_at), last_at


def _asked(query: Mapping[str, str]) -> Asked:
    """What a stranger's address says, as far as it makes sense; the rest is as if it were not there."""

    def word(name: str) -> str:
        return query.get(name, "").replace("\0", "").strip()[:LONGEST_SEARCH]

    return Asked(
        period=_one_of(Period, word("period")) or Period.MONTH,
        status=_one_of(Status, word("status")),
        channel=word("channel"),
        campaign=word("campaign"),
        spam=word("spam") if word("spam") in _SPAM else "",
        text=word("q"),
        said=word("said"),
        cursor=query.get("cursor", ""),
    )


def _id_in(request: Request, name: str) -> str:
    """An id from the address, if it could be one of ours."""
    said: str = request.path_params[name]
    if not (said.isascii() and said.isalnum()):
        raise HTTPException(404)
    return said


def _one_of(choices: type[Choice], said: str) -> Choice | None:
    return choices(said) if said in set(choices) else None
