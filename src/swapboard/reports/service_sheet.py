"""A report on the service itself, on a sheet."""

from collections.abc import Sequence
from dataclasses import replace

from swapboard.accounts.company import Company
from swapboard.language import _, decimal
from swapboard.reports.service import Column, Compared, Service
from swapboard.reports.sheet import MOST_ROWS, Frame, Sheet, Table, Tile, beside, sheet_of

_MOST_TILES = 4


def service_sheet(frame: Frame, company: Company, service: Service, lines: Sequence[Compared]) -> Sheet:
    """What is compared with the days before, together; and each line."""
    counted = [column for column in service.columns if column.counts]
    tiles = [_tile(column, lines) for column in counted[:_MOST_TILES]]
    head = tuple(_(column.heading) for column in service.columns)
    rows = [tuple(column.says(each.now, company) for column in service.columns) for each in lines[:MOST_ROWS]]
    table = Table(_(service.title), head, rows, 1, max(0, len(lines) - MOST_ROWS))
    return replace(sheet_of(frame, tiles, (), [table]), about=_(service.about))


def _tile(column: Column, lines: Sequence[Compared]) -> Tile:
    now, before = (sum(getattr(row, column.counts) for row in rows) for rows in _both(lines))
    return Tile(_(column.heading), decimal(now), beside(now, before))


def _both(lines: Sequence[Compared]) -> tuple[Sequence[object], Sequence[object]]:
    return [each.now for each in lines], [each.before for each in lines]
