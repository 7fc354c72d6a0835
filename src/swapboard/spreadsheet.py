"""Tables as CSV: what a spreadsheet makes of a cell, and what is wrong in which line."""

from swapboard.language import _

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a text begins with that would be run."""


def harmless(text: str) -> str:
    """A value that a spreadsheet would run as a formula becomes a text; what visitors bring stands in them.

    https://owasp.org/www-community/attacks/CSV_Injection
    """
    is_number = text.startswith("+") and text[1:].isdigit()
    return f"'{text}" if text.startswith(FORMULA) and not is_number else text


def in_line(line: int, fault: object) -> str:
    """What is wrong, and where."""
    return _("Line %(line)s: %(fault)s") % {"line": line, "fault": fault}
