"""Who is the same person: what a lead is recognised by, and which of several leads goes on.

A phone number, an e-mail address and a visitor's id each belong to one lead. Somebody who gets in touch with any
of them is that lead; where they point to several leads, those were one person all along.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from swapboard.clock import Millis
from swapboard.language import _

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
    lead = united(leads)
    is_first = contact.happened_at < lead.created_at
    return replace(
        lead,
        began_as=contact.kind if is_first else lead.began_as,
        created_at=min(lead.created_at, contact.happened_at),
        last_at=max(lead.last_at, contact.happened_at),
    )


def united(leads: Sequence[Lead]) -> Lead:
    """The one person that these leads (at least one) are; the oldest keeps its id."""
    oldest = min(leads, key=_age)
    qualified = [lead.qualified_at for lead in leads if lead.qualified_at is not None]
    return replace(oldest, last_at=max(lead.last_at for lead in leads), qualified_at=min(qualified, default=None))


def together(leads: Sequence[Lead], parted: Collection[tuple[str, str]]) -> list[Lead]:
    """Those of the leads that may become one, the surest first: who was parted by hand from one of them stays out.

    `parted` are pairs of ids, each pair in both orders.
    """
    found: list[Lead] = []
    for lead in leads:
        if all((lead.lead_id, each.lead_id) not in parted for each in found):
            found.append(lead)
    return found


@dataclass(frozen=True, slots=True)
class Parting:
    """What becomes of a lead of which some contacts are another person's."""

    staying: Lead
    leaving: Lead
    moved: tuple[LeadKey, ...]
    """What only the other person is recognised by."""
    shared: tuple[LeadKey, ...]
    """What both gave: from now on it says of nobody who it is."""


def part(
    lead: Lead, contacts: Sequence[Contact], chosen: Collection[tuple[ContactKind, str]], new_id: str
) -> Parting:
    """Take the chosen contacts (kind and id) out of a lead.

    Raises ValueError when none, or all, are chosen, or one that is another lead's.

    Whether the two are good leads has to be said anew by who knows their calls.
    """
    leaving = [each for each in contacts if (each.kind, each.contact_id) in chosen]
    staying = [each for each in contacts if (each.kind, each.contact_id) not in chosen]
    if not leaving or not staying:
        raise ValueError(_("Choose at least one call or form of the other person, but not all of them."))
    if len(leaving) < len(set(chosen)):
        raise ValueError(_("One of these calls or forms is not this person's, or no longer. Load the page anew."))
    theirs = dict.fromkeys(key for contact in leaving for key in contact.keys)
    ours = {key for contact in staying for key in contact.keys}
    return Parting(
        _made_of(staying, lead.lead_id),
        _made_of(leaving, new_id),
        moved=tuple(key for key in theirs if key not in ours),
        shared=tuple(key for key in theirs if key in ours),
    )


def _made_of(contacts: Sequence[Contact], lead_id: str) -> Lead:
    first = min(contacts, key=lambda each: (each.happened_at, each.contact_id))
    return Lead(lead_id, first.kind, first.happened_at, max(each.happened_at for each in contacts))


def _age(lead: Lead) -> tuple[Millis, str]:
    return lead.created_at, lead.lead_id
