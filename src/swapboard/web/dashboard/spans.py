"""Runs of days and lengths of time, in words."""

from datetime import date

from swapboard.clock import DAY, HOUR, MINUTE, Millis
from swapboard.reports.span import Span
from swapboard.web.dashboard.moments import Moments
from swapboard.web.dashboard.translation import _, ngettext


def days(span: Span, moments: Moments) -> str:
    """The days of a report: one, or from which to which."""
    first, last = (moments.named(day) for day in (span.first, span.last))
    if span.length == 1:
        return first
    within = {_("Today"): _("today"), _("Yesterday"): _("yesterday")}.get(last, last)
    return _("%(first)s to %(last)s") % {"first": first, "last": within}


def between(first: date, last: date, moments: Moments) -> str:
    """A day, or from which to which."""
    said = moments.dated(first)
    return said if first == last else _("%(first)s to %(last)s") % {"first": said, "last": moments.dated(last)}


def long_time(length: Millis) -> str:
    """A length of time in its largest unit: `3 minutes`, `5 hours`, `2 days`."""
    unit = DAY if length >= DAY else HOUR if length >= HOUR else MINUTE
    return so_many(max(1, round(length / unit)), unit)


def so_many(number: int, unit: Millis) -> str:
    """`65 minutes`, in a unit of long times."""
    if unit == DAY:
        return ngettext("%(n)s day", "%(n)s days", number) % {"n": number}
    if unit == HOUR:
        return ngettext("%(n)s hour", "%(n)s hours", number) % {"n": number}
    return ngettext("%(n)s minute", "%(n)s minutes", number) % {"n": number}
