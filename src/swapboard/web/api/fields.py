"""What the documents of all resources are made of: texts, instants, phone numbers, pages."""

from collections.abc import Hashable
from datetime import date
from functools import cache
from types import UnionType
from typing import Annotated, Any, Generic, TypeVar, Union, cast, get_args, get_origin
from zoneinfo import available_timezones

import phonenumbers
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from swapboard.amount import MOST_CENTS
from swapboard.clock import Millis, from_iso, iso
from swapboard.json_kinds import SOMETHING, as_described
from swapboard.numbers.e164 import NotANumber, parse_number
from swapboard.numbers.short_link import is_web_address, with_scheme
from swapboard.web.api.problem import invalid, not_found

Item = TypeVar("Item")
Found = TypeVar("Found")

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), SOMETHING]
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), SOMETHING]
VisitorId = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_-]{1,64}$")]
"""Ours, or AMP's own: `amp-…`."""
RefId = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{1,32}$")]
PhoneText = Annotated[
    str,
    StringConstraints(min_length=3, max_length=40),
    Field(
        description="A phone number as people write it, or E.164; without a country code it is the company's. "
        "It must be possible by its country's numbering plan.",
        examples=["+12025550100", "(202) 555-0100"],
    ),
    SOMETHING,
]
E164Text = Annotated[str, Field(description="E.164", examples=["+12025550100"])]
Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"}, examples=["2026-11-24T07:00:00.000Z"])]


def _time_zone(text: str) -> str:
    if text not in available_timezones():
        raise ValueError("Write a time zone of the IANA list, such as America/New_York or UTC.")
    return text


def _country(text: str) -> str:
    if text.upper() not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError("Write a country's two letters (ISO 3166), such as US or GB.")
    return text.upper()


def _instant(text: str) -> str:
    try:
        from_iso(text)
    except (ValueError, OverflowError):
        raise ValueError("Write an instant like 2026-11-24T07:00:00Z, or a day like 2026-11-24.") from None
    return text


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError("Write a day like 2026-11-24.") from None


Day = Annotated[
    str, StringConstraints(max_length=10), Field(json_schema_extra={"format": "date"}), AfterValidator(_day)
]


def _web_address(text: str) -> str:
    url = with_scheme(text)
    if not is_web_address(url):
        raise ValueError("Write a page's address, like https://www.example.com/spring.")
    return url


WebAddress = Annotated[
    str,
    StringConstraints(max_length=500),
    Field(examples=["https://www.example.com/spring"], json_schema_extra={"format": "uri"}),
    AfterValidator(_web_address),
]
Cents = Annotated[int, Field(ge=0, le=MOST_CENTS)]
TimeZone = Annotated[
    str,
    StringConstraints(max_length=64),
    Field(
        description="A time zone of the IANA list.",
        examples=["America/New_York"],
        json_schema_extra={"pattern": "^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$"},
    ),
    AfterValidator(_time_zone),
]
Country = Annotated[
    str,
    StringConstraints(max_length=2),
    Field(
        description="A country's two letters (ISO 3166).",
        examples=["US"],
        json_schema_extra={"pattern": "^[A-Za-z]{2}$"},
    ),
    AfterValidator(_country),
]
Instant = Annotated[
    str,
    StringConstraints(max_length=40),
    Field(json_schema_extra={"anyOf": [{"format": "date-time"}, {"format": "date"}]}),
    AfterValidator(_instant),
]


class Asked(BaseModel):
    """What an address asks; a field that we do not know is refused, because a misspelt one would do nothing."""

    model_config = ConfigDict(extra="forbid")


class Message(Asked):
    """What a body says: as strict as its description, for `false` is no amount, and 1 is no yes."""

    @field_validator("*", mode="before")
    @classmethod
    def _as_described(cls, value: object, info: ValidationInfo) -> object:
        kinds = _kinds(cast("Hashable", cls.model_fields[info.field_name or ""].annotation))
        return as_described(value, kinds)


@cache
def _kinds(annotation: object) -> frozenset[object]:
    """The types that a field takes: `int | None` takes two."""
    if get_origin(annotation) is Annotated:
        return _kinds(get_args(annotation)[0])
    if get_origin(annotation) in {Union, UnionType}:
        return frozenset().union(*map(_kinds, get_args(annotation)))
    return frozenset({annotation})


def _without_defaults(schema: dict[str, Any]) -> None:
    for described in schema.get("properties", {}).values():
        described.pop("default", None)


class Change(Message):
    """What a PATCH sends: only `model_fields_set` counts, so the defaults mean nothing and are not shown."""

    model_config = ConfigDict(json_schema_extra=_without_defaults)


Cursor = Annotated[
    str, StringConstraints(max_length=200), Field(json_schema_extra={"pattern": "^(Wz[A-Za-z0-9_-]+)?$"})
]
"""An empty one begins at the first page; all others are made of `[` and a digit (`storage/paging.py`)."""


class ListQuery(Asked):
    """Which page of a list."""

    limit: int = Field(50, ge=1, le=200, description="How many at most.")
    cursor: Cursor | None = Field(None, description="`next_cursor` of the page before.")


class PageDocument(BaseModel, Generic[Item]):
    """A page of a list; `next_cursor` is null at its end."""

    data: list[Item]
    next_cursor: str | None


def moment(at: Millis | None) -> str | None:
    """The instant as the API writes it, or None."""
    return iso(at) if at is not None else None


def instant_of(text: str | None) -> Millis | None:
    """The instant of a text that `Instant` accepted."""
    return from_iso(text) if text is not None else None


def phone(text: str, country: str, field: str | tuple[str | int, ...], where: str = "body") -> str:
    """The E.164 form. Raises Problem (422) at the field.

    In an address a `+` that nobody escaped arrives as a space.
    """
    if where == "query" and text.startswith(" "):
        text = "+" + text[1:]
    try:
        return parse_number(text, country)
    except NotANumber as error:
        raise invalid(field, str(error), where) from None


def found(thing: Found | None, what: str) -> Found:
    """The thing itself. Raises Problem (404) for None."""
    if thing is None:
        raise not_found(what)
    return thing


def one_of_two(first: str, second: str) -> dict[str, Any]:
    """For those who read the schema: one of the two fields is given, and not both."""

    def given(name: str, other: str) -> dict[str, Any]:
        return {"required": [name], "properties": {name: {"type": "string"}, other: {"type": "null"}}}

    return {"oneOf": [given(first, second), given(second, first)]}
