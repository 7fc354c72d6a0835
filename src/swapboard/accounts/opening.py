"""A company as it begins."""

from swapboard.accounts.company import Company
from swapboard.clock import Millis
from swapboard.storage.ids import new_id

SESSION_SECONDS = 30 * 60
RING_TIMEOUT_SECONDS = 30


def new_company(name: str, now: Millis, time_zone: str = "UTC", country: str = "US") -> Company:
    """A company in an account of its own; `time_zone` as in the tz database, `country` as in ISO 3166."""
    return Company(
        company_id=new_id(now),
        account_id=new_id(now),
        name=name,
        time_zone=time_zone,
        country=country,
        default_destination=None,
        session_seconds=SESSION_SECONDS,
        ring_timeout_seconds=RING_TIMEOUT_SECONDS,
        created_at=now,
    )
