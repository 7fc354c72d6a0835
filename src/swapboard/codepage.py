"""In which of Windows' code pages a text was written, judged by its letters.

A byte above 127 is another letter in each code page, and nothing in the file says which. But no language uses all
of them: read wrongly, a text has letters that its language does not know, or signs in the middle of words.
Libraries that guess need more text than a list of campaigns has: charset-normalizer 3.5 took 11 of 24 short lists
for what they were not, Western European ones most.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_WORDS = 5_000
"""As many different words tell enough."""

_WORD = re.compile(rb"[A-Za-z\x80-\xff]+")
_HIGH = re.compile(rb"[\x80-\xff]")
_FIRST_NOT_LATIN = "\N{GREEK CAPITAL LETTER HETA}"
_ORDINALS = "ªº"
_OE_OF_NO_WORD = re.compile("œ(?![ui])")
_TELL_NOTHING = frozenset("€©®™…·\N{ACUTE ACCENT}")
"""Signs that every code page with Latin letters has in one place: `Wi-Fi®Pro` is of any."""
_FINAL_SIGMA_WITHIN = re.compile(r"ς(?=\w)")


@dataclass(frozen=True, slots=True)
class _Alphabet:
    """The letters beyond a to z of languages that share a code page and are written alike."""

    code_page: str
    letters: frozenset[str]


def _alphabet(code_page: str, letters: str) -> _Alphabet:
    return _Alphabet(code_page, frozenset(letters))


_ALPHABETS: Sequence[_Alphabet] = (
    _alphabet("cp1252", "äöüßéèà"),  # German, English, and words that these borrow
    _alphabet("cp1252", "àâæçéèêëîïôœùûüÿ"),  # French
    _alphabet("cp1252", "áéíñóúüç"),  # Spanish
    _alphabet("cp1252", "áâãàçéêíóôõúü"),  # Portuguese
    _alphabet("cp1252", "àèéìíîòóùú"),  # Italian
    _alphabet("cp1252", "àçèéíïòóúü"),  # Catalan
    _alphabet("cp1252", "ëïéèöüáóúíê"),  # Dutch
    _alphabet("cp1252", "åäöéü"),  # Swedish, Finnish
    _alphabet("cp1252", "æøåéöäü"),  # Danish, Norwegian
    _alphabet("cp1250", "ąćęłńóśźż"),  # Polish
    _alphabet("cp1250", "áčďéěíňóřšťúůýž"),  # Czech
    _alphabet("cp1250", "áäčďéíĺľňóôŕšťúýž"),  # Slovak
    _alphabet("cp1250", "áéíóöőúüű"),  # Hungarian
    _alphabet("cp1250", "ăâîşţ"),  # Romanian
    _alphabet("cp1250", "čćđšž"),  # Croatian, Slovenian, Bosnian
    _alphabet("cp1254", "çğ\N{LATIN SMALL LETTER DOTLESS I}öşüâîi\N{COMBINING DOT ABOVE}"),  # Turkish
    _alphabet("cp1252", "áðéíóúýþæö"),  # Icelandic
    _alphabet("cp1257", "ąčęėįšųūž"),  # Lithuanian
    _alphabet("cp1257", "āčēģīķļņšūž"),  # Latvian
    _alphabet("cp1257", "õäöüšž"),  # Estonian
    _alphabet("cp1253", "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋ"),  # Greek
    _alphabet("cp1251", "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґў"),  # Russian, Ukrainian, Bulgarian, Belarusian
    _alphabet("cp1251", "абвгдежзијклљмнњопрстћуфхцчџшђѓќѕ"),  # Serbian, Macedonian
    _alphabet("koi8-r", "абвгдежзийклмнопрстуфхцчшщъыьэюяё"),  # Russian by Unix
)
"""The first of equals is taken."""


def code_page_of(content: bytes) -> str | None:
    """The code page's name as Python knows it; None where most letters would be strange in each."""
    words = _words(content)
    best, fewest = None, sum(len(_HIGH.findall(word)) for word in words) // 2 + 1
    for each in _ALPHABETS:
        strange = _strange(words, each)
        if strange is not None and strange < fewest:
            best, fewest = each.code_page, strange
    return best


def _words(content: bytes) -> Sequence[bytes]:
    found = dict.fromkeys(word for word in _WORD.findall(content) if _HIGH.search(word))
    return list(found)[:MOST_WORDS]


def _strange(words: Iterable[bytes], alphabet: _Alphabet) -> int | None:
    """How many letters and signs stand where the language has none; None where a byte means nothing."""
    try:
        return sum(_strange_in(word.decode(alphabet.code_page), alphabet.letters) for word in words)
    except UnicodeDecodeError:
        return None


def _strange_in(word: str, letters: frozenset[str]) -> int:
    strange = len(_OE_OF_NO_WORD.findall(word.casefold())) + len(_FINAL_SIGMA_WITHIN.findall(word))
    has_latin = any(each.isascii() and each.isalpha() for each in word)
    for before, each, after in zip(f" {word}", word, f"{word[1:]} ", strict=False):
        if each.isascii() or (has_latin and each in _TELL_NOTHING):
            continue
        if each.isalpha() and each not in _ORDINALS:
            is_mixed = has_latin and each >= _FIRST_NOT_LATIN
            is_known = set(each.lower()) <= letters
            strange += not is_known or is_mixed or (before.islower() and each.isupper())
        else:
            strange += _is_within(before, each, after)
    return strange


def _is_within(before: str, sign: str, after: str) -> bool:
    """A sign in the middle of a word, or one of money before it; quotation marks and dashes may stand there.

    What tables were once drawn with (KOI8-R has it) stands in no file of today.
    """
    if "\N{BOX DRAWINGS LIGHT HORIZONTAL}" <= sign <= "\N{QUADRANT UPPER RIGHT AND LOWER LEFT AND LOWER RIGHT}":
        return True
    if unicodedata.category(sign) == "Sc":
        return after.isalpha()
    return unicodedata.category(sign) not in {"Pd", "Pf", "Pi", "Zs"} and before.isalpha() and after.isalpha()
