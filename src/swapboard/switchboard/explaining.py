"""Why did this call, or form, not convert? Every rule, objection and attempt, for each destination."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from swapboard.accounts.secrets import Vault
from swapboard.clock import Millis
from swapboard.conversions.contact import Contact
from swapboard.conversions.contacts import contact_of, opted_out
from swapboard.conversions.conversion import Finding, judge
from swapboard.conversions.delivery_log import Attempt, Delivery, attempts_of, deliveries_of
from swapboard.conversions.destinations.installed import destination_kind
from swapboard.conversions.message import Message, Saying
from swapboard.conversions.store import DestinationRecord, list_destinations
from swapboard.leads.lead import ContactKind
from swapboard.switchboard.telling import DRY_RUN, objection, only_our_faults, opened


@dataclass(frozen=True, slots=True)
class Told:
    """One delivery with its attempts, oldest first."""

    delivery: Delivery
    attempts: Sequence[Attempt]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What one destination makes of a contact."""

    destination: DestinationRecord
    finding: Finding
    objection: str | None
    """Why it cannot be told there though it counts; None where it can, or does not count."""
    told: Sequence[Told]


def explain(
    connection: Connection, company_id: str, kind: ContactKind, contact_id: str, vault: Vault, now: Millis
) -> Sequence[Explanation] | None:
    """The explanation for each of the company's destinations; None for a call that goes on, or that is none."""
    contact = contact_of(connection, company_id, kind, contact_id)
    if contact is None:
        return None
    told = deliveries_of(connection, company_id, kind, contact_id)
    return [
        _explanation(connection, record, contact, told.get(record.destination_id, ()), vault, now)
        for record in list_destinations(connection, company_id).rows
    ]


def _explanation(
    connection: Connection,
    record: DestinationRecord,
    contact: Contact,
    told: Sequence[Delivery],
    vault: Vault,
    now: Millis,
) -> Explanation:
    finding = judge(record.rule, contact)
    why = _objection(connection, record, contact, finding, vault, now) if finding.counts else None
    attempts = [Told(each, attempts_of(connection, record.company_id, each.delivery_id)) for each in told]
    return Explanation(record, finding, why, attempts)


def _objection(
    connection: Connection,
    record: DestinationRecord,
    contact: Contact,
    finding: Finding,
    vault: Vault,
    now: Millis,
) -> str | None:
    session_id = contact.origin.session_id
    is_private = bool(session_id and opted_out(connection, record.company_id, [session_id]))
    # The currency and the conversion's name play no part in whether it can be told.
    message = Message(Saying.CONVERT, "", finding.value_cents, "", contact, now)
    try:
        kind = destination_kind(record.kind)
        destination = opened(kind, record, vault)
        with only_our_faults(record.kind):
            why = objection(kind, destination, message, is_private=is_private, now=now)
        return DRY_RUN if why is None and record.rule.is_dry_run else why
    except ValueError as error:
        return str(error)
