"""What this server's database knows of a site: its numbers, its tracking numbers and its key."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from sqlalchemy import Connection

from swapboard.accounts import store
from swapboard.accounts.company import Site
from swapboard.numbers.listing import list_numbers
from swapboard.numbers.target_listing import list_targets
from swapboard.sitecheck.business import Business
from swapboard.storage.paging import Page

Row = TypeVar("Row")

_PAGE = 500


class Ambiguous(ValueError):
    """Several companies or none fit; the message says what to give."""


def registered_business(connection: Connection, host: str, company: str | None) -> Business | None:
    """The business whose site has this host name, or which has this name; None when there is none.

    Raises Ambiguous when several do.
    """
    company_ids = store.company_ids_called(connection, company) if company else _with_host(connection, host)
    if company and not company_ids:
        raise Ambiguous(f"there is no company {company!r}; give its name as the dashboard has it")
    if len(company_ids) > 1:
        raise Ambiguous(f"{len(company_ids)} companies fit; say which with --company, or give --number")
    return _business(connection, company_ids[0], host) if company_ids else None


def _with_host(connection: Connection, host: str) -> list[str]:
    everyone = store.config_versions(connection)
    return [each for each in everyone if any(_has(site, host) for site in store.sites_of(connection, each))]


def _business(connection: Connection, company_id: str, host: str) -> Business | None:
    sites = store.sites_of(connection, company_id)
    fitting = [site for site in sites if _has(site, host)] or (sites if len(sites) == 1 else [])
    targets = _all(lambda cursor: list_targets(connection, company_id, _PAGE, cursor))
    tracking = _all(lambda cursor: list_numbers(connection, company_id, limit=_PAGE, cursor=cursor))
    own = tuple(each.number for each in targets)
    known = frozenset(each.number for each in tracking)
    return Business(own, known, fitting[0].site_key if len(fitting) == 1 else None) if own else None


def _has(site: Site, host: str) -> bool:
    return any(host == each or host.endswith(f".{each}") for each in site.hosts)


def _all(page_after: Callable[[str | None], Page[Row]]) -> Iterator[Row]:
    cursor: str | None = None
    while True:
        page = page_after(cursor)
        yield from page.rows
        cursor = page.next_cursor
        if cursor is None:
            return
