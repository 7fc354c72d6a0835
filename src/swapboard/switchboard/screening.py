"""Who took a screened call, as our own doors heard it: carriers do not agree on what a declined leg is.

Some say in the end of a dialling whether the leg was joined, some call an answered leg completed whether it was or
not. But whoever answers a screened leg asks us what to hear, and is joined by our own answer to the key. That may
have been another of our servers: then what it wrote down tells.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import replace

from swapboard.calls.call import CallEvent, EventKind, Outcome
from swapboard.calls.step import KIND_OF_ACT, Join, Step

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

    def was_taken(self, carrier_id: str, ended: CallEvent) -> bool | None:
        """Whether somebody took the call whose dialling has ended; None when no leg asked here."""
        return self._taken.pop((carrier_id, ended.call_ref), None)


def taken_by(written: Iterable[CallEvent], ended: CallEvent) -> bool | None:
    """The same by what all servers wrote down of the call; None when no leg of this dialling asked any."""
    answers = [each for each in written if each.kind is EventKind.ROUTED]
    dialled_at = max((each.happened_at for each in answers if _is_before(each, ended)), default=0)
    legs = [each for each in answers if each.leg_ref and each.facts.screened and each.happened_at >= dialled_at]
    return any(each.facts.step == KIND_OF_ACT[Join] for each in legs) if legs else None


def not_answered(events: tuple[CallEvent, ...]) -> tuple[CallEvent, ...]:
    """The end of a dialling whose screened legs nobody took was not answered, whatever it says."""
    first, *others = events
    facts = replace(first.facts, outcome=Outcome.NO_ANSWER, talk_seconds=None, joined_leg=None)
    return (replace(first, facts=facts), *others)


def _is_before(answer: CallEvent, ended: CallEvent) -> bool:
    """An answer to the call itself, the last of which began the dialling."""
    return not answer.leg_ref and answer.sequence < ended.sequence
