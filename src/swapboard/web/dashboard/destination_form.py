"""The rule of a destination, as a form says it."""

from collections.abc import Mapping

from swapboard.calls.verdicts import tidy_tags
from swapboard.conversions.conversion import MOST_SECONDS, Rule
from swapboard.web.dashboard.amount import cents_of
from swapboard.web.dashboard.forms import Form
from swapboard.web.dashboard.translation import _


class FormFault(ValueError):
    """What was typed in cannot be; the words are for people."""


def read_rule(form: Form) -> Rule:
    """The rule. Raises FormFault."""
    try:
        return Rule(
            calls=form.one("calls") == "yes",
            forms=form.one("forms") == "yes",
            answered=form.one("answered") == "yes",
            least_talk_seconds=_whole(form.one("talk"), MOST_SECONDS, _("Write the least talk time in seconds.")),
            first_time_only=form.one("first") == "yes",
            qualified_only=form.one("qualified") == "yes",
            tags=tidy_tags(form.one("tags").split(",")),
            least_confidence=_percent(form.one("sure")),
            value_cents=_cents(form.one("value")),
            tag_cents=_tag_cents(form.one("tag_values")),
        )
    except ValueError as error:
        raise FormFault(str(error)) from None


def tag_lines(tag_cents: Mapping[str, int]) -> str:
    """The values of tags as the form shows them: `sale = 50.00`, a line each."""
    return "\n".join(f"{tag} = {cents // 100}.{cents % 100:02}" for tag, cents in tag_cents.items())


def _whole(text: str, most: int, words: str) -> int:
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) <= most):
        raise FormFault(words)
    return int(text)


def _percent(text: str) -> float:
    words = _("Write how sure the match must be as a whole number from 0 to 100.")
    return _whole(text.removesuffix("%").strip(), 100, words) / 100


def _cents(text: str) -> int | None:
    cents = cents_of(text)
    if text and cents is None:
        raise FormFault(_("Write an amount like 40 or 40.50."))
    return cents


def _tag_cents(text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for line in filter(str.strip, text.splitlines()):
        tag, _sign, amount = line.rpartition("=")
        cents = cents_of(amount.strip())
        if not tag.strip() or cents is None:
            raise FormFault(_("Write each tag's value on a line of its own, like: sale = 50"))
        (name,) = tidy_tags([tag])
        found[name] = cents
    return found
