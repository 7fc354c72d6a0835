"""What the call and visit pages tell: a visit's steps with its calls, and who may have made a call."""

from collections.abc import Sequence
from dataclasses import dataclass

from swapboard.attribution.touch import in_parts
from swapboard.calls.listing import CallRecord, CandidateRecord
from swapboard.clock import Millis
from swapboard.visits.listing import SessionDetail, TimelineEvent
from swapboard.visits.visit import EventKind

LEAST_WORTH_A_LINE = 0.01


@dataclass(frozen=True, slots=True)
class Step:
    """One thing of a visit: an event of it, or a call that it made."""

    at: Millis
    event: TimelineEvent | None = None
    call: CallRecord | None = None
    is_landing: bool = False
    read_seconds: float | None = None
    """How long a page was open: until the next page, or until the visit was last heard of."""


def steps_of(visit: SessionDetail, calls: Sequence[CallRecord]) -> Sequence[Step]:
    """The landing first, whatever the clocks said, then everything in order of time."""
    landing, *later = visit.timeline
    pages = sorted(event.happened_at for event in later if event.kind is EventKind.PAGE)
    ends = [*pages, visit.session.last_seen_at]

    def read_seconds(event: TimelineEvent) -> float | None:
        if event.kind is not EventKind.PAGE:
            return None
        end = next((each for each in ends if each > event.happened_at), event.happened_at)
        return (end - event.happened_at) / 1000

    events = [Step(event.happened_at, event=event, read_seconds=read_seconds(event)) for event in later]
    rung = [Step(call.started_at, call=call) for call in calls]
    return [
        Step(landing.happened_at, event=landing, is_landing=True, read_seconds=read_seconds(landing)),
        *sorted([*events, *rung], key=lambda step: step.at),
    ]


@dataclass(frozen=True, slots=True)
class Suspects:
    """Who may have made a call: those worth a line, how many are not, and what is left for nobody at all."""

    likely: Sequence[CandidateRecord]
    others: int
    others_probability: float
    nobody_probability: float

    @property
    def percents(self) -> Sequence[int]:
        """As they are read, which make 100: of each of the likely, of the others together, and of nobody."""
        likely = [each.probability for each in self.likely]
        return in_parts([*likely, self.others_probability, self.nobody_probability], 100)


def suspects_of(candidates: Sequence[CandidateRecord]) -> Suspects:
    """The candidates (most probable first) sorted out; the first is always worth a line."""
    likely = [each for each in candidates if each.rank == 1 or each.probability >= LEAST_WORTH_A_LINE]
    others = [each.probability for each in candidates if each not in likely]
    total = sum(each.probability for each in candidates)
    return Suspects(likely, len(others), sum(others), max(0.0, 1 - total))
