"""The hours of the day as people read them: by the country's way in English, and by 24 in every other language."""

from swapboard.language import ENGLISH, current

_TWELVE_HOURS = frozenset({"US", "CA", "AU", "NZ", "PH", "IN", "PK"})


def twelve_hours(country: str) -> bool:
    """Whether clocks are read with am and pm."""
    return current() == ENGLISH and country in _TWELVE_HOURS


def hour_name(hour: int, country: str) -> str:
    """`14:00`, or `2 pm` where people read it so."""
    if not twelve_hours(country):
        return f"{hour:02}:00"
    return f"{_on_clock(hour)}\u00a0{_half(hour)}"


def hour_span(hour: int, country: str) -> str:
    """From an hour to the next: `14:00-15:00`, `2-3 pm`, `11 am-12 pm`."""
    begins = hour_name(hour, country)
    if twelve_hours(country) and _half(hour) == _half(hour + 1):
        begins = _on_clock(hour)
    return f"{begins}\u2013{hour_name(hour + 1, country)}"


def _on_clock(hour: int) -> str:
    return str(hour % 12 or 12)


def _half(hour: int) -> str:
    return "am" if hour % 24 < 12 else "pm"
