"""Phone numbers that belong to nobody, from the ranges set aside for it.

+1 NPA 555-0100 to 555-0199 (NANPA), +44 20 7946 0000 to 0999 (Ofcom, "numbers for use in drama").
"""

from collections.abc import Iterator

import phonenumbers

_AREA_CODES = {
    "US": ("202", "212", "303", "312", "404", "415", "503", "617", "702", "713"),
    "CA": ("416", "514", "604"),
}
_LONDON = "20"


def invented_numbers(country: str, area_code: str | None) -> Iterator[str]:
    """The invented numbers of an area, E.164; none where none are set aside."""
    if country == "GB" and area_code in {None, _LONDON, f"0{_LONDON}"}:
        yield from (f"+44207946{last:04d}" for last in range(1000))
    for npa in (area_code,) if area_code else _AREA_CODES.get(country, ()):
        if country in _AREA_CODES and _is_in(f"+1{npa}5550100", country):
            yield from (f"+1{npa}555{last:04d}" for last in range(100, 200))


def is_invented(number: str) -> bool:
    """True for a number from the ranges that are set aside."""
    if number.startswith("+442079460"):
        return len(number) == 13 and number[1:].isdigit()
    return len(number) == 12 and number.startswith("+1") and number[1:].isdigit() and number[5:10] == "55501"


def _is_in(number: str, country: str) -> bool:
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number_for_region(parsed, country)
