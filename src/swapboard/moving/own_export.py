"""The calls that `swapboard export --everything` wrote, as calls of the past."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeAlias

from pydantic import BaseModel, TypeAdapter, ValidationError

from swapboard.calls.call import Status
from swapboard.clock import SECOND
from swapboard.moving.call_history import PastCall
from swapboard.moving.exported import BadExport, refuse_nul

ORIGIN = "swapboard"
SETUP, CALLS_FILE = "setup.toml", "calls.jsonl"
STAYS = "Visits, forms, texts, conversions, costs and notes stay in their files; calls keep their credit."
Told: TypeAlias = tuple[Sequence[PastCall], Sequence[str]]
"""Calls, and notes on what stays behind."""


class _Caller(BaseModel):
    number: str | None
    withheld: bool
    name: str | None
    place: str | None


class _Attribution(BaseModel):
    channel: str | None
    source: str | None
    medium: str | None
    campaign: str | None
    keyword: str | None
    landing_page: str | None
    referrer: str | None
    click_ids: dict[str, str]


class _Spam(BaseModel):
    is_spam: bool


class _Call(BaseModel):
    """What of a call's document a call of the past has."""

    id: str
    started_at: datetime
    tracking_number: str | None
    destination: str | None
    caller: _Caller
    status: Status
    ring_seconds: int | None
    talk_seconds: int | None
    voicemail_seconds: int | None
    first_time_caller: bool
    tags: list[str]
    value: float | None
    qualified: bool | None
    spam: _Spam
    attribution: _Attribution


_CALL = TypeAdapter(_Call)


def past_calls(text: str) -> Told:
    """The calls in the lines of the file. Raises BadExport."""
    refuse_nul(CALLS_FILE, text)
    known = list(_read(text.split("\n")))
    spam = sum(each.spam.is_spam for each in known)
    notes = [STAYS, *([f"Left out as spam: {spam} calls."] if spam else [])]
    return [_past(each) for each in known if not each.spam.is_spam], notes


def _read(lines: Iterable[str]) -> Iterator[_Call]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield _CALL.validate_json(line)
        except ValidationError as error:
            where = ".".join(map(str, error.errors()[0]["loc"]))
            told = f"{where}: {error.errors()[0]['msg']}" if where else "it is no JSON"
            raise BadExport(f"{CALLS_FILE}, line {number}, is no call of Swapboard's ({told}).") from error


def _past(call: _Call) -> PastCall:
    caller, credited = call.caller, call.attribution
    answered = call.status is Status.ANSWERED
    lasted = call.talk_seconds if answered else (call.ring_seconds or 0) + (call.voicemail_seconds or 0)
    return PastCall(
        ref=call.id,
        started_at=round(call.started_at.timestamp() * SECOND),
        tracking_number=call.tracking_number,
        destination=call.destination,
        caller=caller.number,
        withheld=caller.withheld,
        status=call.status,
        duration_seconds=lasted or 0,
        caller_name=caller.name,
        caller_place=caller.place,
        first_time_caller=call.first_time_caller,
        channel=credited.channel,
        source=credited.source,
        medium=credited.medium,
        campaign=credited.campaign,
        keyword=credited.keyword,
        landing_page=credited.landing_page,
        referrer=credited.referrer,
        click_ids=credited.click_ids,
        tags=call.tags,
        value_cents=None if call.value is None else round(call.value * 100),
        qualified=call.qualified,
    )
