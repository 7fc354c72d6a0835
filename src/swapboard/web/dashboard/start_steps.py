"""The steps from an empty company to its first call, and which are done: that is seen from what there is."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from swapboard.accounts.store import sites_of
from swapboard.calls.listing import CallFilter, list_calls
from swapboard.calls.store import carrier_accounts
from swapboard.conversions.store import list_destinations
from swapboard.numbers.inventory import NumberStatus
from swapboard.numbers.listing import NumberFilter, list_numbers
from swapboard.numbers.target_listing import list_targets
from swapboard.web.dashboard.translation import Words, _

START = "/setup/start"
ANALYTICS_KIND = "google_analytics"


class Step(StrEnum):
    """In the order in which they are asked."""

    NUMBER = "number"
    CARRIER = "carrier"
    NUMBERS = "numbers"
    SITE = "site"
    CALL = "call"
    ANALYTICS = "analytics"

    @property
    def path(self) -> str:
        return f"{START}/{self}"


STEPS = tuple(Step)
NAMES: Mapping[Step, str] = Words(
    {
        Step.NUMBER: _("Your number and your site"),
        Step.CARRIER: _("Your carrier"),
        Step.NUMBERS: _("Tracking numbers"),
        Step.SITE: _("One line on your site"),
        Step.CALL: _("A test call"),
        Step.ANALYTICS: _("Google Analytics"),
    }
)
LEFT: Mapping[Step, str] = Words(
    {
        Step.NUMBER: _("Without it no number can be replaced, and no call has a place to ring."),
        Step.CARRIER: _("Without one no call comes in."),
        Step.NUMBERS: _("Without any, visitors see your own number, and calls are not told apart."),
        Step.SITE: _("Until it is there, visitors see your own number."),
        Step.CALL: _("Ring once, to see that it all works together."),
        Step.ANALYTICS: _("If you use it, it counts your calls beside your visits."),
    }
)


SHOWN = NumberFilter(status=NumberStatus.ACTIVE)
"""Numbers that are all paused are shown to nobody."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Which steps are done."""

    done: frozenset[Step]

    @property
    def left(self) -> tuple[Step, ...]:
        return tuple(step for step in STEPS if step not in self.done)

    @property
    def is_good_enough(self) -> bool:
        """Whether calls come in, so that nobody need be reminded."""
        return Step.CALL in self.done

    def after(self, step: Step) -> str:
        """Where one goes on from a step, done or skipped: the next one in order, or the summary."""
        place = STEPS.index(step) + 1
        return STEPS[place].path if place < len(STEPS) else START


def before(step: Step) -> str:
    """Where one goes back to."""
    place = STEPS.index(step)
    return STEPS[place - 1].path if place else START


def progress_of(connection: Connection, company_id: str) -> Progress:
    """What there is of the company, by one look at each thing."""
    destinations = list_destinations(connection, company_id).rows
    found = {
        Step.NUMBER: bool(list_targets(connection, company_id, 1).rows),
        Step.CARRIER: bool(carrier_accounts(connection, company_id)),
        Step.NUMBERS: bool(list_numbers(connection, company_id, SHOWN, 1).rows),
        Step.SITE: any(site.first_seen_at is not None for site in sites_of(connection, company_id)),
        Step.CALL: bool(list_calls(connection, company_id, CallFilter(), 1).rows),
        Step.ANALYTICS: any(each.kind == ANALYTICS_KIND for each in destinations),
    }
    return Progress(frozenset(step for step, is_done in found.items() if is_done))
