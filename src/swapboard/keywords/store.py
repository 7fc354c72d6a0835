"""Accounts at ad platforms, in the database."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from swapboard.clock import Millis
from swapboard.storage.schema import ad_accounts

GOOGLE_ADS = "google_ads"


@dataclass(frozen=True, slots=True)
class KeptAccount:
    """An account with its sealed credentials, and how the last question went."""

    customer_id: str
    credentials: str
    asked_at: Millis | None
    trouble: str | None


def keep_account(connection: Connection, company_id: str, customer_id: str, sealed: str, now: Millis) -> None:
    """Write a Google Ads account, instead of what was kept of it before."""
    connection.execute(delete(ad_accounts).where(*_is(company_id, customer_id)))
    connection.execute(
        insert(ad_accounts).values(
            company_id=company_id,
            platform=GOOGLE_ADS,
            customer_id=customer_id,
            credentials=sealed,
            created_at=now,
        )
    )


def remove_account(connection: Connection, company_id: str, customer_id: str) -> bool:
    """Forget an account and its credentials; False when there was none."""
    return connection.execute(delete(ad_accounts).where(*_is(company_id, customer_id))).rowcount == 1


def accounts_of(connection: Connection, company_id: str) -> Sequence[KeptAccount]:
    """The company's Google Ads accounts."""
    query = select(ad_accounts).where(ad_accounts.c.company_id == company_id, ad_accounts.c.platform == GOOGLE_ADS)
    return [
        KeptAccount(row.customer_id, row.credentials, row.asked_at, row.trouble)
        for row in connection.execute(query.order_by(ad_accounts.c.customer_id))
    ]


def note_asked(connection: Connection, company_id: str, customer_id: str, now: Millis) -> None:
    """The account answered all that it was asked by now."""
    answered = {"asked_at": now, "trouble": None}
    connection.execute(update(ad_accounts).where(*_is(company_id, customer_id)).values(answered))


def note_trouble(connection: Connection, company_id: str, customer_id: str, trouble: str) -> None:
    """The account did not answer, in the platform's own words."""
    connection.execute(update(ad_accounts).where(*_is(company_id, customer_id)).values(trouble=trouble))


def _is(company_id: str, customer_id: str) -> tuple[ColumnElement[bool], ...]:
    return (
        ad_accounts.c.company_id == company_id,
        ad_accounts.c.platform == GOOGLE_ADS,
        ad_accounts.c.customer_id == customer_id,
    )
