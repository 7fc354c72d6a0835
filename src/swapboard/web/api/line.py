"""The number that an address names, for what may be set for one number or for all."""

from sqlalchemy import Connection

from swapboard.calls.recording import ANY_LINE
from swapboard.numbers.listing import number_by_id
from swapboard.web.api.desk import Desk
from swapboard.web.api.fields import found

DEFAULT = "default"
"""In place of a number's id: all that have nothing of their own."""


def line_named(connection: Connection, desk: Desk, number_id: str) -> str:
    """The number (E.164), or what stands for all. Raises Problem (404)."""
    if number_id == DEFAULT:
        return ANY_LINE
    number = found(number_by_id(connection, desk.company_id, number_id), "number")
    return found(number if number.released_at is None else None, "number").number
