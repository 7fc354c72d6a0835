"""Shared-out leads, and people's ways, to export."""

from collections.abc import Sequence

from swapboard.attribution.channel_credit import ChannelCredit
from swapboard.attribution.lead_paths import LONGEST_WAY, LeadPath
from swapboard.reports.dimension import Dimension
from swapboard.reports.grid import Cell, Column, Grid, Kind, millionths


def credit_grid(by: Dimension, credit: ChannelCredit) -> Grid:
    """A line for each value, a column for each model; each column's sum is the number of leads, exactly."""
    columns = [Column(by), *(Column(model, Kind.DECIMAL) for model in credit.models)]
    rows: list[Sequence[Cell]] = [
        (value, *(millionths(credit.by_channel[value][model]) for model in credit.models))
        for value, _shares in credit.rows()
    ]
    return Grid(columns, rows)


def paths_grid(paths: Sequence[LeadPath]) -> Grid:
    """A line for each way: its last visits, the oldest first, how it ended, and of how many people.

    Those without visits are told by what credit calls them.
    """
    visits = [Column(f"visit_{number}") for number in range(1, LONGEST_WAY + 1)]
    ends = [Column("earlier", Kind.FLAG), Column("ended_as"), Column("people", Kind.WHOLE), Column("otherwise")]
    columns = [*visits, *ends]
    rows: list[Sequence[Cell]] = [
        (
            *(*path.steps, *[None] * (LONGEST_WAY - len(path.steps))),
            *(path.is_cut, path.ended_as, path.leads, path.otherwise),
        )
        for path in paths
    ]
    return Grid(columns, rows)
