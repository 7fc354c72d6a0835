"""What the check has to say, in words that tell what to do."""

from dataclasses import dataclass

from swapboard.sitecheck.reasons import Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing worth knowing, of a page or of the site."""

    code: str
    """Stable, for programs: `script_missing`."""
    severity: Severity
    message: str
    what_to_do: str
    details: tuple[str, ...] = ()


def problem(code: str, message: str, what_to_do: str, *details: str) -> Finding:
    """Something that loses calls or harms the business's listing in search engines."""
    return Finding(code, Severity.PROBLEM, message, what_to_do, details)


def warning(code: str, message: str, what_to_do: str, *details: str) -> Finding:
    """Something that may do so, or that the check can only guess."""
    return Finding(code, Severity.WARNING, message, what_to_do, details)


def note(code: str, message: str, what_to_do: str, *details: str) -> Finding:
    """Something worth knowing."""
    return Finding(code, Severity.NOTE, message, what_to_do, details)
