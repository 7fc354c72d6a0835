"""A report that somebody gave a name: its address, in which the days move on with the calendar."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from swapboard.clock import Millis
from swapboard.language import _

LONGEST_NAME = 100
LONGEST_ADDRESS = 2_000
MOST_VIEWS = 200
_PATH = re.compile(r"/reports(/[a-z][a-z-]*){0,3}")
_OF_THE_FORM = frozenset({"was"})
"""What the page's form sends along for itself."""


class NotAReport(ValueError):
    """The address is none of a report; the message is for people."""


@dataclass(frozen=True, slots=True)
class SavedView:
    """A named report."""

    company_id: str
    view_id: str
    user_id: str | None
    """Whose it is; None when a key of the API made it, so that it is everybody's."""
    name: str
    address: str
    """Path and query, as they stand in the browser."""
    is_shared: bool
    """Whether everybody in the company sees it."""
    created_at: Millis

    def is_seen_by(self, user_id: str) -> bool:
        """Whoever sees it and may change reports may change it."""
        return self.is_shared or self.user_id == user_id


def report_address(text: str) -> str:
    """The address as it is kept. Raises NotAReport."""
    path, _mark, query = text.strip().partition("?")
    if len(text) > LONGEST_ADDRESS or not _PATH.fullmatch(path) or "\0" in text:
        raise NotAReport(_("Open the report and save it from there, or copy its address from /reports on."))
    said = [(name, value) for name, value in parse_qsl(query) if name not in _OF_THE_FORM]
    if any("\0" in part for pair in said for part in pair):
        raise NotAReport(_("Leave the NUL character out."))
    return f"{path}?{urlencode(said)}" if said else path
