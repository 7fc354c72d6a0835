"""Moments and lengths as Bandwidth writes them: ISO 8601."""

import re
from datetime import UTC, datetime

from swapboard.clock import Millis

_LENGTH = re.compile(r"PT(?:(\d{1,4})H)?(?:(\d{1,6})M)?(?:(\d{1,6})(?:\.\d{1,9})?S)?", re.ASCII)


def moment(text: str | None, received_at: Millis) -> Millis | None:
    """The moment, never after we heard of it; None when there is none."""
    try:
        told = datetime.fromisoformat(text or "")
        at = round((told if told.tzinfo else told.replace(tzinfo=UTC)).timestamp() * 1000)
    except (ValueError, OverflowError):
        return None
    return min(at, received_at) if at >= 0 else None


def seconds(text: str | None) -> int | None:
    """Whole seconds of a length such as `PT1M13.67S`; None for anything else."""
    found = _LENGTH.fullmatch(text or "")
    if found is None or not any(found.groups()):
        return None
    hours, minutes, rest = (int(each or 0) for each in found.groups())
    return (hours * 60 + minutes) * 60 + rest


def as_asked(at: Millis) -> str:
    """A moment as the list of calls is asked for it."""
    return datetime.fromtimestamp(at // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
