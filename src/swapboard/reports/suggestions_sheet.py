"""What is worth a look, on a sheet."""

from collections.abc import Sequence

from swapboard.hour_of_day import hour_span
from swapboard.language import _, decimal, percent
from swapboard.reports.costs import money
from swapboard.reports.figures import Figures
from swapboard.reports.names import DAY_KIND
from swapboard.reports.sheet import Frame, Sheet, Table, Tile, sheet_of
from swapboard.reports.suggestions import Suggestions, unanswered, unanswered_share
from swapboard.reports.written import figure


def suggestions_sheet(frame: Frame, found: Suggestions) -> Sheet:
    """A table of each kind, those without any too: that nothing is wrong is worth knowing."""
    unanswered_head = (_("Calls"), _("Not answered"), _("Share"))
    tables = [
        Table(_("Keywords that cost money and bring nothing"), _head(found.currency), _wasted(found), 2),
        Table(
            _("Campaigns whose calls go unanswered"),
            (_("Campaign"), *unanswered_head),
            [(each.campaign, *_unanswered(each.figures)) for each in found.campaigns],
            1,
        ),
        Table(
            _("Hours in which calls go unanswered"),
            (_("When"), *unanswered_head),
            [
                (f"{DAY_KIND[each.days]}, {hour_span(each.hour, frame.country)}", *_unanswered(each.figures))
                for each in found.hours
            ],
            1,
        ),
    ]
    usual = "\u2013" if found.usual_unanswered is None else percent(float(found.usual_unanswered))
    return sheet_of(frame, (Tile(_("Not answered"), usual, _("of all calls")),), (), tables)


def _head(currency: str) -> tuple[str, ...]:
    spent = _("Spent, %(currency)s") % {"currency": currency}
    return _("Keyword"), _("Campaign"), spent, _("Calls to be expected"), _("Visits")


def _wasted(found: Suggestions) -> Sequence[tuple[str, ...]]:
    return [
        (
            each.keyword,
            each.campaign or _("No campaign"),
            money(each.spent.cost_micros, found.currency),
            decimal(float(each.expected_calls), 1),
            figure(each.spent.figures.visits),
        )
        for each in found.wasted
    ]


def _unanswered(figures: Figures) -> tuple[str, ...]:
    return (
        figure(figures.calls),
        decimal(unanswered(figures)),
        percent(float(unanswered_share(figures) or 0)),
    )
