"""What earned the new people, and the ways that they took, on a sheet."""

from collections.abc import Sequence

from swapboard.attribution.channel_credit import ChannelCredit
from swapboard.attribution.lead_paths import LeadPath
from swapboard.attribution.model_words import MODEL
from swapboard.language import _, decimal, percent
from swapboard.leads.lead import ContactKind
from swapboard.reports.dimension import NOBODY, Dimension
from swapboard.reports.names import NAMES, value_name
from swapboard.reports.sheet import MOST_ROWS, Frame, Sheet, Table, Tile, beside, by_words, sheet_of


def models_sheet(frame: Frame, by: Dimension, credit: ChannelCredit, before: int) -> Sheet:
    """The lines that earned most, a column for each model; `before` is how many came new in the days before."""
    head = (NAMES[by], *(MODEL[model] for model in credit.models))
    found = credit.shown(1)
    rows = [
        (value_name(by, value, frame.country), *(decimal(shares[model], 1) for model in credit.models))
        for value, shares in found[:MOST_ROWS]
    ]
    table = Table(by_words((by,)), head, rows, 1, max(0, len(found) - MOST_ROWS))
    return sheet_of(frame, (_people(credit.leads, before),), (), [table])


def paths_sheet(frame: Frame, by: Dimension, paths: Sequence[LeadPath], before: int) -> Sheet:
    """The most common ways."""
    people = sum(each.leads for each in paths)
    rows = [
        (_way(by, each, frame.country), _ended(each), decimal(each.leads), percent(each.leads / people))
        for each in paths[:MOST_ROWS]
    ]
    head = (_("Way"), _("Then"), _("People"), _("Share"))
    table = Table(by_words((by,)), head, rows, 2, max(0, len(paths) - MOST_ROWS))
    return sheet_of(frame, (_people(people, before),), (), [table])


def _people(now: int, before: int) -> Tile:
    return Tile(_("New people"), decimal(now), beside(now, before))


def _way(by: Dimension, path: LeadPath, country: str) -> str:
    if not path.steps and not path.otherwise:
        return _("No visit is known")
    if not path.steps:
        name = value_name(by, path.otherwise, country)
        return name if path.otherwise == NOBODY else f"{name} ({_('without a visit')})"
    steps = [value_name(by, step, country) for step in path.steps]
    return " → ".join((["…"] if path.is_cut else []) + steps)


def _ended(path: LeadPath) -> str:
    return _("Called") if path.ended_as == ContactKind.CALL else _("Sent a form")
