"""What happened on a day that the figures do not tell: "new landing page", "radio spot"."""

from dataclasses import dataclass
from datetime import date

from swapboard.clock import Millis
from swapboard.language import _
from swapboard.reports.span import reportable

LONGEST_TEXT = 200
MOST_ANNOTATIONS = 2_000


class BadAnnotation(ValueError):
    """It cannot be kept so; the message is for people."""


class TooManyAnnotations(Exception):
    """So many there are already."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """A note on one day of the company's calendar."""

    company_id: str
    annotation_id: str
    day: date
    text: str
    made_by: str
    """Whose e-mail address, or `key` when the API was asked."""
    created_at: Millis


def annotation_text(text: str) -> str:
    """The text as it is kept: one line. Raises BadAnnotation."""
    line = " ".join(text.split())
    if not line or len(line) > LONGEST_TEXT or "\0" in line:
        raise BadAnnotation(_("Write what happened, in at most %(most)s letters.") % {"most": LONGEST_TEXT})
    return line


def annotation_day(text: str) -> date:
    """The day of `2026-11-29`, if a report can show it. Raises BadAnnotation."""
    try:
        return reportable(date.fromisoformat(text))
    except ValueError:
        raise BadAnnotation(_("Write a day like 2026-11-29.")) from None
