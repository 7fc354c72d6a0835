"""The part of a site's document that says how the script treats its pages (docs/tracker.md)."""

import re
from dataclasses import replace
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints

from swapboard.accounts.page import FORM_FIELDS, Declined, PageOptions, Vanity
from swapboard.web.api.fields import Message

_SELECTOR = re.compile(r"[\w\s.#:>~+*=\"'\[\]()^$|-]+")


def _selector(text: str) -> str:
    if not _SELECTOR.fullmatch(text):
        raise ValueError("Write one CSS selector, such as code or .price; no commas.")
    return text


Attribute = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,60}$")]
Selector = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(_selector)
]
FieldName = Annotated[str, StringConstraints(pattern=r"^[\w-]{1,60}$")]
LinkedHost = Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]{1,253}$")]


VanityTarget = Annotated[
    str,
    StringConstraints(pattern=r"^\+[1-9]\d{6,14}$"),
    Field(description="The number that the text stands for, E.164.", examples=["+12025550100"]),
]


class VanityDocument(Message, from_attributes=True):
    """A text that stands for a number, and what is written instead; `{number}` is the number shown."""

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=60)]
    target: VanityTarget
    template: Annotated[str, StringConstraints(min_length=1, max_length=100)] = "{number}"


class PageOptionsDocument(Message, from_attributes=True):
    """How the script treats the site's pages."""

    declined: Declined = Field(Declined.ORIGINAL, description="What a visitor who declines consent sees.")
    forms: bool = Field(False, description="Keep the forms that visitors send, with their visit.")
    form_fields: Annotated[list[FieldName], Field(max_length=20)] = Field(
        default_factory=lambda: list(FORM_FIELDS), description="The fields of a form that may be kept."
    )
    attributes: Annotated[list[Attribute], Field(max_length=20)] = Field(
        default_factory=list, description="More attributes to swap."
    )
    skip: Annotated[list[Selector], Field(max_length=20)] = Field(
        default_factory=list, description="Selectors of what is never touched."
    )
    whatsapp: bool = Field(True, description="Swap numbers in WhatsApp links.")
    microdata: bool = Field(False, description='Swap what stands in itemprop="telephone".')
    vanity: Annotated[list[VanityDocument], Field(max_length=20)] = Field(default_factory=list)
    calltrk: bool = Field(False, description="Offer window.CallTrk to pages that were written for it.")
    linked_hosts: Annotated[list[LinkedHost], Field(max_length=20)] = Field(
        default_factory=list, description="The company's other hosts, to which a visit is handed over."
    )


AS_USUAL = PageOptionsDocument.model_validate({})


def page_document(options: PageOptions) -> PageOptionsDocument:
    """The options as the API tells them."""
    return PageOptionsDocument.model_validate(options)


def page_options(before: PageOptions, message: PageOptionsDocument) -> PageOptions:
    """The options with what the message gives; the rest stays."""
    given: dict[str, Any] = message.model_dump(include=message.model_fields_set)
    changed: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in given.items()
    }
    if "vanity" in given:
        changed["vanity"] = tuple(Vanity(each.text, each.target, each.template) for each in message.vanity)
    return replace(before, **changed)
