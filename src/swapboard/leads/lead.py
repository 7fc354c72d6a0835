"""Who is the same person: what a lead is recognised by, and which of several leads goes on.

A phone number, an e-mail address and a visitor's id each belong to one lead. Somebody who gets in touch with any
of them is that lead; where they point to several leads, those were one person all along.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from swapboard.clock import Millis

SURE_ENOUGH = 0.8
"""A call below this confidence says nothing lasting of who its visitor is: two people must not become one."""


class ContactKind(StrEnum):
    """How somebody got in touch."""

    CALL = "call"
    FORM = "form"


class KeyKind(StrEnum):
    """What a person is recognised by."""

    PHONE = "phone"
    EMAIL = "email"
    VISITOR = "visitor"


@dataclass(frozen=True, slots=True)
class LeadKey:
    """One thing that belongs to one person: an E.164 number, an e-mail address, a visitor's id."""

    kind: KeyKind
    value: str


@dataclass(frozen=True, slots=True)
class Contact:
    """A call or a form, with all that tells whose it is."""

    kind: ContactKind
    contact_id: str
    happened_at: Millis
    keys: tuple[LeadKey, ...]


@dataclass(frozen=True, slots=True)
class Lead:
    """One person who got in touch; `began_as` is what the first contact was."""

    lead_id: str
    began_as: ContactKind
    created_at: Millis
    last_at: Millis
    qualified_at: Millis | None = None


def keys_of(
    phone: str | None = None, email: str | None = None, visitor_id: str | None = None, confidence: float = 1.0
) -> tuple[LeadKey, ...]:
    """The keys that a contact gives; `confidence` is how sure the visitor is."""
    told = {
        KeyKind.PHONE: phone,
        KeyKind.EMAIL: email.strip().lower() if email else None,
        KeyKind.VISITOR: visitor_id if confidence >= SURE_ENOUGH else None,
    }
    return tuple(LeadKey(kind, value) for kind, value in told.items() if value)


def begun_by(contact: Contact, lead_id: str) -> Lead:
    """The lead of somebody who was not known before."""
    return Lead(lead_id, contact.kind, contact.happened_at, contact.happened_at)


def unite(leads: Sequence[Lead], contact: Contact) -> Lead:
    """The one person that all these leads (at least one) and this contact are; the oldest keeps its id."""
    oldest = min(leads, key=_age)
    is_first = contact.happened_at < oldest.created_at
    qualified = [lead.qualified_at for lead in leads if lead.qualified_at is not None]
    return Lead(
        lead_id=oldest.lead_id,
        began_as=contact.kind if is_first else oldest.began_as,
        created_at=min(oldest.created_at, contact.happened_at),
        last_at=max(contact.happened_at, *(lead.last_at for lead in leads)),
        qualified_at=min(qualified, default=None),
    )


def _age(lead: Lead) -> tuple[Millis, str]:
    return lead.created_at, lead.lead_id
