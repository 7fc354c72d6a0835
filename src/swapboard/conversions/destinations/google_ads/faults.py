"""What the Data Manager API says of a request that it refuses: all of it is refused for one event that is wrong.

The answer is a google.rpc.Status: `error.details` holds a BadRequest whose field violations name the place, as in
`events[3].ad_identifiers.gclid`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from swapboard.conversions.destinations.answers import read_as
from swapboard.conversions.destinations.request import Answer

_PLACE = re.compile(r"events\[(\d+)\]")


class _Violation(BaseModel):
    field: str = ""
    description: str = ""
    reason: str = ""

    @property
    def words(self) -> str:
        return f"{self.reason} {self.description}".strip() or self.field


class _Error(BaseModel):
    message: str = ""
    details: list[dict[str, Any]] = Field(default_factory=list)


class _Status(BaseModel):
    error: _Error = Field(default_factory=_Error)


def words_of(answer: Answer) -> str:
    """Google's own words."""
    return (read_as(_Status, answer) or _Status()).error.message[:300]


def bad_events(answer: Answer) -> Mapping[int, str]:
    """The places of the events that are wrong, each with why; empty where the answer names none."""
    found: dict[int, str] = {}
    for violation in _violations(answer):
        if place := _PLACE.search(violation.field):
            found.setdefault(int(place[1]), violation.words)
    return found


def other_faults(answer: Answer) -> Sequence[str]:
    """What is wrong beside the events: the account, the conversion action."""
    return [violation.words for violation in _violations(answer) if not _PLACE.search(violation.field)]


def _violations(answer: Answer) -> Iterator[_Violation]:
    for detail in (read_as(_Status, answer) or _Status()).error.details:
        for told in detail.get("fieldViolations", ()):
            with suppress(ValidationError):
                yield _Violation.model_validate(told)
