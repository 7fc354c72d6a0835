"""Whether a site's first page has its line, as it is read from here."""

from urllib.parse import urlsplit

from swapboard.accounts.company import Site
from swapboard.sitecheck.document import parse_html
from swapboard.sitecheck.fetch import Fetched, Fetcher, open_http
from swapboard.sitecheck.snippet import snippets
from swapboard.web.dashboard.reach import LineSeen

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


def look_for_line(site: Site, public_url: str) -> LineSeen:
    """Read the site's first page. Raises nothing.

    A dashboard's user names the host: nothing in the server's own network is asked, unless the server itself is
    one to try things with, on its own machine.
    """
    allowed = LOCAL if urlsplit(public_url).hostname in LOCAL else frozenset[str]()
    with open_http() as http:
        page = first_page(site, Fetcher(http, allowed))
    if page is None:
        return LineSeen("", is_there=False)
    return LineSeen(page.url, is_there=has_line(site, page))


def first_page(site: Site, fetcher: Fetcher) -> Fetched | None:
    """The page at the site's first host; None where none can be read."""
    host = site.hosts[0]
    return next(
        (page for url in (f"https://{host}/", f"http://{host}/") if (page := fetcher.get(url)).is_page), None
    )


def has_line(site: Site, page: Fetched) -> bool:
    """Whether the page loads the site's script."""
    return bool(snippets(parse_html(page.text), page.url, site.site_key))
