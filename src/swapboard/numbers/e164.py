"""Phone numbers in E.164, by Google's libphonenumber data (the phonenumbers package)."""

from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberFormat, geocoder


class NotANumber(ValueError):
    """The text is not a phone number; the message says what was wrong and how to write one."""


def parse_number(text: str, country: str | None = None) -> str:
    """The E.164 form of a number as people write it; `country` (ISO 3166) reads national forms.

    Raises NotANumber.
    """
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number) or len(text) > 40:
        raise NotANumber(
            f"{text[:40]!r} is not a phone number; write it with its country code, like +12025550100."
        )
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def carrier_number(text: str | None) -> str | None:
    """A number as a carrier sends it: `+` may be missing, and words such as `anonymous` mean withheld (None)."""
    cleaned = (text or "").strip()
    if not cleaned.lstrip("+").isdigit():
        return None
    try:
        return parse_number(cleaned if cleaned.startswith("+") else f"+{cleaned}")
    except NotANumber:
        return None


@lru_cache(maxsize=4096)
def national(number: str) -> str:
    """How people of the number's own country write it: `(202) 555-0100`."""
    return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.NATIONAL)


@lru_cache(maxsize=4096)
def international(number: str) -> str:
    """How it is written abroad: `+1 202-555-0100`."""
    return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.INTERNATIONAL)


@lru_cache(maxsize=4096)
def place(number: str) -> str | None:
    """Where the number was issued (`New York, NY`), as far as the numbering plan tells."""
    return geocoder.description_for_number(phonenumbers.parse(number), "en") or None


def same_shape(number: str, other: str) -> bool:
    """True when both have the same country code and length, so that digits can be replaced one by one."""
    return len(number) == len(other) and number.startswith(_country_code(other))


@lru_cache(maxsize=4096)
def _country_code(number: str) -> str:
    # No country code begins another (ITU-T E.164), so beginning with it is having it.
    return f"+{phonenumbers.parse(number).country_code}"
