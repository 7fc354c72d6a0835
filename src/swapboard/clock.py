"""The clock: instants are whole milliseconds since the Unix epoch, UTC."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from functools import cache
from typing import TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Millis: TypeAlias = int
Clock: TypeAlias = Callable[[], Millis]

SECOND: Millis = 1_000
MINUTE: Millis = 60 * SECOND
HOUR: Millis = 60 * MINUTE
DAY: Millis = 24 * HOUR


def system_clock() -> Millis:
    """Now, by the machine's clock."""
    return time.time_ns() // 1_000_000


def iso(at: Millis) -> str:
    """ISO 8601 in UTC with milliseconds: `2026-11-24T07:00:00.000Z`."""
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_iso(text: str) -> Millis:
    """The instant of an ISO 8601 text; a text without an offset is taken as UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return round(aware.timestamp() * 1000)


@cache
def zone(name: str) -> tzinfo:
    """The time zone of this name; UTC when the machine does not know it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
