"""A link with which somebody without a log-in sees one saved report, and nothing else, until it ends."""

from dataclasses import dataclass, field

from swapboard.clock import DAY, Millis
from swapboard.language import _

MOST_SHARES = 50
"""Of one saved report."""
SPANS: tuple[int, ...] = (1, 7, 30, 90, 365)
"""For how many days the dashboard offers one."""
LONGEST_DAYS = max(SPANS)


@dataclass(frozen=True, slots=True)
class Share:
    """One link; the secret in it is not kept, only its hash."""

    company_id: str
    share_id: str
    view_id: str
    secret_hash: str = field(repr=False)
    password_hash: str | None = field(repr=False)
    made_by: str
    created_at: Millis
    ends_at: Millis
    revoked_at: Millis | None = None
    opened_at: Millis | None = None
    """When it was last opened."""

    def is_open(self, now: Millis) -> bool:
        return self.revoked_at is None and now < self.ends_at


def end_of(days: int, now: Millis) -> Millis:
    """When a link for so many days ends. Raises ValueError."""
    if not 1 <= days <= LONGEST_DAYS:
        raise ValueError(_("Choose for how long the link is to work."))
    return now + days * DAY
