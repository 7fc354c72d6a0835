"""Reads a report of a company onto its sheet."""

from sqlalchemy import Connection

from swapboard.accounts.company import Company
from swapboard.clock import Millis
from swapboard.reports.annotation_store import annotations_in
from swapboard.reports.breakdown import Breakdown, breakdown
from swapboard.reports.dimension import Dimension
from swapboard.reports.overview import overview
from swapboard.reports.report import Kind, Report
from swapboard.reports.roi_sheet import roi_sheet
from swapboard.reports.roi_store import roi
from swapboard.reports.sheet import Frame, Sheet, breakdown_sheet, missed_sheet, overview_sheet
from swapboard.reports.span import Span
from swapboard.reports.store import question
from swapboard.reports.unanswered import missed

_LEADING = (Dimension.CHANNEL, Dimension.CAMPAIGN)


def read_sheet(connection: Connection, company: Company, title: str, report: Report, now: Millis) -> Sheet:
    """The report as it is at this instant. Raises ValueError when its days are none."""
    span = report.span(now, company.time_zone)
    frame = Frame(title, company.name, company.country, span, report.filter_text)
    match report.kind:
        case Kind.OVERVIEW:
            found = overview(connection, company.company_id, span, report.terms, report.counted_by)
            leading = [_broken_down(connection, company, report, span, (by,)) for by in _LEADING]
            notes = annotations_in(connection, company.company_id, span)
            return overview_sheet(frame, found, leading, notes)
        case Kind.MISSED:
            asked = question(company.company_id, span, (), report.terms, report.counted_by)
            return missed_sheet(frame, missed(connection, asked))
        case Kind.ROI:
            made = (company.currency, report.by, report.terms, report.counted_by)
            return roi_sheet(frame, roi(connection, company.company_id, span, *made))
        case Kind.BREAKDOWN:
            return breakdown_sheet(frame, _broken_down(connection, company, report, span, report.by))


def _broken_down(
    connection: Connection, company: Company, report: Report, span: Span, by: tuple[Dimension, ...]
) -> Breakdown:
    now, before = (
        question(company.company_id, days, by, report.terms, report.counted_by) for days in (span, span.before())
    )
    return breakdown(connection, now, before)
