"""What Microsoft answers: partial errors name the place of what was refused; a fault refuses all.

https://learn.microsoft.com/en-us/advertising/guides/handle-service-errors-exceptions and …/operation-error-codes
"""

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, Field
from pydantic.alias_generators import to_pascal

from swapboard.conversions.destinations.answers import by_status, read_as, retry_after
from swapboard.conversions.destinations.request import Answer
from swapboard.conversions.outbox import Outcome, Result
from swapboard.language import _

_PASSING = frozenset((0, 105, 106, 109, 117, 207))
"""InternalError, InvalidCredentials, UserIsNotAuthorized, AuthenticationTokenExpired, CallRateExceeded and
ConcurrentRequestOverLimit: of nothing that is told is it said that it is wrong."""
RATE_LIMITED = frozenset((117, 207))
RATE_SECONDS = 60.0
"""Microsoft asks to wait so long after too many calls."""


class _Told(BaseModel):
    model_config = {"alias_generator": to_pascal, "populate_by_name": True}


class _Error(_Told):
    index: int = -1
    code: int = -1
    error_code: str | None = None
    message: str | None = None
    details: str | None = None

    @property
    def words(self) -> str:
        told = self.error_code or f"code {self.code}"
        return f"Microsoft: {told}" + (f", {self.message}" if self.message else "")


class _Goal(_Told):
    name: str | None = None


class _Body(_Told):
    partial_errors: list[_Error] | None = None
    conversion_goals: list[_Goal | None] | None = None
    errors: list[_Error] | None = Field(default=None)
    operation_errors: list[_Error] | None = None
    batch_errors: list[_Error] | None = None


def results_of(answer: Answer, many: int) -> Sequence[Result]:
    """What became of each of so many that went together."""
    body = read_as(_Body, answer)
    if answer.status != 200 or body is None:
        return [fault_of(answer)] * many
    refused: Mapping[int, _Error] = {error.index: error for error in body.partial_errors or ()}
    return [_result(refused.get(place)) for place in range(many)]


def goals_of(answer: Answer) -> Sequence[str]:
    """The names of the account's goals."""
    body = read_as(_Body, answer)
    goals = body.conversion_goals if body else None
    return [goal.name for goal in goals or () if goal and goal.name]


def fault_of(answer: Answer) -> Result:
    """Why all was refused, and whether that may pass."""
    body = read_as(_Body, answer) or _Body()
    errors = [*(body.errors or ()), *(body.operation_errors or ()), *(body.batch_errors or ())]
    if not errors:
        result = by_status(answer)
        if answer.status in {200, 401, 403}:
            words = _("Microsoft's answer could not be used (%(words)s).") % {"words": result.words}
            return Result(Outcome.FAILED, words, result.retry_after_seconds)
        return result
    first = errors[0]
    words = f"{first.words} (HTTP {answer.status})"
    asked = retry_after(answer)
    if first.code in RATE_LIMITED:
        return Result(Outcome.FAILED, words, max(RATE_SECONDS, asked or 0))
    return Result(Outcome.FAILED if first.code in _PASSING else by_status(answer).outcome, words, asked)


def _result(error: _Error | None) -> Result:
    if error is None:
        return Result(Outcome.TAKEN, _("Microsoft took it; it shows in reports after some hours."))
    if error.code in _PASSING:
        return Result(Outcome.FAILED, error.words)
    return Result(Outcome.REFUSED, error.words)
