"""Bringing in numbers that are the company's already: what must be so, and the writing of it."""

from collections.abc import Sequence

from sqlalchemy import Connection

from swapboard.clock import Millis
from swapboard.language import _
from swapboard.numbers.inventory import NewNumber, add_numbers
from swapboard.numbers.listing import answering_among, owned_among
from swapboard.numbers.number_log import NumberEvent, log_numbers

MOST_TOLD = 5


class CannotAdd(Exception):
    """Some of the numbers cannot be tracking numbers; `reasons` has each with why."""

    def __init__(self, reasons: Sequence[tuple[str, str]]) -> None:
        told = [f"{number}: {reason}" for number, reason in reasons[:MOST_TOLD]]
        if (more := len(reasons) - MOST_TOLD) > 0:
            told.append(_("And %(more)s more cannot be brought in.") % {"more": more})
        super().__init__(" ".join(told))
        self.reasons = reasons


def bring_in(connection: Connection, company_id: str, new: Sequence[NewNumber], actor: str, now: Millis) -> None:
    """Write the numbers, all or none. Raises CannotAdd."""
    wanted = [each.number for each in new]
    owned = owned_among(connection, company_id, wanted)
    answering = answering_among(connection, company_id, wanted)
    reasons = [
        *((number, _("it is here already.")) for number in wanted if number in owned),
        *(
            (number, _("your calls go to it: they would go in circles."))
            for number in wanted
            if number in answering
        ),
    ]
    if reasons:
        raise CannotAdd(reasons)
    add_numbers(connection, company_id, new)
    log_numbers(connection, company_id, [each.number_id for each in new], NumberEvent.ADDED, actor, now)
