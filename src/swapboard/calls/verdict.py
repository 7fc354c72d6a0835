"""What is said of a call afterwards: tags, what it was worth, whether it was a good lead; no I/O."""

from collections.abc import Collection
from dataclasses import dataclass

from swapboard.language import _

MOST_TAGS = 20
LONGEST_TAG = 50
MOST_CENTS = 10**12


@dataclass(frozen=True, slots=True)
class Verdict:
    """A word on a call; None where nothing was said. Money is in cents of the company's currency."""

    tags: tuple[str, ...]
    value_cents: int | None
    qualified: bool | None


def tidy_tags(tags: Collection[str]) -> tuple[str, ...]:
    """The tags without blanks and repetitions, in the order given. Raises ValueError for too many or too long."""
    tidy = tuple(dict.fromkeys(" ".join(tag.split()) for tag in tags if tag.strip()))
    if len(tidy) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in tidy):
        raise ValueError(
            _("A call takes at most %(most_tags)s tags of at most %(longest_tag)s characters each.")
            % {"most_tags": MOST_TAGS, "longest_tag": LONGEST_TAG}
        )
    return tidy
