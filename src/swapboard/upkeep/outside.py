"""The doctor's look from outside: public address, mail server, carriers' webhooks and accounts, sites' lines."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx
from sqlalchemy import Connection

from swapboard.accounts.company import Site
from swapboard.accounts.secrets import Vault
from swapboard.accounts.store import config_versions, sites_of
from swapboard.calls.call_lists import ListedAccount, accounts_to_read
from swapboard.carriers.base import PROBE, Carrier, CarrierError, CarrierRequest, Door, Fault, Links, Signer
from swapboard.carriers.opening import open_account
from swapboard.clock import SECOND, Clock, Millis
from swapboard.mail.post import NotSent, Post
from swapboard.settings import Settings
from swapboard.sitecheck.fetch import Fetched, Fetcher
from swapboard.upkeep.site_line import first_page, has_line
from swapboard.upkeep.verdict import Verdict, of_clock, of_public_address, ok, problem, skipped, warning
from swapboard.web.script import script_address

_MARK = "/*Swapboard"
"""How our script begins."""


@dataclass(frozen=True, slots=True)
class Ours:
    """What the database knows that can be looked at from outside."""

    sites: tuple[Site, ...]
    accounts: tuple[ListedAccount, ...]


def ours(connection: Connection, now: Millis) -> Ours:
    """Of every company."""
    companies = list(config_versions(connection))
    return Ours(
        tuple(site for each in companies for site in sites_of(connection, each)),
        tuple(account for each in companies for account in accounts_to_read(connection, each, now)),
    )


def look_outside(settings: Settings, found: Ours, http: httpx.Client, clock: Clock) -> Iterator[Verdict]:
    """What visitors and carriers would meet. Sends nothing that changes anything."""
    yield of_public_address(settings.public_url)
    yield from _server(settings, found, http, clock)
    if settings.smtp_url:
        yield _mail(settings)
    vault = Vault.open(settings.secret_file)
    for account in found.accounts:
        yield from _account(settings, account, vault, http, clock)
    for site in found.sites:
        yield from _site(site, http, clock)


def _server(settings: Settings, found: Ours, http: httpx.Client, clock: Clock) -> Iterator[Verdict]:
    """Is it our server that answers there, and does it know our sites?"""
    check = "public address"
    for site in found.sites:
        address = script_address(settings, site.site_key)
        try:
            answer = http.get(address, follow_redirects=True)
        except httpx.HTTPError as error:
            what_to_do = "Does the server run, does the name lead to it, and does the proxy pass everything on?"
            yield problem(check, f"{address} cannot be reached: {error}", what_to_do)
            return
        if answer.status_code != httpx.codes.OK or not answer.text.startswith(_MARK):
            what_to_do = (
                "Let SWAPBOARD_PUBLIC_URL lead to this server, and its proxy pass every path on unchanged."
            )
            yield problem(check, f"{address} answers {answer.status_code} without the script", what_to_do)
            return
        yield ok(check, f"serves the script of {site.name}")
    if not found.sites:
        yield skipped(check, "there is no site yet whose script could be asked for")


def _mail(settings: Settings) -> Verdict:
    """Does it let us in? No letter is sent."""
    try:
        Post(settings.smtp_url, settings.mail_from).try_out()
    except NotSent as error:
        return problem(
            "mail server",
            str(error),
            "Look at the host, port, name and password in SWAPBOARD_SMTP_URL. Until it lets us in, letters wait.",
        )
    return ok("mail server", f"{urlsplit(settings.smtp_url).hostname} lets us in")


def _account(
    settings: Settings, account: ListedAccount, vault: Vault, http: httpx.Client, clock: Clock
) -> Iterator[Verdict]:
    check = f"carrier {account.kind}"
    try:
        carrier = open_account(account.kind, account.credentials, vault)
    except CarrierError as error:
        yield problem(check, str(error), "Until then, its calls go to the default destination.")
        return
    yield _credentials(check, carrier, clock())
    links = Links(settings.public_url, account.carrier_id)
    yield _webhook(f"{check}, webhooks", links, carrier, http, clock)


def _credentials(check: str, carrier: Carrier, now: Millis) -> Verdict:
    try:
        next(carrier.calls(now), None)
    except CarrierError as error:
        return problem(check, f"refuses or does not answer: {error}", _WHAT_TO_DO[error.fault])
    except Exception as error:
        # Of an adapter, maybe somebody else's: all that is left is looked at all the same.
        return problem(check, f"its answer could not be read: {error!r}", _WHAT_TO_DO[Fault.REQUEST])
    return ok(check, "the credentials are accepted")


_WHAT_TO_DO = {
    Fault.ACCOUNT: "Enter the credentials anew on the set-up page, and look at your account with the carrier.",
    Fault.REQUEST: "Its words say what it does not take; is Swapboard up to date?",
    Fault.CARRIER: "Try again later.",
}


def _webhook(check: str, links: Links, carrier: Carrier, http: httpx.Client, clock: Clock) -> Verdict:
    """A message of nothing, signed as the carrier would, and one that is not, at the door for messages."""
    if not isinstance(carrier, Signer):
        return skipped(check, "this carrier's adapter cannot sign for itself")
    address, body = links.door(Door.MESSAGE), PROBE
    headers = {"content-type": "application/x-www-form-urlencoded"}
    own = CarrierRequest(Door.MESSAGE, "POST", address, headers, body, clock())
    try:
        signed = http.post(address, content=body, headers=headers | dict(carrier.sign(own)))
        unsigned = http.post(address, content=body, headers=headers)
    except httpx.HTTPError as error:
        return problem(check, f"{address} cannot be reached: {error}", "See the public address above.")
    if not signed.is_success:
        return problem(
            check,
            f"a rightly signed one is answered {signed.status_code}",
            "Give the server this SWAPBOARD_PUBLIC_URL and secret.key, and let the proxy change no path.",
        )
    if unsigned.status_code != httpx.codes.FORBIDDEN:
        return problem(
            check,
            f"one without a signature is answered {unsigned.status_code}, not 403",
            "Something before the server answers in its place: let the proxy pass /carriers/ on.",
        )
    return ok(check, "a signed one is accepted, an unsigned one is refused")


def _site(site: Site, http: httpx.Client, clock: Clock) -> Iterator[Verdict]:
    check = f"site {site.name}"
    if not site.hosts:
        yield warning(check, "has no host names, so any page may use its key", "Add them on the set-up page.")
        return
    page = first_page(site, Fetcher(http, frozenset(site.hosts)))
    if page is None:
        yield _unread(site, check)
        return
    if (at := _date(page.headers)) is not None and _is_elsewhere(page):
        yield of_clock(clock(), at, site.hosts[0])
    if has_line(site, page):
        yield ok(check, f"{page.url} has the line")
    elif site.first_seen_at is not None:
        yield ok(check, f"{page.url} has the line from elsewhere: visits come in")
    else:
        what_to_do = "Paste it from the set-up page; `swapboard check-site` says more."
        yield problem(check, f"{page.url} does not have the line, and no visit came yet", what_to_do)


def _unread(site: Site, check: str) -> Verdict:
    if site.first_seen_at is not None:
        return skipped(check, f"{site.hosts[0]} cannot be read from here, but visits come in")
    return warning(
        check, f"{site.hosts[0]} cannot be read, and no visit came yet", "Is the site's host name right?"
    )


def _date(headers: Mapping[str, str]) -> Millis | None:
    try:
        return round(parsedate_to_datetime(headers.get("date", "")).timestamp() * SECOND)
    except ValueError:
        return None


def _is_elsewhere(page: Fetched) -> bool:
    """A cache's answer has the date of long ago."""
    return "age" not in page.headers and bool(urlsplit(page.url).hostname)
