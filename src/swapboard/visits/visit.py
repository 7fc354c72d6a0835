"""The session rule: does this page view continue a visit, or begin a new one?"""

from enum import StrEnum
from typing import NamedTuple

from swapboard.clock import SECOND, Millis
from swapboard.visits.source import Source


class Presence(StrEnum):
    """What a session's page last said of itself."""

    VISIBLE = "visible"
    HIDDEN = "hidden"
    GONE = "gone"


_ONE_LOADING: Millis = 10 * SECOND
_SHORTEST_AMP_ID = 20
"""AMP's own are 26 characters and longer; what is short enough to be guessed is nobody's."""


class EventKind(StrEnum):
    """What a visitor did on the page."""

    PAGE = "page"
    TAP = "tap"
    COPY = "copy"
    FORM = "form"
    CUSTOM = "custom"


class Session(NamedTuple):
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
    region: str | None = None
    """ISO 3166: `US-TX` or `US`, where a proxy told it."""
    presence: Presence = Presence.VISIBLE

    @property
    def is_forgotten(self) -> bool:
        """Whether its visitor was forgotten: then it is its own visitor, and nothing else is known of either."""
        return self.visitor_id == self.session_id


def is_amp_id(visitor_id: str | None) -> bool:
    """True for an id that AMP gave the browser: `amp-…` (ampproject.org, "AMP client identifier").

    It keeps it in our cookie, so that the site's other pages send it to us as well.
    """
    return visitor_id is not None and visitor_id.startswith("amp-") and len(visitor_id) >= _SHORTEST_AMP_ID


def continues(session: Session, arriving: Source, now: Millis, session_seconds: int) -> bool:
    """True while the session is not silent for too long and no new campaign click begins another."""
    silent = now - session.last_seen_at
    return silent < session_seconds * SECOND and not _is_new_click(session.source, arriving)


def is_told_again(session: Session, arriving: Source, now: Millis) -> bool:
    """True for the page that began the session, a moment later: its script speaks after its server did."""
    is_landing = arriving.landing_page == session.source.landing_page
    return is_landing and now - session.started_at < _ONE_LOADING


def has_ended(session: Session, now: Millis, session_seconds: int) -> bool:
    """True when the session was silent for `session_seconds`."""
    return now - session.last_seen_at >= session_seconds * SECOND


def meant(said: Presence, before: Presence | None) -> Presence:
    """A page that leaves says so, and then that it is hidden (HTML, "unload a document"): it stays gone."""
    return Presence.GONE if said is Presence.HIDDEN and before is Presence.GONE else said


def _is_new_click(current: Source, arriving: Source) -> bool:
    """A tagged arrival that is not the click which began the session: a reload repeats its click."""
    # A site may hand on some of the identifiers only: those are of the same click.
    if not arriving.click_ids.items() <= current.click_ids.items():
        return True
    return arriving.campaign is not None and _campaign(arriving) != _campaign(current)


def _campaign(source: Source) -> tuple[str, str, str | None]:
    return source.source, source.medium, source.campaign
