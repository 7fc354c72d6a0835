"""What people are told when a destination does not take what it is to be told."""

import re
from collections.abc import Iterable

from swapboard.language import _
from swapboard.letter import Letter, Link, letter_of

WHAT_TO_DO = (
    (
        ("429", "rate limit", "too many requests", "quota"),
        _("It takes no more for now. Calls are told later by themselves."),
    ),
    (
        ("401", "403", "access", "token", "credential", "unauthorized", "permission"),
        _("Its access has run out or was taken back. Log in there, make a new key or token, and save it here."),
    ),
    (("410", "gone"), _("It says that it wants no more. If that is right, switch it off here.")),
    (
        ("404", "not found"),
        _("It does not know the address. See whether the settings still say what it says there."),
    ),
    (
        ("no answer", "timed out", "connection"),
        _("It does not answer. See whether it is up, and the address right."),
    ),
)
"""(what stands in the platform's words, what helps), the first that fits."""
OTHERWISE = _("Read its own words, mend what they name there or here, and press Try the saved settings.")


def what_to_do(trouble: str) -> str:
    """What helps, by the platform's own words."""
    words = trouble.lower()
    return next((_(advice) for signs, advice in WHAT_TO_DO if _says(words, signs)), _(OTHERWISE))


def _says(words: str, signs: Iterable[str]) -> bool:
    """Whether a word begins with one of the signs; a number is one only by itself."""
    return any(re.search(rf"\b{re.escape(sign)}(?!\d)", words) for sign in signs)


def alarm_letter(name: str, company: str, trouble: str, link: str) -> Letter:
    """The letter to the owner."""
    rows = [
        (_("Company"), company),
        (_("What it says"), trouble),
        (_("What helps"), what_to_do(trouble)),
        (
            _("What is safe"),
            _("Nothing is lost: what waits is told when it works again, and what failed can be sent again."),
        ),
    ]
    return letter_of(
        _("%(name)s is not told of your calls") % {"name": name},
        rows,
        Link(link, _("Look at it"), _("Look at it")),
    )
