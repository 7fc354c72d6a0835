"""What a person types to narrow a report: `channel:paid campaign="Spring sale" -outcome:missed`.

`name:word` is met where the value contains the word, `name="text"` where it is exactly that (so `name=""` where
nothing is known); small and capital letters are alike in the first only. A minus before it turns it round. All
must be met.
"""

import re
from dataclasses import dataclass

from swapboard.language import _
from swapboard.reports.dimension import Dimension

LONGEST_FILTER = 1_000

_TERM = re.compile(
    r'(?P<turned>-?)(?P<name>[a-z]+)(?P<how>[:=])(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<word>[^\s"]*))'
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_PLAIN = re.compile(r'[^\s"\\]+')


class BadFilter(ValueError):
    """The filter cannot be read; the message is for people."""


@dataclass(frozen=True, slots=True)
class Term:
    """One condition."""

    dimension: Dimension
    value: str
    is_exact: bool
    """The whole value, letter by letter; else any part of it."""
    is_turned: bool = False
    """Met by what is not so."""

    def met_by(self, value: str | None) -> bool:
        """Whether a call with this value meets it; None is what is not known, and equal to no text."""
        found = value or ""
        is_so = found == self.value if self.is_exact else self.value.lower() in found.lower()
        return is_so is not self.is_turned


def read_filter(text: str) -> tuple[Term, ...]:
    """The conditions that a person typed. Raises BadFilter."""
    if len(text) > LONGEST_FILTER:
        raise BadFilter(_("A filter has at most %(most)s characters.") % {"most": LONGEST_FILTER})
    terms, at = [], 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        found = _TERM.match(text, at)
        if found is None or (found.end() < len(text) and not text[found.end()].isspace()):
            raise BadFilter(_advice(text[at:].split(maxsplit=1)[0]))
        terms.append(_term(found))
        at = found.end()
    return tuple(terms)


def write_filter(terms: tuple[Term, ...]) -> str:
    """The text that `read_filter` reads as these."""
    return " ".join(
        f"{'-' if term.is_turned else ''}{term.dimension}{'=' if term.is_exact else ':'}{_written(term.value)}"
        for term in terms
    )


def _term(found: re.Match[str]) -> Term:
    try:
        dimension = Dimension(found["name"])
    except ValueError:
        raise BadFilter(
            _("There is no %(name)r; there are: %(known)s.")
            % {"name": found["name"], "known": ", ".join(Dimension)}
        ) from None
    quoted = found["quoted"]
    value = found["word"] if quoted is None else _ESCAPED.sub(r"\1", quoted)
    if "\0" in value:
        raise BadFilter(_("Leave the NUL character out."))
    return Term(dimension, value, found["how"] == "=", found["turned"] == "-")


def _written(value: str) -> str:
    if _PLAIN.fullmatch(value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _advice(word: str) -> str:
    if '"' in word:
        return _('The quotation marks in %(word)s do not match; write campaign:"spring sale".') % {"word": word}
    return _("%(word)r stands alone; write what it is of, such as campaign:%(word)s.") % {"word": word}
