"""What counts: whether a call or a form is a conversion for a destination, what it is worth, and why.

Every condition is looked at, not only the first that fails, so that the answer to "why did this not convert?"
is whole.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from swapboard.conversions.contact import Contact
from swapboard.conversions.event import Event
from swapboard.language import _
from swapboard.leads.lead import ContactKind

MOST_SECONDS = 86_400
_NEITHER = "It is told what happens to calls, and not what counts."


@dataclass(frozen=True, slots=True)
class Rule:
    """What a destination wants to be told of."""

    calls: bool = True
    forms: bool = True
    answered: bool = True
    least_talk_seconds: int = 0
    first_time_only: bool = False
    qualified_only: bool = False
    tags: tuple[str, ...] = ()
    """Any of them will do; none asked for when empty."""
    least_confidence: float = 0.0
    """How sure the visit must be, 0 to 1."""
    value_cents: int | None = None
    """What each is worth where nothing else says so."""
    tag_cents: Mapping[str, int] = field(default_factory=dict)
    """What each with this tag is worth; the highest counts."""
    events: tuple[Event, ...] = ()
    """What else it is told of, of every call, whether that counts or not."""
    is_dry_run: bool = False
    """Nothing is sent: what would be is written down, to be looked at."""

    def __post_init__(self) -> None:
        if not 0 <= self.least_confidence <= 1:
            raise ValueError(_("How sure the visit must be is a number from 0 to 1."))
        if not 0 <= self.least_talk_seconds <= MOST_SECONDS:
            raise ValueError(
                _("The least talk time is between 0 and %(most_seconds)s seconds.")
                % {"most_seconds": MOST_SECONDS}
            )
        if not (self.calls or self.forms or self.events):
            raise ValueError(_("Choose calls, forms, or something else that it is to be told of."))


class Condition(StrEnum):
    """What a contact is looked at for."""

    KIND = "kind"
    SPAM = "spam"
    ANSWERED = "answered"
    TALK_TIME = "talk_time"
    FIRST_TIME = "first_time"
    QUALIFIED = "qualified"
    TAG = "tag"
    CONFIDENCE = "confidence"


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition, whether it is met, and the words for it: a template, and what stands in it."""

    condition: Condition
    is_met: bool
    words: str
    figures: Mapping[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.words.format(**self.figures)


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a contact counts, what it is worth (in cents; None for nothing said), and every reason."""

    counts: bool
    value_cents: int | None
    reasons: tuple[Reason, ...]


def judge(rule: Rule, contact: Contact) -> Finding:
    """Look at a contact by a rule."""
    reasons = tuple(_reasons(rule, contact))
    counts = all(reason.is_met for reason in reasons)
    return Finding(counts, worth(rule, contact) if counts else None, reasons)


def worth(rule: Rule, contact: Contact) -> int | None:
    """What it is worth in cents: as somebody said, else by its tags, else what each is worth."""
    if contact.value_cents is not None:
        return contact.value_cents
    by_tag = [cents for tag, cents in rule.tag_cents.items() if tag in contact.tags]
    return max(by_tag, default=rule.value_cents)


def _reasons(rule: Rule, contact: Contact) -> Iterator[Reason]:
    is_call = contact.kind is ContactKind.CALL
    if is_call:
        yield _kind(
            rule.calls, "Calls count here.", "Calls do not count here, only forms." if rule.forms else _NEITHER
        )
    else:
        yield _kind(
            rule.forms, "Forms count here.", "Forms do not count here, only calls." if rule.calls else _NEITHER
        )
    if contact.is_spam:
        yield Reason(Condition.SPAM, False, "It is marked as spam.")
    if is_call:
        yield from _call_reasons(rule, contact)
    if rule.first_time_only:
        yield _either(
            contact.is_first, Condition.FIRST_TIME, "They had not called before.", "They had called before."
        )
    if rule.qualified_only:
        yield _either(
            contact.qualified is True,
            Condition.QUALIFIED,
            "Somebody marked it as a good lead.",
            "Nobody has marked it as a good lead yet.",
        )
    if rule.tags:
        found = [tag for tag in rule.tags if tag in contact.tags]
        wanted = {"tags": ", ".join(found or rule.tags)}
        yield _either(
            bool(found), Condition.TAG, "It has the tag {tags}.", "It has none of the tags {tags}.", wanted
        )
    if rule.least_confidence:
        yield _sureness(rule, contact)


def _call_reasons(rule: Rule, contact: Contact) -> Iterator[Reason]:
    if rule.answered:
        yield _either(contact.answered, Condition.ANSWERED, "It was answered.", "It was not answered.")
    if rule.least_talk_seconds:
        yield _either(
            contact.talk_seconds >= rule.least_talk_seconds,
            Condition.TALK_TIME,
            "They talked for {talk} s; {least} s are asked for.",
            "They talked for {talk} s, less than the {least} s that are asked for.",
            {"talk": contact.talk_seconds, "least": rule.least_talk_seconds},
        )


def _sureness(rule: Rule, contact: Contact) -> Reason:
    least = {"least": f"{rule.least_confidence:.2f}"}
    if contact.confidence is None:
        return Reason(Condition.CONFIDENCE, False, "No visit to the site is known to have made it.", least)
    return _either(
        contact.confidence >= rule.least_confidence,
        Condition.CONFIDENCE,
        "It is matched with a visit with {sure}; your rule asks for {least}.",
        "It is matched with a visit with only {sure}, below your rule's {least}.",
        {"sure": f"{contact.confidence:.2f}", **least},
    )


def _kind(is_met: bool, yes: str, no: str) -> Reason:
    return _either(is_met, Condition.KIND, yes, no)


def _either(
    is_met: bool, condition: Condition, yes: str, no: str, figures: Mapping[str, str | int] | None = None
) -> Reason:
    return Reason(condition, is_met, yes if is_met else no, figures or {})
