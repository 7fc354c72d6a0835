"""A message as Microsoft's OfflineConversion or OfflineConversionAdjustment, in its JSON.

https://learn.microsoft.com/en-us/advertising/campaign-management-service/offlineconversion and
…/offlineconversionadjustment. A conversion has no id there: it is found by its click (or person), its goal and its
time. Times are UTC.
"""

from collections.abc import Mapping

from swapboard.clock import iso
from swapboard.conversions.contact import Contact
from swapboard.conversions.destinations.hashing import plain_email, sha256
from swapboard.conversions.destinations.microsoft_ads.clicks import click_of
from swapboard.conversions.message import Message, Saying


def conversion_of(message: Message, goal: str, *, with_people: bool) -> Mapping[str, object]:
    """What says that it is a conversion; a value that nobody said is the goal's own."""
    told = _found_by(message.contact, goal, with_people)
    if message.value_cents is not None:
        told |= {"ConversionValue": message.value_cents / 100, "ConversionCurrencyCode": message.currency}
    return told


def adjustment_of(message: Message, goal: str, *, with_people: bool) -> Mapping[str, object]:
    """What says that it is worth something else, or was none."""
    told = _found_by(message.contact, goal, with_people) | {"AdjustmentTime": iso(message.said_at)}
    if message.saying is Saying.RETRACT:
        return told | {"AdjustmentType": "Retract"}
    return told | {
        "AdjustmentType": "Restate",
        "AdjustmentValue": (message.value_cents or 0) / 100,
        "AdjustmentCurrencyCode": message.currency,
    }


def _found_by(contact: Contact, goal: str, with_people: bool) -> dict[str, object]:
    told: dict[str, object] = {"ConversionName": goal, "ConversionTime": iso(contact.happened_at)}
    if click := click_of(contact):
        told["MicrosoftClickId"] = click
    if with_people and contact.phone:
        told["HashedPhoneNumber"] = sha256(contact.phone)
    if with_people and contact.email:
        told["HashedEmailAddress"] = sha256(plain_email(contact.email))
    return told
