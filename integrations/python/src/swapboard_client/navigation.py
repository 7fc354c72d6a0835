"""Which requests are for a page that a person is going to see."""

from collections.abc import Mapping

from swapboard_client.record import Arrival


def is_page(method: str, headers: Mapping[str, str]) -> bool:
    """True for a GET of HTML by a browser window; not for what scripts fetch. Headers by lower-case name.

    https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Dest
    """
    accepts = headers.get("accept", "")
    wanted_for = headers.get("sec-fetch-dest", "document")
    return method == "GET" and "text/html" in accepts and wanted_for == "document"


def arrival_of(url: str, headers: Mapping[str, str], address: str) -> Arrival:
    """The request as Swapboard is told of it. Headers by lower-case name."""
    return Arrival(
        url=url,
        user_agent=headers.get("user-agent", ""),
        referrer=headers.get("referer", ""),
        address=address,
        cookies=_cookies(headers.get("cookie", "")),
        sec_gpc=headers.get("sec-gpc") == "1",
        sec_purpose=headers.get("sec-purpose", headers.get("purpose", "")),
    )


def _cookies(header: str) -> dict[str, str]:
    """Of two cookies with one name the first counts, as the browser sends the more specific one first."""
    found: dict[str, str] = {}
    for part in header.split(";"):
        name, is_cookie, value = part.strip().partition("=")
        if is_cookie:
            found.setdefault(name, value.strip('"'))
    return found
