"""When a call ended, from what Plivo tells at its end and the moment we heard of it.

`SessionStart` is in UTC, `StartTime` and `EndTime` are in the time zone of the account's console, which nobody
tells: it is how far the two starts are apart (https://www.plivo.com/docs/voice/api/call/make-a-call, "Callbacks").
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from swapboard.clock import MINUTE, SECOND, Millis

_QUARTER = 15 * MINUTE


def ended_at(told: Mapping[str, str], received_at: Millis) -> Millis:
    """Plivo's own moment; the one of receipt if there is none, or if it falls into the same second."""
    session, start, end = (_parsed(told.get(name)) for name in ("SessionStart", "StartTime", "EndTime"))
    if session is None or start is None or end is None:
        return received_at
    zone = round((start - session) / _QUARTER) * _QUARTER
    told_at = (end - zone) // SECOND * SECOND
    return told_at if 0 <= told_at <= received_at - SECOND else received_at


def listed_at(text: str | None) -> Millis | None:
    """A moment of the list of calls: with its zone, or in UTC; None for anything else."""
    parsed = _parsed(text)
    return None if parsed is None else parsed // SECOND * SECOND


def as_asked(moment: Millis) -> str:
    """A moment as the list of calls is asked for it."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=moment)).strftime("%Y-%m-%d %H:%M:%S")


def _parsed(text: str | None) -> Millis | None:
    try:
        told = datetime.fromisoformat((text or "").strip())
        return round((told if told.tzinfo else told.replace(tzinfo=UTC)).timestamp() * 1000)
    except (ValueError, OverflowError):
        return None
