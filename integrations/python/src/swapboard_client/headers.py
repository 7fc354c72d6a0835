"""What the headers of a page must say when its numbers depend on the visitor."""

from collections.abc import Sequence

from swapboard_client.page import PageVisit

Headers = list[tuple[str, str]]
# What tells caches in front of the server to keep a page although it is private.
_CACHING = {"cache-control", "cdn-cache-control", "surrogate-control", "expires", "pragma", "x-accel-expires"}
_DEPENDS_ON = ("Cookie", "User-Agent")


def with_visit(headers: Sequence[tuple[str, str]], visit: PageVisit, *, secure: bool) -> Headers:
    """The response's headers, after which the visit is closed.

    A page with a leased number, or a cookie, is for one visitor and must not be stored by anybody. A page that was
    made for a crawler, with the original numbers, may be; `Vary` says that others may see it differently.
    """
    is_private, cookie = visit.close()
    changed = list(headers)
    if visit.was_asked:
        changed = _varied(changed)
    if is_private:
        changed = [pair for pair in changed if pair[0].lower() not in _CACHING]
        changed.append(("Cache-Control", "private, no-store"))
    if cookie:
        changed.append(("Set-Cookie", cookie.header(secure=secure)))
    return changed


def _varied(headers: Headers) -> Headers:
    named = [part.strip() for name, value in headers if name.lower() == "vary" for part in value.split(",")]
    if "*" in named:
        return headers
    missing = [name for name in _DEPENDS_ON if name.lower() not in {each.lower() for each in named}]
    rest = [pair for pair in headers if pair[0].lower() != "vary"]
    return [*rest, ("Vary", ", ".join([*filter(None, named), *missing]))]
