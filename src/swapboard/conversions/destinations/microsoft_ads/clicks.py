"""The click that brought somebody, as Microsoft Advertising knows it, and how old it may be.

https://learn.microsoft.com/en-us/advertising/campaign-management-service/offlineconversion
"""

import re

from swapboard.clock import DAY, HOUR, Millis
from swapboard.conversions.contact import Contact
from swapboard.language import _

OLDEST: Millis = 90 * DAY
CLICK_RESTS: Millis = HOUR
"""Microsoft asks to wait an hour after a click."""
_CLICK = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,199}")


def click_of(contact: Contact) -> str | None:
    """The MSCLKID, or None."""
    return contact.origin.click_ids.get("msclkid") or None


def objection_of(contact: Contact, now: Millis, *, with_people: bool = False) -> str | None:
    """Why Microsoft could not count it, in plain words; `with_people` where it is told who they are."""
    click, began = click_of(contact), contact.origin.started_at
    if click is not None and not _CLICK.fullmatch(click):
        return _("The click's identifier in the address is none that Microsoft makes.")
    if click is None and not (with_people and (contact.phone or contact.email)):
        return _("There is no Microsoft click of this visit, so Microsoft could not say which ad it was.")
    if now - contact.happened_at > OLDEST:
        return _("It is more than 90 days ago, which Microsoft Advertising does not take.")
    if click is not None and began is not None and contact.happened_at - began > OLDEST:
        return _("The click was more than 90 days before, which Microsoft Advertising does not take.")
    return None


def known_from(contact: Contact) -> Millis:
    """When Microsoft knows their click; 0 without one."""
    began = contact.origin.started_at
    return began + CLICK_RESTS if began is not None and click_of(contact) else 0
