"""What Google made of a request afterwards: https://developers.google.com/data-manager/api/devguides/diagnostics

The answer to `requestStatus:retrieve` counts errors by their reason for a whole request; it names no event.
"""

from collections.abc import Sequence

from pydantic import BaseModel, Field, ValidationError
from pydantic.alias_generators import to_camel

from swapboard.conversions.destinations.request import Answer
from swapboard.conversions.outbox import Outcome, Result
from swapboard.language import _

_PREFIX = "PROCESSING_ERROR_REASON_"


class _Told(BaseModel):
    model_config = {"alias_generator": to_camel, "populate_by_name": True}


class _ErrorCount(_Told):
    record_count: int = 0
    reason: str = ""


class _ErrorInfo(_Told):
    error_counts: list[_ErrorCount] = Field(default_factory=list)


class _Ingested(_Told):
    record_count: int = 0


class _Destination(_Told):
    request_status: str = ""
    error_info: _ErrorInfo = Field(default_factory=_ErrorInfo)
    events_ingestion_status: _Ingested = Field(default_factory=_Ingested)


class _Status(_Told):
    request_status_per_destination: list[_Destination] = Field(default_factory=list)


def verdict_of(answer: Answer) -> Result | None:
    """What became of the events of a request; None while Google still works on them, or does not say."""
    try:
        told = _Status.model_validate_json(answer.body) if answer.status == 200 else _Status()
    except ValidationError:
        return None
    if not told.request_status_per_destination:
        return None
    status = told.request_status_per_destination[0]
    match status.request_status:
        case "SUCCESS":
            return Result(Outcome.TAKEN, _("Google counted it."))
        case "FAILED":
            return Result(
                Outcome.REFUSED,
                _("Google did not count it: %(error_counts)s.")
                % {"error_counts": _reasons(status.error_info.error_counts)},
            )
        case "PARTIAL_SUCCESS":
            many = status.events_ingestion_status.record_count
            reasons = _reasons(status.error_info.error_counts)
            return Result(
                Outcome.TAKEN,
                _("Of the %(many)s that went together, Google did not count some: %(reasons)s.")
                % {"many": many, "reasons": reasons},
            )
        case _:
            return None


def _reasons(counts: Sequence[_ErrorCount]) -> str:
    told = (f"{each.reason.removeprefix(_PREFIX)} ({each.record_count})" for each in counts)
    return ", ".join(told) or "it did not say why"
