"""Plain rows of facts as CSV: a column for each field."""

import csv
import io
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from swapboard.reports.breakdown_csv import harmless


def write_rows(kind: type[Any], rows: Sequence[Any]) -> str:
    """The text of records of this (data)class."""
    out = io.StringIO()
    writer = csv.writer(out)
    names = [each.name for each in fields(kind)]
    writer.writerow(names)
    for row in rows:
        values = (getattr(row, name) for name in names)
        writer.writerow([harmless(value) if isinstance(value, str) else value for value in values])
    return out.getvalue()
