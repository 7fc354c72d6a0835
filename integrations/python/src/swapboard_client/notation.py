"""A number in the notation in which the page wrote the original, digit by digit."""

from swapboard_client.record import Swap

_DIGITS = frozenset("0123456789")


def rewrite(text: str, target: str, swap: Swap) -> str | None:
    """The text with the swap's number in place of the target; None where its digits are another number's.

    A text without digits ("Call us") stays as it is; in other digits than 0 to 9, as Arabic's, no number is known.
    A number of another country or length cannot take the notation of the target; it is written as people of its
    country do.
    """
    if any(character.isdecimal() and character not in _DIGITS for character in text):
        return None
    digits = _digits(text)
    if not digits:
        return text
    for code in _codes(target, swap):
        subscriber = target.removeprefix(f"+{code}")
        before = digits.removesuffix(subscriber)
        if before + subscriber == digits and before in {"", code, "0", f"{code}0", f"00{code}", f"011{code}"}:
            return _in_place(text, target, code, before, swap)
    return None


def _codes(target: str, swap: Swap) -> list[str]:
    """What the target's calling code may be; it has one to three digits, and none begins another (ITU-T E.164)."""
    if target.startswith(f"+{swap.calling_code}"):
        return [swap.calling_code]
    return [target[1 : 1 + length] for length in (1, 2, 3)]


def _in_place(text: str, target: str, code: str, before: str, swap: Swap) -> str:
    if code == swap.calling_code and len(target) == len(swap.number):
        new = iter(before + swap.number[1 + len(code) :])
        return "".join(next(new) if character in _DIGITS else character for character in text)
    places = [place for place, character in enumerate(text) if character in _DIGITS]
    start = places[0]
    while start and text[start - 1] in "(+":
        start -= 1
    return text[:start] + swap.display + text[places[-1] + 1 :]


def _digits(text: str) -> str:
    return "".join(character for character in text if character in _DIGITS)
