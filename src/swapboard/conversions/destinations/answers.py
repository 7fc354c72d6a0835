"""What answers mean, where a platform has no rules of its own."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from swapboard.conversions.destinations.request import Answer
from swapboard.conversions.message import Message
from swapboard.conversions.outbox import Outcome, Result

Shape = TypeVar("Shape", bound=BaseModel)

_LONGEST_WORDS = 300
_LONGEST_WAIT_SECONDS = 7 * 24 * 60 * 60.0
_PASSING = frozenset((408, 425, 429))


def by_status(answer: Answer, words: str = "") -> Result:
    """What a status says where the platform has no rules of its own: 2xx taken; 408, 425, 429 and 5xx may pass."""
    said = words or answer.body.decode(errors="replace").strip()[:_LONGEST_WORDS]
    told = f"HTTP {answer.status}" + (f": {said}" if said else "")
    if 200 <= answer.status < 300:
        return Result(Outcome.TAKEN, told)
    passes = answer.status in _PASSING or answer.status >= 500
    # Also of what is refused: a platform where that may be mended waits as long as it was asked to.
    return Result(Outcome.FAILED if passes else Outcome.REFUSED, told, retry_after(answer))


def read_as(shape: type[Shape], answer: Answer) -> Shape | None:
    """What the platform says in its own shape; None where that cannot be read."""
    try:
        return shape.model_validate_json(answer.body)
    except ValidationError:
        return None


def retry_after(answer: Answer) -> float | None:
    """The seconds that the platform asks for (RFC 9110, 10.2.3); a moment is one by the platform's own clock."""
    text = answer.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        seconds = float(text)
    else:
        until, now = _moment(text), _moment(answer.headers.get("date", ""))
        if until is None or now is None:
            return None
        seconds = max((until - now).total_seconds(), 0.0)
    # More is as good as never, and the database could not hold all of it.
    return min(seconds, _LONGEST_WAIT_SECONDS)


def _moment(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text).replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def halved(messages: Sequence[Message], tell: Callable[[Sequence[Message]], Result]) -> Sequence[Result]:
    """All together; where the platform refuses all for one that is wrong, each half by itself, and so on."""
    result = tell(messages)
    if result.outcome is not Outcome.REFUSED or len(messages) == 1:
        return [result] * len(messages)
    half = len(messages) // 2
    return [*halved(messages[:half], tell), *halved(messages[half:], tell)]
