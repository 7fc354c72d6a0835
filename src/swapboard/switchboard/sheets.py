"""Reads a report of a company onto its sheet."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from swapboard.accounts.company import Company
from swapboard.attribution.channel_credit import ChannelCredit
from swapboard.attribution.lead_paths import LeadPath
from swapboard.clock import Millis
from swapboard.reports.annotation_store import annotations_in
from swapboard.reports.breakdown import Breakdown, breakdown
from swapboard.reports.credit_sheet import models_sheet, paths_sheet
from swapboard.reports.dimension import Dimension
from swapboard.reports.new_people import count_new_people
from swapboard.reports.overview import overview
from swapboard.reports.question import Question, question
from swapboard.reports.report import Report, look_back_of
from swapboard.reports.report_kind import Kind
from swapboard.reports.roi import Return
from swapboard.reports.roi_sheet import roi_sheet, spent_tiles
from swapboard.reports.roi_store import roi, spent_in
from swapboard.reports.service import SERVICES, compared
from swapboard.reports.service_sheet import service_sheet
from swapboard.reports.sheet import Frame, Sheet, breakdown_sheet, missed_sheet, overview_sheet
from swapboard.reports.span import Span
from swapboard.reports.suggesting import suggest
from swapboard.reports.suggestions_sheet import suggestions_sheet
from swapboard.reports.unanswered import count_missed, missed
from swapboard.switchboard.crediting import Span as LeadSpan
from swapboard.switchboard.crediting import channel_credit
from swapboard.switchboard.wayfaring import lead_paths


def read_sheet(connection: Connection, company: Company, title: str, report: Report, now: Millis) -> Sheet:
    """The report as it is at this instant. Raises ValueError when its days are none."""
    span = report.span(now, company.time_zone)
    frame = Frame(title, company.name, company.country, span, report.filter_text)
    return _SHEETS[report.kind](_Reader(connection, company, report, span), frame)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads what the report is of, of its days or others."""

    connection: Connection
    company: Company
    report: Report
    span: Span

    def asked(self, by: Sequence[Dimension] = (), *, before: bool = False) -> Question:
        days, report = self.span.before() if before else self.span, self.report
        return question(self.company.company_id, days, by, report.terms, report.counted_by)

    def breakdown(self, by: Sequence[Dimension]) -> Breakdown:
        return breakdown(self.connection, self.asked(by), self.asked(by, before=True))

    def credit(self) -> ChannelCredit:
        span, report = self._leads(), self.report
        return channel_credit(self.connection, self.company.company_id, span, report.counted_by, report.by[0])

    def paths(self) -> Sequence[LeadPath]:
        return lead_paths(self.connection, self.company.company_id, self._leads(), self.report.by[0])

    def new_before(self) -> int:
        company_id = self.company.company_id
        return count_new_people(self.connection, company_id, self.span.before(), self.report.terms)

    def _leads(self) -> LeadSpan:
        look_back = look_back_of(self.report.query, self.company.look_back_days)
        return LeadSpan(self.span.from_at, self.span.until_at, look_back, self.report.terms)


def _overview(reader: _Reader, frame: Frame) -> Sheet:
    connection, company_id, report = reader.connection, reader.company.company_id, reader.report
    found = overview(connection, company_id, reader.span, report.terms, report.counted_by)
    notes = annotations_in(connection, company_id, reader.span)
    spent, before = (
        spent_in(connection, company_id, days, reader.company.currency, report.terms)
        for days in (reader.span, reader.span.before())
    )
    tiles = (
        spent_tiles(Return(spent, found.now), Return(before or 0, found.before), reader.company.currency)
        if spent
        else ()
    )
    return overview_sheet(frame, found, notes, tiles)


def _roi(reader: _Reader, frame: Frame) -> Sheet:
    company, report = reader.company, reader.report
    made = (company.currency, report.by, report.terms, report.counted_by)
    return roi_sheet(frame, roi(reader.connection, company.company_id, reader.span, *made))


def _suggestions(reader: _Reader, frame: Frame) -> Sheet:
    company, terms = reader.company, reader.report.terms
    found = suggest(reader.connection, company.company_id, reader.span, company.currency, terms)
    return suggestions_sheet(frame, found)


def _missed(reader: _Reader, frame: Frame) -> Sheet:
    before = count_missed(reader.connection, reader.asked(before=True))
    return missed_sheet(frame, missed(reader.connection, reader.asked()), before)


def _models(reader: _Reader, frame: Frame) -> Sheet:
    return models_sheet(frame, reader.report.by[0], reader.credit(), reader.new_before())


def _paths(reader: _Reader, frame: Frame) -> Sheet:
    return paths_sheet(frame, reader.report.by[0], reader.paths(), reader.new_before())


def _service(reader: _Reader, frame: Frame) -> Sheet:
    service = SERVICES[reader.report.kind]
    lines = compared(reader.connection, service, reader.asked(), reader.asked(before=True))
    return service_sheet(frame, reader.company, service, lines)


def _breakdown(reader: _Reader, frame: Frame) -> Sheet:
    return breakdown_sheet(frame, reader.breakdown(reader.report.by))


_SHEETS: Mapping[Kind, Callable[[_Reader, Frame], Sheet]] = {
    Kind.OVERVIEW: _overview,
    Kind.MISSED: _missed,
    Kind.ROI: _roi,
    Kind.SUGGESTIONS: _suggestions,
    Kind.MODELS: _models,
    Kind.PATHS: _paths,
    Kind.BREAKDOWN: _breakdown,
    **dict.fromkeys(SERVICES, _service),
}
