"""The click that brought somebody, as Google Ads knows it: https://support.google.com/google-ads/answer/7014069"""

from collections.abc import Mapping

from swapboard.clock import DAY, HOUR, Millis
from swapboard.conversions.contact import Contact
from swapboard.conversions.destinations.hashing import google_email, sha256
from swapboard.language import _

CLICK_IDS = ("gclid", "gbraid", "wbraid")
"""The surest first; one is enough, and several are refused."""
OLDEST_CLICK: Millis = 90 * DAY
CLICK_RESTS: Millis = 6 * HOUR
"""Google does not know a click at once (TOO_RECENT_CLICK); its help asks to wait six hours."""


def click_of(contact: Contact) -> Mapping[str, str]:
    """The click that brought them, as one identifier; empty without one."""
    known = contact.origin.click_ids
    return next(({name: known[name]} for name in CLICK_IDS if known.get(name)), {})


def hashed_phone(contact: Contact) -> str | None:
    """Their number as Google looks it up, or None."""
    return sha256(contact.phone) if contact.phone else None


def hashed_email(contact: Contact) -> str | None:
    """Their address as Google looks it up, or None."""
    return sha256(google_email(contact.email)) if contact.email else None


def objection_of(contact: Contact, now: Millis, *, with_people: bool) -> str | None:
    """Why Google Ads could not count it, in plain words; `with_people` where it is told who they are."""
    has_click = bool(click_of(contact))
    if not has_click and not (with_people and (contact.phone or contact.email)):
        return _("There is no Google click of this visit, so Google Ads could not say which ad it was.")
    began = contact.origin.started_at
    if has_click and began is not None and contact.happened_at - began > OLDEST_CLICK:
        return _("The click was more than 90 days before, which Google Ads does not take.")
    if now - contact.happened_at > OLDEST_CLICK:
        return _("It is more than 90 days ago, which Google Ads does not take.")
    return None


def known_from(contact: Contact) -> Millis:
    """When Google knows their click; 0 without one."""
    began = contact.origin.started_at
    return began + CLICK_RESTS if began is not None and click_of(contact) else 0
