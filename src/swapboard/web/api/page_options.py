"""The part of a site's document that says how the script treats its pages (docs/tracker.md)."""

from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field

from swapboard.accounts.page import FORM_FIELDS, Declined, PageOptions, Vanity
from swapboard.accounts.page_words import (
    MOST_WORDS,
    Attribute,
    FieldName,
    LinkedHost,
    Selector,
    VanityTarget,
    VanityTemplate,
    VanityText,
)
from swapboard.web.api.fields import Message


class VanityDocument(Message, from_attributes=True):
    """A text that stands for a number, and what is written instead; `{number}` is the number shown."""

    text: VanityText
    target: VanityTarget
    template: VanityTemplate = "{number}"


class PageOptionsDocument(Message, from_attributes=True):
    """How the script treats the site's pages."""

    declined: Declined = Field(Declined.ORIGINAL, description="What a visitor who declines consent sees.")
    forms: bool = Field(False, description="Keep the forms that visitors send, with their visit.")
    form_fields: Annotated[list[FieldName], Field(max_length=MOST_WORDS)] = Field(
        default_factory=lambda: list(FORM_FIELDS), description="The fields of a form that may be kept."
    )
    attributes: Annotated[list[Attribute], Field(max_length=MOST_WORDS)] = Field(
        default_factory=list, description="More attributes to swap."
    )
    skip: Annotated[list[Selector], Field(max_length=MOST_WORDS)] = Field(
        default_factory=list, description="Selectors of what is never touched."
    )
    whatsapp: bool = Field(True, description="Swap numbers in WhatsApp links.")
    microdata: bool = Field(False, description='Swap what stands in itemprop="telephone".')
    vanity: Annotated[list[VanityDocument], Field(max_length=MOST_WORDS)] = Field(default_factory=list)
    calltrk: bool = Field(False, description="Offer window.CallTrk to pages that were written for it.")
    linked_hosts: Annotated[list[LinkedHost], Field(max_length=MOST_WORDS)] = Field(
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
