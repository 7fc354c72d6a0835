"""The session rule: does this page view continue a visit, or begin a new one?"""

from dataclasses import dataclass
from enum import StrEnum

from swapboard.clock import SECOND, Millis
from swapboard.visits.source import Source


class Presence(StrEnum):
    """What a session's page last said of itself."""

    VISIBLE = "visible"
    HIDDEN = "hidden"
    GONE = "gone"


class EventKind(StrEnum):
    """What a visitor did on the page."""

    PAGE = "page"
    TAP = "tap"
    COPY = "copy"
    FORM = "form"
    CUSTOM = "custom"


@dataclass(frozen=True, slots=True)
class Session:
    """A browser's visit, as far as the next page view needs to know it."""

    session_id: str
    visitor_id: str
    last_seen_at: Millis
    source: Source
    started_at: Millis
    device: str
    time_zone: str
    is_returning: bool
    """True when the visitor had a session before this one."""


def continues(session: Session, arriving: Source, now: Millis, session_seconds: int) -> bool:
    """True while the session is not silent for too long and no new campaign click begins another."""
    silent = now - session.last_seen_at
    return silent < session_seconds * SECOND and not _is_new_click(session.source, arriving)


def has_ended(session: Session, now: Millis, session_seconds: int) -> bool:
    """True when the session was silent for `session_seconds`."""
    return now - session.last_seen_at >= session_seconds * SECOND


def _is_new_click(current: Source, arriving: Source) -> bool:
    """A tagged arrival that is not the click which began the session: a reload repeats its click."""
    if arriving.click_ids and arriving.click_ids != current.click_ids:
        return True
    return arriving.campaign is not None and _campaign(arriving) != _campaign(current)


def _campaign(source: Source) -> tuple[str, str, str | None]:
    return source.source, source.medium, source.campaign
