"""One occurrence of a number on a page."""

from dataclasses import dataclass
from enum import StrEnum

from swapboard.sitecheck.reasons import EXPLANATIONS, Reason, Severity


class Place(StrEnum):
    """Where on a page a number can stand."""

    TEXT = "text"
    LINK = "link"
    ATTRIBUTE = "attribute"
    SCRIPT = "script"
    STYLE = "style"
    COMMENT = "comment"
    IMAGE = "image"


class Fate(StrEnum):
    """What becomes of an occurrence when a visitor comes."""

    SWAPPED = "swapped"
    MISSED = "missed"
    """It stays, and somebody may ring it."""
    KEPT = "kept"
    """It stays, and it should."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One number, once."""

    number: str
    """E.164."""
    written: str
    place: Place
    path: str
    """The element, as a CSS selector, with `@name` where it stands in an attribute."""
    excerpt: str
    reason: Reason | None
    """None when it is swapped."""

    @property
    def fate(self) -> Fate:
        """Swapped, missed or rightly kept."""
        if self.reason is None:
            return Fate.SWAPPED
        return Fate.KEPT if EXPLANATIONS[self.reason].severity is Severity.FINE else Fate.MISSED

    @property
    def is_read_by_people(self) -> bool:
        """Whether visitors see or hear it, or ring it by a tap."""
        return self.fate is not Fate.KEPT and self.reason is not Reason.SCRIPT
