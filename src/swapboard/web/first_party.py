"""The visitor's cookie that the server sets where it runs on the site's own domain: browsers keep it longer."""

import re
from collections.abc import Mapping
from functools import lru_cache

from starlette.responses import Response

from swapboard.accounts.company import Site
from swapboard.visits.hosts import host_of, registrable_domain
from swapboard.web.script_config import is_first_party

COOKIE = "_swbv"
_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)
_LONGEST_SECONDS = 400 * 86400
"""Browsers keep no cookie longer (RFC 6265bis, 5.5)."""


def asked_host(headers: Mapping[str, str]) -> str:
    """The host that the browser knows this server by (Starlette's `request.url` takes ten times as long)."""
    return _host(headers.get("host", ""))


@lru_cache(maxsize=1024)
def _host(header: str) -> str:
    return host_of(f"//{header}")


def own_page_headers(host: str, headers: Mapping[str, str], site: Site) -> dict[str, str]:
    """What lets a page of the site's own read an answer to a request that carried the cookie (CORS)."""
    origin = headers.get("origin")
    if origin is None or not is_first_party(site, host):
        return {}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Credentials": "true",
        "Vary": "Origin",
    }


def kept_visitor(headers: Mapping[str, str]) -> str | None:
    """The visitor that the browser's cookie names, if any.

    The site's other cookies come along and may be written as they like: Python's `SimpleCookie` reads none at all
    where one of them is JSON or has a bracket in its name.
    """
    for pair in headers.get("cookie", "").split(";"):
        name, _, value = pair.strip().partition("=")
        if name == COOKIE and _ID.fullmatch(value):
            return value
    return None


def forget_visitor(answer: Response, host: str) -> None:
    """Let the browser forget who it is."""
    answer.delete_cookie(COOKIE, domain=registrable_domain(host))


def keep_visitor(answer: Response, host: str, visitor_id: str, *, secure: bool) -> None:
    """Let the browser keep who it is. Safari keeps what a page's script stores for seven days only (ITP)."""
    answer.set_cookie(
        COOKIE,
        visitor_id,
        max_age=_LONGEST_SECONDS,
        domain=registrable_domain(host),
        secure=secure,
        httponly=True,
        samesite="lax",
    )
