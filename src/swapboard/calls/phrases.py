"""Words and phrases that a company listens for, found in what was said; no I/O.

A word is found in its English forms too, by rule: `book` finds books, booked, booking and book's. Irregular forms
(`buy`, bought) are not; a phrase in quotation marks is found only just as it stands.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from swapboard.calls.transcript import Segment, Side, Token, tokens_in, tokens_of
from swapboard.language import _

MOST_PHRASES = 200
LONGEST_PHRASE = 80
_SHORTEST_WITH_FORMS = 3
_VOWELS = frozenset("aeiou")
_NOUNS = ("ment", "ness", "ation", "ity", "ency", "ancy", "ship")
"""Long words that end so are no verbs."""
_LONGEST_VERB = 6
_HISSING = ("s", "x", "z", "ch", "sh")


class SaidBy(StrEnum):
    """Whose words count."""

    ANYBODY = "anybody"
    CALLER = "caller"
    AGENT = "agent"


class Meaning(StrEnum):
    """What it says of a call that a phrase was said."""

    GOOD = "good"
    """Speaks for a good lead."""
    BAD = "bad"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a company listens for."""

    text: str
    """As `tidy_phrase` writes it."""
    said_by: SaidBy = SaidBy.ANYBODY
    meaning: Meaning = Meaning.NOTHING
    tag: str = ""
    """Calls in which it is said get it; empty for none."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase that was said in a recording: how often by whom, when first (seconds), and in which words."""

    text: str
    counts: Mapping[Side, int]
    first_at: Mapping[Side, float]
    heard: str

    def count_by(self, said_by: SaidBy) -> int:
        """How often whoever counts said it."""
        return sum(self.counts.get(side, 0) for side in _SIDES[said_by])

    def at(self, said_by: SaidBy) -> float | None:
        """When whoever counts said it first; None when they did not."""
        return min((self.first_at[side] for side in _SIDES[said_by] if side in self.first_at), default=None)


_SIDES: Mapping[SaidBy, Sequence[Side]] = {
    SaidBy.ANYBODY: tuple(Side),
    SaidBy.CALLER: (Side.CALLER,),
    SaidBy.AGENT: (Side.AGENT,),
}


def tidy_phrase(text: str) -> str:
    """The phrase as it is kept: small letters, one space between. Raises ValueError with what to write instead."""
    tidy = " ".join(text.casefold().replace("“", '"').replace("”", '"').split())
    if not tokens_in(tidy):
        raise ValueError(_("Write a word or a few, like appointment."))
    if len(tidy) > LONGEST_PHRASE:
        raise ValueError(_("Write at most %(most)s letters.") % {"most": LONGEST_PHRASE})
    return tidy


def forms_of(word: str) -> tuple[str, ...]:
    """The word (small letters) and its regular English forms."""
    if len(word) < _SHORTEST_WITH_FORMS or not word.isalpha() or not word.isascii():
        return (word,)
    if word.endswith(_NOUNS) and len(word) > _LONGEST_VERB:
        return (word, _plural(word), f"{word}'s")
    stem = word
    if word.endswith("e"):
        stem = word[:-1]
    elif _doubles(word):
        stem = word + word[-1]
    past = f"{word[:-1]}ied" if _turns_y(word) else f"{stem}ed"
    return tuple(dict.fromkeys((word, _plural(word), past, f"{stem}ing", f"{word}'s")))


def pattern_of(phrase: str) -> tuple[frozenset[str], ...]:
    """Word by word, what may stand there."""
    is_exact = len(phrase) > 2 and phrase.startswith('"') and phrase.endswith('"')
    return tuple(frozenset((word,) if is_exact else forms_of(word)) for word in tokens_in(phrase))


def spot(segments: Sequence[Segment], phrases: Iterable[str]) -> list[Hit]:
    """Which of the phrases were said."""
    spoken = {side: _Spoken.of(list(tokens_of(segments, side))) for side in Side}
    found = (_hit(phrase, spoken) for phrase in dict.fromkeys(phrases))
    return [hit for hit in found if hit]


def moments(segments: Sequence[Segment], phrases: Iterable[str]) -> Mapping[Side, frozenset[float]]:
    """When each side says a word of one of the phrases, to mark it."""
    patterns = [pattern_of(phrase) for phrase in phrases]
    found: dict[Side, frozenset[float]] = {}
    for side in Side:
        said = _Spoken.of(list(tokens_of(segments, side)))
        found[side] = frozenset(
            token.at
            for pattern in patterns
            for begins in said.finds(pattern)
            for token in said.tokens[begins : begins + len(pattern)]
        )
    return found


def merged(hits: Iterable[Hit]) -> list[Hit]:
    """The hits of several recordings of one call, one for each phrase."""
    by_text: dict[str, Hit] = {}
    for hit in hits:
        known = by_text.get(hit.text)
        by_text[hit.text] = _both(known, hit) if known else hit
    return list(by_text.values())


class _Spoken(NamedTuple):
    tokens: Sequence[Token]
    places: Mapping[str, Sequence[int]]

    @classmethod
    def of(cls, tokens: Sequence[Token]) -> "_Spoken":
        places: dict[str, list[int]] = {}
        for index, token in enumerate(tokens):
            places.setdefault(token.text, []).append(index)
        return cls(tokens, places)

    def finds(self, pattern: Sequence[frozenset[str]]) -> list[int]:
        """Where it begins."""
        begins = sorted(index for form in pattern[0] for index in self.places.get(form, ()))
        return [index for index in begins if self._goes_on(index, pattern)]

    def _goes_on(self, index: int, pattern: Sequence[frozenset[str]]) -> bool:
        said = self.tokens[index : index + len(pattern)]
        pairs = zip(said, pattern, strict=False)
        return len(said) == len(pattern) and all(token.text in forms for token, forms in pairs)


def _hit(phrase: str, spoken: Mapping[Side, _Spoken]) -> Hit | None:
    pattern = pattern_of(phrase)
    found = {side: said.finds(pattern) for side, said in spoken.items()} if pattern else {}
    found = {side: places for side, places in found.items() if places}
    if not found:
        return None
    side, first = min(
        ((side, places[0]) for side, places in found.items()),
        key=lambda each: spoken[each[0]].tokens[each[1]].at,
    )
    return Hit(
        text=phrase,
        counts={side: len(places) for side, places in found.items()},
        first_at={side: spoken[side].tokens[places[0]].at for side, places in found.items()},
        heard=" ".join(token.text for token in spoken[side].tokens[first : first + len(pattern)]),
    )


def _both(first: Hit, second: Hit) -> Hit:
    sides = {*first.counts, *second.counts}
    return Hit(
        first.text,
        {side: first.counts.get(side, 0) + second.counts.get(side, 0) for side in sides},
        {**second.first_at, **first.first_at},
        first.heard,
    )


def _plural(word: str) -> str:
    if _turns_y(word):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(_HISSING) else f"{word}s"


def _turns_y(word: str) -> bool:
    return word.endswith("y") and word[-2] not in _VOWELS


def _doubles(word: str) -> bool:
    """True for short words of consonant, vowel, consonant at the end: plan, planned."""
    before, vowel, last = word[-3], word[-2], word[-1]
    is_short = sum(letter in _VOWELS for letter in word) == 1
    return is_short and vowel in _VOWELS and before not in _VOWELS and last not in _VOWELS and last not in "wxy"
