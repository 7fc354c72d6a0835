"""Writes to the owners of a company when a destination cannot be told: once, until it works again."""

from sqlalchemy import Connection

from swapboard.accounts.company import Role
from swapboard.accounts.people import users_with
from swapboard.accounts.store import company_by_id
from swapboard.clock import Millis
from swapboard.conversions.alarm import alarm_letter
from swapboard.conversions.store import DestinationRecord
from swapboard.language import speaking
from swapboard.mail.outbox import put_out


def write_alarm(connection: Connection, record: DestinationRecord, trouble: str, url: str, now: Millis) -> None:
    """Put a letter to each owner in the outbox; `trouble` is in the platform's own words."""
    company = company_by_id(connection, record.company_id)
    assert company is not None
    link = f"{url}/destinations/{record.destination_id}"
    with speaking(company.language):
        letter = alarm_letter(record.name, company.name, trouble, link)
    owners = [user.email for user in users_with(connection, record.company_id, Role.OWNER)]
    put_out(connection, record.company_id, f"alarm {record.destination_id} {now}", owners, letter, now)
