"""The calls behind a figure of any report."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from swapboard.calls.listing import CallRecord, calls_by_id
from swapboard.calls.spam import Signal
from swapboard.calls.spam_words import SIGNAL
from swapboard.numbers.e164 import carrier_number
from swapboard.numbers.listing import PoolRecord, pool_by_id
from swapboard.reports.asked_forms import count_people_by_form
from swapboard.reports.behind import Figure, Part, behind_figure
from swapboard.reports.behind_store import Behind
from swapboard.reports.figures import Count
from swapboard.reports.names import DAY_KIND
from swapboard.reports.roi import paid_by
from swapboard.reports.roi_store import paid_cells
from swapboard.reports.sheet import by_words
from swapboard.reports.suggestions import read_hour
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.report_page import MOST_CALLS, Place, question_of, report_page
from swapboard.web.dashboard.report_query import read_asked
from swapboard.web.dashboard.report_words import PART

_LONGEST_ID = 64


async def behind_page(request: Request, desk: Desk) -> Response:
    """The calls that a figure counts, newest first; `when` narrows them to an hour of some days, `weekday-9`.

    `paid` narrows them to those of the lines, by one or two things, that cost something.
    """
    query = request.query_params
    asked, when, figure = read_asked(query, desk.moments), read_hour(query.get("when", "")), _figure(query)
    paid = paid_by(query.get("paid", ""))

    def read(connection: Connection) -> tuple[Sequence[Behind], Sequence[CallRecord], Count, PoolRecord | None]:
        question_ = question_of(desk, asked, paid)
        cells = paid_cells(connection, question_, asked.span, desk.company.currency) if paid else None
        of_lines = replace(figure, cells=cells)
        found = behind_figure(connection, question_, of_lines, MOST_CALLS + 1 if when is None else None)
        found = [each for each in found if when is None or when.has(desk.moments.local(each.started_at))]
        shown = [each.call_id for each in found[:MOST_CALLS]]
        are_people = figure.part is Part.NEW and when is None and not figure.pool_id
        forms = count_people_by_form(connection, question_, cells) if are_people else 0
        pool = pool_by_id(connection, desk.company_id, figure.pool_id) if figure.pool_id else None
        return found, calls_by_id(connection, desk.company_id, shown), forms, pool

    found, calls, forms, pool = await exchange_of(request).read(read)
    also = {name: query[name] for name in ("of", "phone", "signal", "pool", "when", "paid") if query.get(name)}
    return report_page(
        "report_calls.html",
        desk,
        asked,
        "",
        Place("/reports/calls", also),
        calls=calls,
        forms=forms,
        shares={each.call_id: each.share for each in found[:MOST_CALLS]},
        more=len(found) > MOST_CALLS,
        when=when,
        figure=figure,
        pool=pool,
        also=also,
        is_narrowed=bool(asked.terms or paid or when) or figure != Figure(Part.ALL),
        paid=by_words(paid) if paid else "",
        PART=PART,
        Part=Part,
        SIGNAL=SIGNAL,
        DAY_KIND=DAY_KIND,
    )


def _figure(query: Mapping[str, str]) -> Figure:
    said, signal = query.get("of", ""), query.get("signal", "")
    part = Part(said) if said in set(Part) else Part.ALL
    signal = signal if signal in set(Signal) else ""
    return Figure(part, carrier_number(query.get("phone")) or "", signal, query.get("pool", "")[:_LONGEST_ID])
