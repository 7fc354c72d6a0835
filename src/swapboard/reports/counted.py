"""How many conversions a platform says that it counted, by day; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Count:
    """What one account counted on one day of what it calls by any of these names."""

    day: date
    names: frozenset[str]
    count: Decimal


def by_day(counts: Iterable[Count], names: Sequence[str], first: date, last: date) -> Mapping[date, Decimal]:
    """Of what is called so, each of the days: one that is not told of had nothing."""
    wanted = frozenset(map(str.casefold, names))
    days = {first + timedelta(number): Decimal(0) for number in range((last - first).days + 1)}
    for each in counts:
        if each.day in days and wanted & frozenset(map(str.casefold, each.names)):
            days[each.day] += each.count
    return days
