"""Accounts at ad platforms, in the database."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from swapboard.clock import Millis
from swapboard.storage.schema import ad_accounts

GOOGLE_ADS, META, MICROSOFT = "google_ads", "meta", "microsoft"
PLATFORMS = (GOOGLE_ADS, MICROSOFT, META)


@dataclass(frozen=True, slots=True)
class KeptAccount:
    """An account with its sealed credentials, and how the last question went."""

    customer_id: str
    credentials: str
    asked_at: Millis | None
    trouble: str | None
    costs_asked_at: Millis | None = None
    costs_trouble: str | None = None
    grant_id: str | None = None
    """Which grant fills its credentials, if one does."""
    platform: str = GOOGLE_ADS


def keep_account(
    connection: Connection,
    company_id: str,
    customer_id: str,
    sealed: str,
    now: Millis,
    platform: str = GOOGLE_ADS,
    grant_id: str | None = None,
) -> None:
    """Write an account, instead of what was kept of it before."""
    connection.execute(delete(ad_accounts).where(*_is(company_id, customer_id, platform)))
    connection.execute(
        insert(ad_accounts).values(
            company_id=company_id,
            platform=platform,
            customer_id=customer_id,
            credentials=sealed,
            created_at=now,
            grant_id=grant_id,
        )
    )


def remove_account(connection: Connection, company_id: str, customer_id: str, platform: str = GOOGLE_ADS) -> bool:
    """Forget an account and its credentials; False when there was none."""
    return connection.execute(delete(ad_accounts).where(*_is(company_id, customer_id, platform))).rowcount == 1


def accounts_of(connection: Connection, company_id: str, platform: str = GOOGLE_ADS) -> Sequence[KeptAccount]:
    """The company's accounts at a platform."""
    query = select(ad_accounts).where(ad_accounts.c.company_id == company_id, ad_accounts.c.platform == platform)
    return [
        KeptAccount(
            row.customer_id,
            row.credentials,
            row.asked_at,
            row.trouble,
            row.costs_asked_at,
            row.costs_trouble,
            row.grant_id,
            row.platform,
        )
        for row in connection.execute(query.order_by(ad_accounts.c.customer_id))
    ]


def fill_account(
    connection: Connection, company_id: str, account: KeptAccount, sealed: str, grant_id: str | None
) -> None:
    """Give an account other credentials."""
    values = {"credentials": sealed, "grant_id": grant_id}
    is_it = _is(company_id, account.customer_id, account.platform)
    connection.execute(update(ad_accounts).where(*is_it).values(values))


def note_costs_asked(
    connection: Connection, company_id: str, platform: str, customer_id: str, now: Millis, trouble: str | None
) -> None:
    """The account was asked what its ads cost; `trouble` is why it did not tell."""
    values = {"costs_asked_at": now, "costs_trouble": trouble}
    connection.execute(update(ad_accounts).where(*_is(company_id, customer_id, platform)).values(values))


def note_asked(connection: Connection, company_id: str, customer_id: str, now: Millis) -> None:
    """The account answered all that it was asked by now."""
    answered = {"asked_at": now, "trouble": None}
    connection.execute(update(ad_accounts).where(*_is(company_id, customer_id)).values(answered))


def note_trouble(connection: Connection, company_id: str, customer_id: str, trouble: str) -> None:
    """The account did not answer, in the platform's own words."""
    connection.execute(update(ad_accounts).where(*_is(company_id, customer_id)).values(trouble=trouble))


def _is(company_id: str, customer_id: str, platform: str = GOOGLE_ADS) -> tuple[ColumnElement[bool], ...]:
    return (
        ad_accounts.c.company_id == company_id,
        ad_accounts.c.platform == platform,
        ad_accounts.c.customer_id == customer_id,
    )
