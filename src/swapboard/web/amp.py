"""The door for AMP pages, which run no script of ours: `amp-call-tracking` asks here for a number (docs/amp.md).

Such a page gives no signs of life, so its lease is live for as long as such a page is read, and is renewed by the
next page view. Who asks is known by AMP's client id, which AMP keeps in our own cookie on the site.
"""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from swapboard.accounts.company import Consent, Site
from swapboard.numbers.e164 import in_notation
from swapboard.storage.commit import Unavailable
from swapboard.storage.writer import Overloaded
from swapboard.switchboard.directory import SiteEntry
from swapboard.switchboard.exchange import Exchange
from swapboard.visits.hosts import host_of, is_any_of
from swapboard.visits.visit import is_amp_id
from swapboard.web.bodies import Refused, json_answer, refusal
from swapboard.web.limits import address_of
from swapboard.web.methods import other_methods
from swapboard.web.visits import Dropped, VisitMessage, Visits

BEAT_SECONDS = 200
"""The lease ends after three of them: ten minutes."""
# https://cdn.ampproject.org/caches.json
CACHES = ("cdn.ampproject.org", "www.bing-amp.com")
SOURCE_ORIGIN = "__amp_source_origin"
_LONGEST = {"url": 4_096, "referrer": 1_024, "title": 300, "zone": 64}
_LONGEST_ID = 64
# CONSENT_STATE of amp-consent; "unknown" is no choice yet.
_CHOICES = {"sufficient": "granted", "not_required": "granted", "insufficient": "denied"}


class AmpDoor:
    """`GET /t/{site_key}/amp`."""

    def __init__(self, exchange: Exchange, visits: Visits) -> None:
        self._exchange = exchange
        self._visits = visits

    def routes(self) -> list[Route]:
        """The one route, and what turns other methods away."""
        path = f"{self._exchange.settings.path_prefix}/{{site_key}}/amp"
        return [Route(path, self.answer, methods=["GET"]), other_methods(path, ["GET"])]

    async def answer(self, request: Request) -> Response:
        """The number to show, or why there is none: then the page keeps its own."""
        try:
            entry = self._exchange.directory.site(request.path_params["site_key"])
            if entry is None:
                raise Refused(404, "No site has this key; copy the address from the set-up page once more.")
            return await self._number(request, entry)
        except Refused as refused:
            return refusal(refused)
        except (Overloaded, Unavailable) as busy:
            self._visits.dropped[Dropped.OVERLOADED] += 1
            wait = {"Retry-After": str(busy.retry_after_seconds)}
            return refusal(Refused(503, "The server is busy; the page keeps its number.", wait))

    async def _number(self, request: Request, entry: SiteEntry) -> Response:
        now = self._exchange.clock()
        asked = request.query_params
        cors = self._check_origin(request, entry.site)
        self._visits.check_rate(entry.site, address_of(request), now)
        target = _target(asked.get("target"), entry)
        is_known = entry.site.consent is not Consent.COOKIELESS
        message = _message(asked, target, asked.get("client", "") if is_known else "")
        welcome = await self._visits.receive(entry, request.headers, message, now, BEAT_SECONDS)
        number = next((swap.number for swap in welcome.swaps if swap.target == target), target)
        shown = in_notation(asked.get("text", ""), target, number)
        return json_answer({"phoneNumber": number, "formattedPhoneNumber": shown}, headers=cors)

    def _check_origin(self, request: Request, site: Site) -> dict[str, str]:
        """The headers that let the page read the answer. Raises Refused (403).

        https://amp.dev/documentation/guides-and-tutorials/learn/amp-caches-and-cors/amp-cors-requests
        """
        origin, source = request.headers.get("origin"), request.query_params.get(SOURCE_ORIGIN)
        self._visits.check_origin(site, source)
        if origin is None:
            if request.headers.get("amp-same-origin") != "true":
                raise Refused(403, "Send an Origin header, or AMP-Same-Origin: true, as AMP does.")
        elif site.hosts and not is_any_of(host_of(origin), site.hosts):
            self._visits.check_origin(site, f"https://{publisher(host_of(origin))}")
        return _cors(origin or source, source)


def publisher(cache_host: str) -> str:
    """The host whose page an AMP cache's host shows: `www-example-com.cdn.ampproject.org` → `www.example.com`.

    "" for other hosts, and for those whose name AMP could only write as a hash.
    https://amp.dev/documentation/guides-and-tutorials/learn/amp-caches-and-cors/amp-cache-urls
    """
    name = next((cache_host.removesuffix(f".{cache}") for cache in CACHES if cache_host.endswith(f".{cache}")), "")
    if name.startswith("0-") and name.endswith("-0"):
        name = name[2:-2]
    try:
        name = name.encode("ascii").decode("idna")
    except UnicodeError:
        return ""
    return host_of("//" + "-".join(part.replace("-", ".") for part in name.split("--"))) if name else ""


def _cors(allowed: str | None, source: str | None) -> dict[str, str]:
    headers = {"Cache-Control": "private, no-store", "Vary": "Origin, AMP-Same-Origin"}
    if allowed:
        headers["Access-Control-Allow-Origin"] = allowed
    if source:
        # Asked for by AMP's runtime until 2019, and by pages that still have it.
        headers["AMP-Access-Control-Allow-Source-Origin"] = source
        headers["Access-Control-Expose-Headers"] = "AMP-Access-Control-Allow-Source-Origin"
    return headers


def _target(asked: str | None, entry: SiteEntry) -> str:
    """The number to be replaced. Raises Refused (400)."""
    # In an address a + that nobody escaped arrives as a space.
    wanted = "+" + asked.strip().removeprefix("+") if asked else None
    targets = list(entry.plan.targets)
    if wanted in targets:
        return wanted
    if wanted is None and len(targets) == 1:
        return targets[0]
    raise Refused(400, "Say which number the link shows: target=+12025550100, one of the company's.")


def _message(asked: Mapping[str, str], target: str, client: str) -> VisitMessage:
    told = {name: asked.get(name, "").replace("\0", "")[:longest] for name, longest in _LONGEST.items()}
    visitor, session = _ids(client)
    return VisitMessage(
        visitor=visitor,
        session=session,
        url=told["url"],
        referrer=told["referrer"],
        title=told["title"],
        targets=[target],
        time_zone=told["zone"],
        consent=_CHOICES.get(asked.get("consent", "")),
    )


def _ids(client: str) -> tuple[str | None, str | None]:
    """Visitor and session by CLIENT_ID(_swb): AMP's own id, or what our script keeps on the site's other pages."""
    visitor, slash, rest = client.partition("/")
    session = rest.partition("/")[0]
    if not all(len(each) <= _LONGEST_ID and each.isascii() and each.isprintable() for each in (visitor, session)):
        return None, None
    if not slash:
        return (visitor, None) if is_amp_id(visitor) else (None, None)
    return visitor or None, session or None
