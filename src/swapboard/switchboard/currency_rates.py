"""Asks the European Central Bank once a day what currencies were worth, for who pays for ads in another one."""

from collections.abc import Sequence
from datetime import timedelta

import httpx
from sqlalchemy import Connection

from swapboard.accounts.store import company_by_id
from swapboard.clock import Millis
from swapboard.conversions.destinations.request import Request, Unreached
from swapboard.keywords.click import day_of
from swapboard.reports.rate_store import pays_in_others, put_rates
from swapboard.reports.rates import Rate, read_rates
from swapboard.switchboard.telling import post
from swapboard.trust import authorities

URL = "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist-90d.xml"
DAYS = 90
TIMEOUT_SECONDS = 30.0


class NoRates(Exception):
    """The bank did not tell; the message is for people."""


def rates_wanted(connection: Connection, company_id: str, now: Millis) -> bool:
    """True when the company's costs of these days are not all in its own currency."""
    company = company_by_id(connection, company_id)
    since = day_of(now) - timedelta(DAYS)
    return company is not None and pays_in_others(connection, company_id, company.currency, since)


def ask_bank(wanted: bool, url: str = "") -> Sequence[Rate]:
    """The bank's rates of the last 90 days, where they are wanted. Raises NoRates."""
    if not wanted:
        return ()
    try:
        with httpx.Client(timeout=TIMEOUT_SECONDS, verify=authorities()) as client:
            answer = post(client, Request("GET", url or URL, {}, b""))
        if answer.status != 200:
            raise NoRates(f"The European Central Bank answered with HTTP {answer.status}.")
        return read_rates(answer.body.decode("utf-8-sig"))
    except Unreached as error:
        raise NoRates(f"The European Central Bank did not answer. {error}") from error
    except ValueError as error:
        raise NoRates(f"What the European Central Bank answered cannot be read. {error}") from error


def keep_rates(connection: Connection, company_id: str, rates: Sequence[Rate], _now: Millis) -> None:
    """Write them instead of those of the same days: told twice they stay the same."""
    put_rates(connection, company_id, rates)
