"""What a person should look at, from the database."""

from collections.abc import Sequence

from sqlalchemy import Connection

from swapboard.reports.call_hours import calls_by_hour
from swapboard.reports.filter import Term
from swapboard.reports.overview import by_hour_of_week
from swapboard.reports.question import question
from swapboard.reports.roi_store import returns_of
from swapboard.reports.span import Span
from swapboard.reports.suggestions import BY_KEYWORD, Suggestions, suggestions


def suggest(
    connection: Connection, company_id: str, span: Span, currency: str, terms: Sequence[Term] = ()
) -> Suggestions:
    """By best match, for only whole calls can be looked at one by one."""
    found = returns_of(connection, (question(company_id, span, BY_KEYWORD, terms),), (span,), currency)
    hours = calls_by_hour(connection, question(company_id, span, (), terms), span.zone)
    return suggestions(found.returned[0], currency, by_hour_of_week(hours))
