"""The days on which a placement runs: what of them cannot be. Asked by every door that writes them."""

from datetime import date

from swapboard.language import _


def fault_of_days(starts_on: str | None, ends_on: str | None) -> str | None:
    """What is wrong with a placement's first and last day, in plain words; None when they may stand."""
    if not all(_is_day(day) for day in (starts_on, ends_on) if day):
        return _("Write days like 2026-11-24.")
    if starts_on and ends_on and ends_on < starts_on:
        return _("It ends before it starts.")
    return None


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
