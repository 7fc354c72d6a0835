"""`swapboard check-site`: what search engines and visitors get to see of the number on a site."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer
from rich.console import Console
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from swapboard.cli.problems import Problem, writing_file
from swapboard.cli.text_file import text_of_file
from swapboard.numbers.e164 import NotANumber, parse_number
from swapboard.setting_values import SettingsError
from swapboard.settings import read_settings
from swapboard.sitecheck.business import Business
from swapboard.sitecheck.check import NoBrowser, Renderer, check_site
from swapboard.sitecheck.citations import BadCitations, Citation, read_citations
from swapboard.sitecheck.crawl import CannotCheck, Crawl
from swapboard.sitecheck.fetch import open_fetcher
from swapboard.sitecheck.frontier import normalized
from swapboard.sitecheck.registered import Ambiguous, registered_business
from swapboard.sitecheck.report import as_html, as_json, as_lines
from swapboard.sitecheck.site import SiteReport
from swapboard.storage.engine import open_engine, reading
from swapboard.storage.migrate import is_current

COULD_NOT_RUN = 2
_MOST_PAGES = 10_000


def check_site_command(
    url: Annotated[str, typer.Argument(help="Where to begin, such as www.example.com.")],
    number: Annotated[
        list[str] | None, typer.Option(help="The business's own number; repeat it for several.")
    ] = None,
    tracking_number: Annotated[
        list[str] | None, typer.Option(help="A tracking number, to be found where it should not be.")
    ] = None,
    site_key: Annotated[str | None, typer.Option(help="The site's key, as in the script's address.")] = None,
    company: Annotated[
        str | None, typer.Option(help="Take numbers and key from this company in the database.")
    ] = None,
    country: Annotated[str | None, typer.Option(help="Two letters; reads numbers without a country code.")] = None,
    pages: Annotated[int, typer.Option(min=1, max=_MOST_PAGES, help="Check at most so many pages.")] = 50,
    delay: Annotated[float, typer.Option(min=0, max=60, help="Seconds between two pages.")] = 1.0,
    citations: Annotated[Path | None, typer.Option(help="Your entries elsewhere, as CSV.")] = None,
    render: Annotated[bool, typer.Option("--render", help="Show each page in a browser too.")] = False,
    browser: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="The browser to use, such as Chromium's file.")
    ] = None,
    as_json_line: Annotated[bool, typer.Option("--json", help="Print the report as one JSON line.")] = False,
    html: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Write the report as a page to a file.")
    ] = None,
) -> None:
    """Check a site's pages: the number, the script, structured data, policies and caches.

    Exit code 0: no problems; 1: problems found; 2: it could not be checked.

    Example: swapboard check-site https://www.example.com --number +12025550100 --html report.html
    """
    start = _start(url)
    given = _given(number, tracking_number, site_key, country)
    try:
        business = _business(start, given, company)
        entries = _citations(citations) if citations else []
        report = _check(start, business, entries, pages, delay, render, browser)
        # First of all: a check takes minutes, and is not to be lost with the file.
        typer.echo(json.dumps(as_json(report)) if as_json_line else "\n".join(as_lines(report)))
        if html:
            with writing_file(html):
                html.write_text(as_html(report), "utf-8")
    except (Problem, SettingsError, CannotCheck, NoBrowser, OSError) as problem:
        typer.echo(f"swapboard: {problem}", err=True)
        raise typer.Exit(COULD_NOT_RUN) from problem
    raise typer.Exit(0 if report.is_fine else 1)


def _check(
    start: str,
    business: Business,
    entries: list[Citation],
    pages: int,
    delay: float,
    render: bool,
    browser: Path | None,
) -> SiteReport:
    console = Console(stderr=True)
    named = frozenset({urlsplit(start).hostname or ""})
    with (
        open_fetcher(named) as fetcher,
        _renderer(render, browser, named) as renderer,
        console.status("starting") as status,
    ):
        crawl = Crawl(start, fetcher, pages, delay, time.sleep)
        return check_site(
            crawl, business, entries, renderer, lambda place, url: status.update(f"page {place}: {url}")
        )


@contextmanager
def _renderer(render: bool, browser: Path | None, named: frozenset[str]) -> Iterator[Renderer | None]:
    if not render:
        yield None
        return
    try:
        from swapboard.sitecheck.rendering import open_browser  # noqa: PLC0415 - Playwright is an extra
    except ImportError as error:
        raise Problem(
            "--render needs Playwright: install swapboard[render], then run `playwright install chromium`."
        ) from error
    with open_browser(browser, named) as renderer:
        yield renderer


def _start(url: str) -> str:
    """The address to begin with; without a scheme it is taken for https."""
    address = normalized(url if "://" in url else f"https://{url}")
    if address is None or any(each.isspace() for each in url):
        raise typer.BadParameter(f"{url!r} is not an address like https://www.example.com.", param_hint="URL")
    return address


def _given(
    numbers: list[str] | None, tracking: list[str] | None, site_key: str | None, country: str | None
) -> Business:
    region = country.upper() if country else None
    return Business(
        tuple(dict.fromkeys(_number(each, region, "--number") for each in numbers or ())),
        frozenset(_number(each, region, "--tracking-number") for each in tracking or ()),
        site_key,
        region,
    )


def _number(text: str, country: str | None, where: str) -> str:
    try:
        return parse_number(text, country)
    except NotANumber as error:
        raise typer.BadParameter(str(error), param_hint=where) from error


def _business(start: str, given: Business, company: str | None) -> Business:
    """What the user said, and for the rest what the database knows. Raises Problem."""
    known = None if given.numbers and not company else _registered(urlsplit(start).hostname or "", company)
    if known is None and not given.numbers:
        raise Problem(
            "Which number is the business's own? Give it with --number +12025550100, or run this on your"
            " server with --company."
        )
    if known is None:
        return given
    return replace(
        known,
        numbers=given.numbers or known.numbers,
        tracking_numbers=given.tracking_numbers | known.tracking_numbers,
        site_key=given.site_key or known.site_key,
        country=given.country,
    )


def _registered(host: str, company: str | None) -> Business | None:
    url = read_settings().database_url
    file = make_url(url).database if url.startswith("sqlite") else None
    if file and not Path(file).exists():
        if company:
            raise Problem(
                "There is no database here: set SWAPBOARD_DATA_DIR, or give --number instead of --company."
            )
        return None
    try:
        if not is_current(url):
            raise Problem("The database is of another version: run `swapboard migrate` first, or give --number.")
        with reading(open_engine(url)) as connection:
            return registered_business(connection, host, company)
    except Ambiguous as error:
        raise Problem(f"Which business is it? In the database {error}.") from error
    except SQLAlchemyError as error:
        raise Problem(
            "The database does not answer. Is SWAPBOARD_DATABASE_URL right? Or give --number."
        ) from error


def _citations(file: Path) -> list[Citation]:
    try:
        return read_citations(text_of_file(file))
    except BadCitations as error:
        raise Problem(f"{file} is no list of entries: {error}.") from error
