"""A person's way: every visit, call and form in order, with the milestones among them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from swapboard.clock import Millis
from swapboard.leads.lead import Lead


class Milestone(StrEnum):
    """What a stop on the way means."""

    FIRST_TOUCH = "first_touch"
    LEAD_CREATED = "lead_created"
    QUALIFIED = "qualified"


class StopKind(StrEnum):
    """What happened at a stop."""

    VISIT = "visit"
    CALL = "call"
    FORM = "form"
    VERDICT = "verdict"


@dataclass(frozen=True, slots=True)
class Stop:
    """One thing that happened; `ref` is the visit's, call's or form's id, and empty for a verdict."""

    kind: StopKind
    at: Millis
    ref: str
    milestones: tuple[Milestone, ...] = ()


def journey(lead: Lead, visits: Sequence[Stop], contacts: Sequence[Stop]) -> tuple[Stop, ...]:
    """All stops, oldest first: the first is the first touch, the first contact made the lead."""
    verdict = [Stop(StopKind.VERDICT, lead.qualified_at, "")] if lead.qualified_at is not None else []
    stops = sorted([*visits, *contacts, *verdict], key=_in_order)
    first_contact = next((stop for stop in stops if stop.kind in {StopKind.CALL, StopKind.FORM}), None)
    return tuple(
        Stop(stop.kind, stop.at, stop.ref, _milestones(stop, place == 0, stop is first_contact))
        for place, stop in enumerate(stops)
    )


def _milestones(stop: Stop, is_first: bool, made_the_lead: bool) -> tuple[Milestone, ...]:
    reached = {
        Milestone.FIRST_TOUCH: is_first,
        Milestone.LEAD_CREATED: made_the_lead,
        Milestone.QUALIFIED: stop.kind is StopKind.VERDICT,
    }
    return tuple(milestone for milestone, is_here in reached.items() if is_here)


def _in_order(stop: Stop) -> tuple[Millis, int, str]:
    # A visit comes before the call that it made, and that before the verdict on it, also where all were at once.
    place = {StopKind.VISIT: 0, StopKind.VERDICT: 2}.get(stop.kind, 1)
    return stop.at, place, stop.ref
