"""What a site's owner decides of the script on the page, beyond consent and hosts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import cast


class Declined(StrEnum):
    """What a visitor who declines consent sees; nothing is stored of either."""

    ORIGINAL = "original"
    CHANNEL_STATIC = "channel_static"


FORM_FIELDS = ("name", "email", "phone", "message")


@dataclass(frozen=True, slots=True)
class Vanity:
    """A text that stands for a number: `1-800-FLOWERS`; `{number}` in the template is the number shown instead."""

    text: str
    target: str
    template: str = "{number}"


@dataclass(frozen=True, slots=True)
class PageOptions:
    """How the script treats the site's pages."""

    declined: Declined = Declined.ORIGINAL
    forms: bool = False
    """Whether forms that visitors send are kept with their visit."""
    form_fields: tuple[str, ...] = FORM_FIELDS
    """Which of a form's fields may be kept."""
    attributes: tuple[str, ...] = ()
    """More attributes in which numbers are swapped."""
    skip: tuple[str, ...] = ()
    """Selectors of what is never touched, such as `code` and `pre`."""
    whatsapp: bool = True
    """Whether numbers in WhatsApp links are swapped."""
    microdata: bool = False
    """Whether the visible text of `itemprop="telephone"` is swapped."""
    vanity: tuple[Vanity, ...] = ()
    calltrk: bool = False
    """Whether pages written for `window.CallTrk` find it."""
    linked_hosts: tuple[str, ...] = ()
    """The company's other hosts, to which a session is handed over."""


PLAIN = PageOptions()


def as_json(options: PageOptions) -> dict[str, object]:
    """The options that differ from the defaults, as they are kept."""
    given = {field.name: getattr(options, field.name) for field in fields(options)}
    changed = {name: value for name, value in given.items() if value != getattr(PLAIN, name)}
    if "vanity" in changed:
        changed["vanity"] = [[each.text, each.target, each.template] for each in options.vanity]
    return {name: list(value) if isinstance(value, tuple) else value for name, value in changed.items()}


def from_json(kept: Mapping[str, object]) -> PageOptions:
    """The options as they were kept; what is missing is as by default."""
    return PageOptions(
        declined=Declined(str(kept.get("declined", PLAIN.declined))),
        forms=bool(kept.get("forms", PLAIN.forms)),
        form_fields=_texts(kept, "form_fields", FORM_FIELDS),
        attributes=_texts(kept, "attributes"),
        skip=_texts(kept, "skip"),
        whatsapp=bool(kept.get("whatsapp", PLAIN.whatsapp)),
        microdata=bool(kept.get("microdata", PLAIN.microdata)),
        vanity=tuple(Vanity(*each) for each in cast("Sequence[Sequence[str]]", kept.get("vanity", ()))),
        calltrk=bool(kept.get("calltrk", PLAIN.calltrk)),
        linked_hosts=_texts(kept, "linked_hosts"),
    )


def _texts(kept: Mapping[str, object], name: str, otherwise: Sequence[str] = ()) -> tuple[str, ...]:
    return tuple(str(each) for each in cast("Sequence[str]", kept.get(name, otherwise)))
