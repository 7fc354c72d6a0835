"""Numbers without their country code, as some trunks send them: `0171 …`, `0044 …`, in North America ten digits.

Read as E.164 without its plus, half of North America's ten digits are somebody abroad: `3125550143` of Chicago is
Dutch. So what is called is looked for among our own numbers first, and who calls is read as our number's country
writes it.
"""

from collections.abc import Collection, Iterable

from swapboard.carriers.caller import Caller, number_in
from swapboard.numbers.e164 import NotANumber, calling_code, is_valid, parse_number
from swapboard.numbers.matching import country_of

_NORTH_AMERICA = "+1"
_NORTH_AMERICAN_DIGITS = 10


def digits_in(address: str) -> str:
    """The digits before the @ of a SIP address; empty when there is anything else, as a plus."""
    user = address.partition(":")[2].partition("@")[0].partition(";")[0].strip()
    return user if user.isascii() and user.isdigit() else ""


def number_called(address: str, ours: Collection[str]) -> str | None:
    """The number in an address, E.164: if it can be one of ours, that one."""
    number, digits = number_in(address), digits_in(address).lstrip("0")
    if number in ours or not digits:
        return number
    meant = [each for each in ours if each.endswith(digits) and _national(each).lstrip("0") == digits]
    return meant[0] if len(meant) == 1 else number


def caller_at_home(caller: Caller, digits: str, dialled: str, called: Iterable[str]) -> Caller:
    """The caller with these digits, as people dial them where the number `dialled` is; `called` are its own."""
    if caller.withheld or not digits:
        return caller
    if dialled.startswith(_NORTH_AMERICA) and len(digits) == _NORTH_AMERICAN_DIGITS:
        at_home = f"{_NORTH_AMERICA}{digits}"
        is_foreign = caller.number is not None and is_valid(caller.number) and _national(dialled) not in called
        return caller if is_foreign or not is_valid(at_home) else Caller(at_home, withheld=False)
    if caller.number is None and digits.startswith("0"):  # in E.164 none does
        try:
            return Caller(parse_number(digits, country_of(dialled)), withheld=False)
        except NotANumber:
            return caller
    return caller


def _national(number: str) -> str:
    return number.removeprefix(f"+{calling_code(number)}")
