"""A message as an event of the Data Manager API, in its JSON.

https://developers.google.com/data-manager/api/reference/rest/v1/events/ingest and …/devguides/events/google-ads/
conversion-adjustments: the same transaction id for the same conversion action is an adjustment, of the value only.
It names no way to take a conversion back; the value becomes 0.
"""

from collections.abc import Mapping

from swapboard.clock import iso
from swapboard.conversions.contact import Contact
from swapboard.conversions.destinations.google_ads.clicks import click_of, hashed_email, hashed_phone
from swapboard.conversions.message import Message, Saying
from swapboard.leads.lead import ContactKind


def event_of(message: Message, *, with_people: bool, with_consent: bool) -> Mapping[str, object]:
    """The event; `with_people` adds the hashed number and address, `with_consent` that they agreed."""
    contact = message.contact
    told: dict[str, object] = {
        "transactionId": message.conversion_id,
        "eventTimestamp": iso(contact.happened_at),
        "eventSource": "PHONE" if contact.kind is ContactKind.CALL else "WEB",
    }
    if with_consent:
        told["consent"] = {"adUserData": "CONSENT_GRANTED", "adPersonalization": "CONSENT_GRANTED"}
    if click := click_of(contact):
        told["adIdentifiers"] = click
    if message.saying is not Saying.CONVERT:
        told["lastUpdatedTimestamp"] = iso(message.said_at)
    cents = 0 if message.saying is Saying.RETRACT else message.value_cents
    if cents is not None:
        told |= {"conversionValue": cents / 100, "currency": message.currency}
    if with_people and (people := people_of(contact)):
        told["userData"] = {"userIdentifiers": people}
    return told


def people_of(contact: Contact) -> list[Mapping[str, str]]:
    """Who they are, hashed."""
    told: list[Mapping[str, str]] = []
    if phone := hashed_phone(contact):
        told.append({"phoneNumber": phone})
    if email := hashed_email(contact):
        told.append({"emailAddress": email})
    return told
