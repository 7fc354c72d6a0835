"""The days ahead of a pool, as documents have them."""

from pydantic import BaseModel

from swapboard.clock import iso
from swapboard.numbers.rhythm import ComingDay
from swapboard.web.api.fields import Moment


class DayDocument(BaseModel):
    """A coming day: the visits expected, and the numbers that keep the promise on it."""

    starts_at: Moment
    visits: float
    numbers: int


def coming_day(day: ComingDay) -> DayDocument:
    """The day as it is expected."""
    return DayDocument(starts_at=iso(day.starts_at), visits=round(sum(day.visits), 1), numbers=day.needed)
