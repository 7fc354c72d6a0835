"""Which region a caller's number comes from, in ISO 3166-2, as far as the numbering plan tells."""

from functools import lru_cache

import phonenumbers
from phonenumbers.timezone import time_zones_for_number

from swapboard.attribution.area_codes import REGION_OF, SHARED
from swapboard.numbers.e164 import place

_NORTH_AMERICA = 1
_MEXICO = 52


@lru_cache(maxsize=4096)
def home_of(number: str) -> str | None:
    """The region that issued an E.164 number: `US-NY`; the country where it tells no more; None when unknown."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return None
    code = parsed.country_code or 0
    area = str(parsed.national_number)[:3] if code == _NORTH_AMERICA else ""
    if area in REGION_OF:
        return REGION_OF[area]
    country = phonenumbers.region_code_for_number(parsed) or phonenumbers.region_code_for_country_code(code)
    if not country or country == "ZZ":
        return None
    # The places take 99 MB: nobody else's tell a state.
    state = (place(number) or "").rpartition(", ")[2] if area in SHARED or code == _MEXICO else ""
    return f"{country}-{state}" if len(state) == 2 and state.isupper() else country


@lru_cache(maxsize=4096)
def time_zone_of(number: str) -> str | None:
    """The time zone that issued an E.164 number, as browsers name it; None when there are several or none."""
    try:
        zones = time_zones_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return None
    return zones[0] if len(zones) == 1 and "/" in zones[0] else None
