"""The steps of a flow that choose a way: by the hour, by where the caller is from, by the visit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from swapboard.calls.hours import Hours
from swapboard.calls.node import BaseNode, Next

Area = Annotated[str, StringConstraints(min_length=2, max_length=15)]


@dataclass(frozen=True, slots=True)
class Schedule(BaseNode):
    """Go one way in business hours, another outside them and on holidays."""

    kind: Literal["schedule"] = "schedule"
    hours: Hours = field(default_factory=Hours)
    open: Next = ""
    closed: Next = ""


@dataclass(frozen=True, slots=True)
class GeoRoute(BaseNode):
    """Go by where the caller's number is from: a country (`GB`), a state (`US-NY`) or a beginning (`+1212`)."""

    kind: Literal["geo_route"] = "geo_route"
    areas: Mapping[Area, Next] = field(default_factory=dict)
    otherwise: Next = ""


class Asked(StrEnum):
    """What of a visit a branch can look at."""

    CHANNEL = "channel"
    SOURCE = "source"
    MEDIUM = "medium"
    CAMPAIGN = "campaign"
    KEYWORD = "keyword"


@dataclass(frozen=True, slots=True)
class Case(BaseNode):
    """When the fact is this text, or begins or ends as `*` says, in capitals or not."""

    asked: Asked = Asked.CAMPAIGN
    value: Annotated[str, StringConstraints(min_length=1, max_length=200)] = "*"
    then: Next = ""


@dataclass(frozen=True, slots=True)
class Branch(BaseNode):
    """Go by the visit that made the call: the first case that fits, else `otherwise`."""

    kind: Literal["branch"] = "branch"
    cases: Annotated[tuple[Case, ...], Field(max_length=20)] = ()
    otherwise: Next = ""
