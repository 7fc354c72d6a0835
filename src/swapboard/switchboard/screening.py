"""Who took a screened call, as our own doors heard it: carriers do not agree on what a declined leg is.

Some say in the end of a dialling whether the leg was joined, some call an answered leg completed whether it was or
not. But whoever answers a screened leg asks us what to hear, and is joined by our own answer to the key.
"""

from collections import OrderedDict
from dataclasses import replace

from swapboard.calls.call import CallEvent, EventKind, Outcome
from swapboard.calls.step import Join, Step

REMEMBERED_CALLS = 5_000
_Key = tuple[str, str]


class Screening:
    """The screened diallings of one process that are under way."""

    def __init__(self) -> None:
        self._taken: OrderedDict[_Key, bool] = OrderedDict()

    def note(self, carrier_id: str, asked: CallEvent, step: Step) -> None:
        """Remember what a screened leg was answered."""
        if not (asked.leg_ref and asked.facts.screened):
            return
        key = carrier_id, asked.call_ref
        self._taken[key] = self._taken.get(key, False) or isinstance(step.act, Join)
        if len(self._taken) > REMEMBERED_CALLS:
            self._taken.popitem(last=False)

    def corrected(self, carrier_id: str, events: tuple[CallEvent, ...]) -> tuple[CallEvent, ...]:
        """The events; an end of a dialling whose screened legs nobody took was not answered, whatever it says."""
        first = events[0] if events else None
        if first is None or first.kind is not EventKind.DIAL_ENDED:
            return events
        was_taken = self._taken.pop((carrier_id, first.call_ref), True)
        if was_taken or first.facts.outcome is not Outcome.ANSWERED:
            return events
        facts = replace(first.facts, outcome=Outcome.NO_ANSWER, talk_seconds=None, joined_leg=None)
        return (replace(first, facts=facts), *events[1:])
