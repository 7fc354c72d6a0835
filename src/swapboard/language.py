"""The language that words, numbers and days are written in: one for each request or letter, else English.

Texts stand in the code in English and pass `_` when they are shown. Tables of them are made before anybody has
asked for a language, so they are `Words`, which translate what is taken out. Catalogues: `locale/`, made by
`make translations`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import TypeVar

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal

ENGLISH = "en"
LANGUAGES: Mapping[str, str] = {ENGLISH: "English", "de": "Deutsch", "es": "Español", "fr": "Français"}
"""By ISO 639 code, as their speakers call them."""
MONTH_FIRST = frozenset({"US", "CA", "PH"})
"""Countries (ISO 3166) in which 03/04/2026 is in March."""
_LOCALE = Path(__file__).parent / "locale"
_CURRENT: ContextVar[str] = ContextVar("language", default=ENGLISH)

Key = TypeVar("Key")


def current() -> str:
    """The code of the language that is spoken now."""
    return _CURRENT.get()


@contextmanager
def speaking(language: str | None) -> Iterator[None]:
    """Within, this language is spoken; English for None and for what we do not speak."""
    before = current()
    speak(language)
    try:
        yield
    finally:
        _CURRENT.set(before)


def speak(language: str | None) -> None:
    """From now on, until the request or letter ends."""
    _CURRENT.set(language if language and (language in LANGUAGES or language in PSEUDO) else ENGLISH)


def direction() -> str:
    """`rtl` where people write from right to left, else `ltr`."""
    return Locale.parse(current()).text_direction


def arrow() -> str:
    """An arrow from what is read first to what is read next."""
    return "←" if direction() == "rtl" else "→"


def preferred(accepted: str) -> str | None:
    """The language of ours that a browser's `Accept-Language` likes best, or None."""
    liked = [_liked(part) for part in accepted.split(",")[:20]]
    known = [(weight, code) for code, weight in liked if code in LANGUAGES and weight > 0]
    return max(known, key=lambda each: each[0])[1] if known else None


def _liked(part: str) -> tuple[str, float]:
    name, _semicolon, weight = "".join(part.lower().split()).partition(";q=")
    try:
        return name.partition("-")[0], float(weight or "1")
    except ValueError:
        return "", 0.0


def _(text: str) -> str:
    """The text in the language that is spoken now."""
    return _catalogue(current()).gettext(text) if text else text


def ngettext(one: str, many: str, count: int) -> str:
    """The form that goes with so many."""
    return _catalogue(current()).ngettext(one, many, count)


class Words(Mapping[Key, str]):
    """A table of texts, each in the language that is spoken when it is taken out."""

    def __init__(self, texts: Mapping[Key, str]) -> None:
        self._texts = texts

    def __getitem__(self, key: Key) -> str:
        return _(self._texts[key])

    def __iter__(self) -> Iterator[Key]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


@cache
def _catalogue(language: str) -> NullTranslations:
    return PSEUDO.get(language, _read)(language)


def _read(language: str) -> NullTranslations:
    if language == ENGLISH:
        return NullTranslations()
    with (_LOCALE / language / "LC_MESSAGES" / "swapboard.mo").open("rb") as file:
        return GNUTranslations(file)


PSEUDO: dict[str, Callable[[str], NullTranslations]] = {}
"""Languages that nobody speaks, which tests bring with them."""


def decimal(number: float | Decimal, places: int = 0) -> str:
    """`1,250` or `1.250`; always so many digits behind the point."""
    plain = f"{number:,.{places}f}"
    if current() == ENGLISH:
        return plain
    return format_decimal(plain.replace(",", ""), _pattern(places), locale=current())


def percent(share: float, places: int = 0, *, signed: bool = False) -> str:
    """`40%`, `+40%`, or `40 %` where people write it so."""
    sign = "+" if signed and share >= 0 else ""
    pattern = Locale.parse(current()).percent_formats[None].pattern if current() != ENGLISH else "%"
    return f"{sign}{decimal(share * 100, places)}{pattern.lstrip('#,0')}"


def month_day(day: date, country: str) -> str:
    """`24 Nov`, or `Nov 24` where people write it so."""
    if current() != ENGLISH:
        return format_skeleton("MMMd", day, locale=current())
    return f"{day:%b} {day.day}" if country in MONTH_FIRST else f"{day.day} {day:%b}"


def dated(day: date, country: str) -> str:
    """The same with its year."""
    if current() != ENGLISH:
        return format_skeleton("yMMMd", day, locale=current())
    return f"{month_day(day, country)}{',' if country in MONTH_FIRST else ''} {day.year}"


def long_day(day: date) -> str:
    """`24 November 2026`."""
    return format_date(day, "long", locale=current()) if current() != ENGLISH else f"{day:%d %B %Y}"


def country(code: str) -> str:
    """A country's name, by ISO 3166."""
    return str(Locale.parse(current()).territories[code])


def weekday(day: date | datetime, *, short: bool = False) -> str:
    """`Monday`, `Mon`."""
    if current() != ENGLISH:
        return format_date(day, "EEE" if short else "EEEE", locale=current())
    return f"{day:%a}" if short else f"{day:%A}"


def duration(seconds: float) -> str:
    """A length of time as on a call: `0:07`, `1:03`, `1:02:09`."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, seconds_left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds_left:02}" if hours else f"{minutes}:{seconds_left:02}"


def lowered(text: str) -> str:
    """A heading as it stands within a sentence; German keeps its capitals."""
    return text if current() == "de" else text.lower()


def joined(texts: Sequence[str]) -> str:
    """`Channel and device`: texts of a list in a sentence."""
    return _(" and ").join(texts)


def _pattern(places: int) -> str:
    return f"#,##0.{'0' * places}" if places else "#,##0"
