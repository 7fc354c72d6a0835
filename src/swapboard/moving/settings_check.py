"""What a company's and a site's settings may be, where a file writes them: as narrow as at every other door."""

import re
from collections.abc import Iterator, Mapping
from zoneinfo import available_timezones

import phonenumbers
from pydantic import TypeAdapter, ValidationError

from swapboard.accounts.audit import JOURNAL_DAYS
from swapboard.accounts.brand import read_colour
from swapboard.accounts.company import (
    BEAT_SECONDS,
    LOOK_BACK_DAYS,
    PEOPLE_KEPT_DAYS,
    QUARANTINE_DAYS,
    RING_SECONDS,
    SESSION_SECONDS,
    Company,
    Site,
)
from swapboard.accounts.page import PageOptions
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
from swapboard.language import LANGUAGES
from swapboard.numbers.e164 import NotANumber, parse_number
from swapboard.visits.hosts import host_of

_CURRENCY = re.compile("[A-Z]{3}")
_WORDS: Mapping[str, TypeAdapter[str]] = {
    "form_fields": TypeAdapter(FieldName),
    "attributes": TypeAdapter(Attribute),
    "skip": TypeAdapter(Selector),
    "linked_hosts": TypeAdapter(LinkedHost),
}
_VANITY: Mapping[str, TypeAdapter[str]] = {
    "text": TypeAdapter(VanityText),
    "target": TypeAdapter(VanityTarget),
    "template": TypeAdapter(VanityTemplate),
}


def faults_of_company(company: Company) -> Iterator[str]:
    """What of the settings cannot be."""
    for name, allowed in (
        ("session_seconds", SESSION_SECONDS),
        ("ring_timeout_seconds", RING_SECONDS),
        ("look_back_days", LOOK_BACK_DAYS),
        ("quarantine_days", QUARANTINE_DAYS),
        ("journal_days", JOURNAL_DAYS),
    ):
        if getattr(company, name) not in allowed:
            yield f"company.{name}: write a whole number from {allowed[0]} to {allowed[-1]}."
    for name in ("visits_kept_days", "contacts_kept_days"):
        if getattr(company, name) not in {None, *PEOPLE_KEPT_DAYS}:
            fewest, most = PEOPLE_KEPT_DAYS[0], PEOPLE_KEPT_DAYS[-1]
            yield f"company.{name}: write a whole number from {fewest} to {most}, or leave it out to keep all."
    for wrong, said in (
        (company.time_zone not in available_timezones(), "time_zone: write one of IANA's list: America/New_York."),
        (company.country not in phonenumbers.SUPPORTED_REGIONS, "country: write its two letters, such as US."),
        (not _CURRENCY.fullmatch(company.currency), "currency: write three letters, such as USD."),
        (company.language not in {None, *LANGUAGES}, f"language: write one of {', '.join(LANGUAGES)}."),
        (not _is_colour(company.colour), "colour: write it like #0b5f54."),
        (not _is_number(company.default_destination), "default_destination: write it like +12025550100."),
    ):
        if wrong:
            yield f"company.{said}"


def faults_of_site(site: Site) -> Iterator[str]:
    """The same of a site."""
    if site.beat_seconds not in BEAT_SECONDS:
        yield f"site.beat_seconds: write a whole number from {BEAT_SECONDS[0]} to {BEAT_SECONDS[-1]}."
    for host in site.hosts:
        if host_of(f"//{host}") != host:
            yield f"site.hosts, {host!r}: write a host name, such as www.example.com."
    yield from _of_page(site.page)


def _of_page(page: PageOptions) -> Iterator[str]:
    for name in (*_WORDS, "vanity"):
        if len(getattr(page, name)) > MOST_WORDS:
            yield f"site.page.{name}: at most {MOST_WORDS}."
    told = [(name, kind, text) for name, kind in _WORDS.items() for text in getattr(page, name)]
    told += [
        (f"vanity.{name}", kind, getattr(each, name)) for each in page.vanity for name, kind in _VANITY.items()
    ]
    for name, kind, text in told:
        if not _is_as(kind, text):
            yield f"site.page.{name}: {text!r} cannot stand there; docs/tracker.md says what can."


def _is_as(kind: TypeAdapter[str], text: str) -> bool:
    try:
        return kind.validate_python(text) == text
    except ValidationError:
        return False


def _is_colour(text: str | None) -> bool:
    try:
        return text is None or read_colour(text) == text
    except ValueError:
        return False


def _is_number(text: str | None) -> bool:
    try:
        return text is None or parse_number(text) == text
    except NotANumber:
        return False
