"""What was said in a call, word for word: who said it, and when; no I/O.

A recording of two channels has the caller in the first and the company's side in the second. Where both are in
one channel, nobody can tell who spoke.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

PAUSE_SECONDS = 1.0
"""A longer pause of a speaker begins a new line."""
LONGEST_LINE_WORDS = 40
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


class Side(StrEnum):
    """Who spoke."""

    CALLER = "caller"
    AGENT = "agent"
    """Whoever answered for the company."""
    UNKNOWN = "unknown"
    """Both are in one channel."""


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word as it was heard, with its punctuation; seconds from the recording's beginning."""

    text: str
    begins: float
    ends: float


@dataclass(frozen=True, slots=True)
class Segment:
    """What one side said in one go."""

    side: Side
    words: tuple[SpokenWord, ...]
    """At least one."""

    @property
    def begins(self) -> float:
        return self.words[0].begins

    @property
    def ends(self) -> float:
        return self.words[-1].ends

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Transcript:
    """All that was said in a recording, in order of time."""

    language: str
    """ISO 639-1; empty when nobody knows."""
    engine: str
    """What heard it."""
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Token:
    """A word to compare by: small letters without punctuation."""

    text: str
    at: float


def sides_of(channel_count: int, *, is_message: bool) -> tuple[Side, ...]:
    """Whose each channel is; a message has only its caller in it."""
    if is_message:
        return (Side.CALLER,) * channel_count
    return (Side.CALLER, Side.AGENT) if channel_count == 2 else (Side.UNKNOWN,) * channel_count


def segments_of(words: Sequence[SpokenWord], side: Side) -> list[Segment]:
    """One side's words as lines: broken at its pauses, and at a sentence's end where a line grows long."""
    lines: list[list[SpokenWord]] = [[word] for word in words[:1]]
    for before, word in pairwise(words):
        is_long = len(lines[-1]) >= LONGEST_LINE_WORDS and before.text.endswith((".", "!", "?"))
        if word.begins - before.ends > PAUSE_SECONDS or is_long:
            lines.append([word])
        else:
            lines[-1].append(word)
    return [Segment(side, tuple(line)) for line in lines]


def in_order(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """The lines of both sides, by when they begin."""
    return tuple(sorted(segments, key=lambda each: (each.begins, each.side)))


def tokens_in(text: str) -> list[str]:
    """The words of a text, to compare by."""
    folded = unicodedata.normalize("NFKC", text).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").casefold()
    return _TOKEN.findall(folded)


def tokens_of(segments: Iterable[Segment], side: Side) -> Iterator[Token]:
    """What one side said, word by word."""
    for segment in segments:
        if segment.side is side:
            for word in segment.words:
                yield from (Token(text, word.begins) for text in tokens_in(word.text))


def plain_text(segments: Iterable[Segment]) -> str:
    """All of it as text, a line each, without who said it."""
    return "\n".join(segment.text for segment in segments)
