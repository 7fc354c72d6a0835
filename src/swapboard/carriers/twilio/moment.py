"""When a thing happened, from Twilio's `Timestamp` and the moment we heard of it."""

from datetime import UTC
from email.utils import parsedate_to_datetime

from swapboard.clock import SECOND, Millis


def moment(timestamp: str | None, received_at: Millis) -> Millis:
    """Twilio's own moment; the one of receipt if there is none, or if it falls into the same second.

    `Timestamp` (RFC 2822) has whole seconds, rounded down: within that second our own clock tells more, and
    the order of what follows fast stays right. Nothing happens after we hear of it.
    """
    told_at = told_moment(timestamp)
    return told_at if told_at is not None and 0 <= told_at <= received_at - SECOND else received_at


def told_moment(text: object) -> Millis | None:
    """A moment as Twilio and others write it (RFC 2822), in UTC where no zone is told; None for anything else."""
    try:
        told = parsedate_to_datetime(str(text))
        return round((told if told.tzinfo else told.replace(tzinfo=UTC)).timestamp()) * SECOND
    except (ValueError, OverflowError):
        return None
