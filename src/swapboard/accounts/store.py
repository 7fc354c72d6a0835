"""Companies and sites, in the database."""

from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from swapboard.accounts.company import Company, Consent, Site
from swapboard.accounts.page import as_json, from_json
from swapboard.clock import Millis
from swapboard.storage.paging import Key, Page, after, page_of
from swapboard.storage.schema import companies, sites


def add_company(connection: Connection, company: Company) -> None:
    """Write a new company."""
    connection.execute(
        insert(companies).values(
            company_id=company.company_id,
            account_id=company.account_id,
            name=company.name,
            time_zone=company.time_zone,
            country=company.country,
            default_destination=company.default_destination,
            session_seconds=company.session_seconds,
            ring_timeout_seconds=company.ring_timeout_seconds,
            look_back_days=company.look_back_days,
            currency=company.currency,
            colour=company.colour,
            language=company.language,
            quarantine_days=company.quarantine_days,
            journal_days=company.journal_days,
            visits_kept_days=company.visits_kept_days,
            contacts_kept_days=company.contacts_kept_days,
            config_version=1,
            created_at=company.created_at,
        )
    )


def company_by_id(connection: Connection, company_id: str) -> Company | None:
    """The company, or None."""
    row = connection.execute(select(companies).where(companies.c.company_id == company_id)).one_or_none()
    return _company(row) if row else None


def company_ids_called(connection: Connection, name: str) -> list[str]:
    """The ids of the companies with this name: how the command line finds one."""
    query = select(companies.c.company_id).where(companies.c.name == name)
    return list(connection.execute(query.execution_options(across_companies="finds a company")).scalars())


def company_names(connection: Connection, limit: int) -> list[str]:
    """What the oldest companies are called."""
    query = select(companies.c.name).order_by(companies.c.created_at, companies.c.company_id).limit(limit)
    return list(connection.execute(query.execution_options(across_companies="says what there is")).scalars())


def config_versions(connection: Connection) -> dict[str, int]:
    """Every company's configuration version: what the directory watches."""
    query = select(companies.c.company_id, companies.c.config_version)
    everywhere = query.execution_options(across_companies="the directory serves every company")
    return {row.company_id: row.config_version for row in connection.execute(everywhere)}


def touch_config(connection: Connection, company_id: str) -> None:
    """Say that the company's configuration changed; every process reloads it."""
    connection.execute(
        update(companies)
        .where(companies.c.company_id == company_id)
        .values(config_version=companies.c.config_version + 1)
    )


def companies_of_account(
    connection: Connection, account_id: str, limit: int, cursor: str | None = None
) -> Page[Company]:
    """A page of the account's companies, oldest first. Raises BadCursor."""
    query = select(companies).where(companies.c.account_id == account_id)
    ordered = after(query, companies.c.created_at, companies.c.company_id, limit, cursor)
    everywhere = ordered.execution_options(across_companies="an account's owner sees all its companies")
    found = [_company(row) for row in connection.execute(everywhere)]
    return page_of(found, limit, lambda each: Key(each.created_at, each.company_id))


def change_company(connection: Connection, company: Company) -> None:
    """Write what of a company can change."""
    connection.execute(
        update(companies)
        .where(companies.c.company_id == company.company_id)
        .values(
            name=company.name,
            time_zone=company.time_zone,
            country=company.country,
            default_destination=company.default_destination,
            session_seconds=company.session_seconds,
            ring_timeout_seconds=company.ring_timeout_seconds,
            look_back_days=company.look_back_days,
            currency=company.currency,
            colour=company.colour,
            language=company.language,
            quarantine_days=company.quarantine_days,
            journal_days=company.journal_days,
            visits_kept_days=company.visits_kept_days,
            contacts_kept_days=company.contacts_kept_days,
        )
    )


def add_site(connection: Connection, site: Site) -> None:
    """Write a new site."""
    connection.execute(
        insert(sites).values(
            company_id=site.company_id,
            site_id=site.site_id,
            site_key=site.site_key,
            name=site.name,
            hosts=list(site.hosts),
            consent=site.consent,
            beat_seconds=site.beat_seconds,
            first_seen_at=site.first_seen_at,
            created_at=site.created_at,
            page=as_json(site.page),
        )
    )


def sites_of(connection: Connection, company_id: str) -> list[Site]:
    """The company's sites, oldest first."""
    query = select(sites).where(sites.c.company_id == company_id).order_by(sites.c.created_at, sites.c.site_id)
    return [_site(row) for row in connection.execute(query)]


def list_sites(connection: Connection, company_id: str, limit: int, cursor: str | None = None) -> Page[Site]:
    """A page of the company's sites, oldest first. Raises BadCursor."""
    query = select(sites).where(sites.c.company_id == company_id)
    ordered = after(query, sites.c.created_at, sites.c.site_id, limit, cursor)
    found = [_site(row) for row in connection.execute(ordered)]
    return page_of(found, limit, lambda each: Key(each.created_at, each.site_id))


def site_by_id(connection: Connection, company_id: str, site_id: str) -> Site | None:
    """The site, or None."""
    query = select(sites).where(sites.c.company_id == company_id, sites.c.site_id == site_id)
    row = connection.execute(query).one_or_none()
    return _site(row) if row else None


def change_site(connection: Connection, site: Site) -> None:
    """Write what of a site can change."""
    connection.execute(
        update(sites)
        .where(sites.c.company_id == site.company_id, sites.c.site_id == site.site_id)
        .values(
            name=site.name,
            hosts=list(site.hosts),
            consent=site.consent,
            beat_seconds=site.beat_seconds,
            page=as_json(site.page),
        )
    )


def remove_site(connection: Connection, company_id: str, site_id: str) -> None:
    """Forget a site; its sessions stay."""
    connection.execute(delete(sites).where(sites.c.company_id == company_id, sites.c.site_id == site_id))


def mark_site_seen(connection: Connection, company_id: str, site_id: str, now: Millis) -> None:
    """Note that the tracker on the site was heard of, the first time only."""
    connection.execute(
        update(sites)
        .where(sites.c.company_id == company_id, sites.c.site_id == site_id, sites.c.first_seen_at.is_(None))
        .values(first_seen_at=now)
    )


def _company(row: Row[*tuple[Any, ...]]) -> Company:
    return Company(
        company_id=row.company_id,
        account_id=row.account_id,
        name=row.name,
        time_zone=row.time_zone,
        country=row.country,
        default_destination=row.default_destination,
        session_seconds=row.session_seconds,
        ring_timeout_seconds=row.ring_timeout_seconds,
        look_back_days=row.look_back_days,
        currency=row.currency,
        colour=row.colour,
        language=row.language,
        journal_days=row.journal_days,
        visits_kept_days=row.visits_kept_days,
        contacts_kept_days=row.contacts_kept_days,
        created_at=row.created_at,
        quarantine_days=row.quarantine_days,
    )


def _site(row: Row[*tuple[Any, ...]]) -> Site:
    return Site(
        site_id=row.site_id,
        company_id=row.company_id,
        site_key=row.site_key,
        name=row.name,
        hosts=tuple(row.hosts),
        consent=Consent(row.consent),
        beat_seconds=row.beat_seconds,
        first_seen_at=row.first_seen_at,
        created_at=row.created_at,
        page=from_json(row.page),
    )
