"""Phone numbers in E.164, by Google's libphonenumber data (the phonenumbers package)."""

from functools import lru_cache
from types import ModuleType

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from swapboard.language import _

_DIGITS = frozenset("0123456789")


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
            _("%(text)r is not a phone number; write it with its country code, like +12025550100.")
            % {"text": text[:40]}
        )
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


@lru_cache(maxsize=4096)
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
def is_valid(number: str) -> bool:
    """False for a number that nobody can have: its area or its length is not given out."""
    return phonenumbers.is_valid_number(phonenumbers.parse(number))


@lru_cache(maxsize=4096)
def national(number: str) -> str:
    """How people of the number's own country write it: `(202) 555-0100`."""
    return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.NATIONAL)


@lru_cache(maxsize=4096)
def international(number: str) -> str:
    """How it is written abroad: `+1 202-555-0100`."""
    return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.INTERNATIONAL)


@lru_cache(maxsize=4096)
def as_written_in(country: str, number: str) -> str:
    """How people of a country (ISO 3166) write it: one from abroad with its country code."""
    at_home = calling_code(number) == str(phonenumbers.country_code_for_region(country))
    return national(number) if at_home else international(number)


@lru_cache(maxsize=4096)
def place(number: str) -> str | None:
    """Where the number was issued (`New York, NY`), as far as the numbering plan tells; the first call is slow."""
    return learn_places().description_for_number(phonenumbers.parse(number), "en") or None


def learn_places() -> ModuleType:
    """Read the numbering plans' places, which takes half a second: so whoever writes calls does it before.

    They take 99 MB: whoever never asks for one, such as a worker or a command, does without.
    """
    from phonenumbers import geocoder  # noqa: PLC0415

    return geocoder


def same_shape(number: str, other: str) -> bool:
    """True when both have the same country code and length, so that digits can be replaced one by one."""
    # No country code begins another (ITU-T E.164), so beginning with it is having it.
    return len(number) == len(other) and number.startswith(f"+{calling_code(other)}")


def in_notation(written: str, target: str, number: str) -> str:
    """Another number in the notation in which `target` was written: `202.555.0100` → `202.555.0143`.

    In its own country's notation where `written` is not the target, or the two differ in country or length.
    """
    code = calling_code(target)
    subscriber = target.removeprefix(f"+{code}")
    before = _digits(written).removesuffix(subscriber)
    if not same_shape(number, target) or f"{before}{subscriber}" != _digits(written):
        return national(number)
    # Abroad, at home, with the trunk prefix, as in +44 (0)20 7946 0100, and as dialled in Europe and in the USA.
    if before not in {"", code, "0", f"{code}0", f"00{code}", f"011{code}"}:
        return national(number)
    new = iter(before + number[-len(subscriber) :])
    return "".join(next(new) if character in _DIGITS else character for character in written)


def _digits(text: str) -> str:
    return "".join(character for character in text if character in _DIGITS)


@lru_cache(maxsize=4096)
def calling_code(number: str) -> str:
    """The country calling code: `1`, `44`."""
    return str(phonenumbers.parse(number).country_code)


def may_take_texts(number: str) -> bool:
    """False for a line that is known to take no texts, as a landline's; in North America that is not known."""
    return phonenumbers.number_type(phonenumbers.parse(number)) not in _WITHOUT_TEXTS


_WITHOUT_TEXTS = frozenset(
    (
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.UAN,
        PhoneNumberType.VOICEMAIL,
    )
)
