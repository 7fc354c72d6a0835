"""The way of a visit from any door (the page's script, AMP, a back end) to its numbers.

A visit goes through named steps; each that stops it has a reason, which is counted. Whatever goes wrong, the
answer leaves the page's own number standing.
"""

import re
from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, NamedTuple

from pydantic import BaseModel, BeforeValidator, Field
from pydantic_core import from_json

from swapboard.accounts.company import Consent, Site
from swapboard.accounts.page import Declined
from swapboard.accounts.store import mark_site_seen
from swapboard.clock import Millis
from swapboard.numbers.e164 import national, same_shape
from swapboard.switchboard.directory import SiteEntry
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.leasing import Swap
from swapboard.switchboard.visiting import ADMIT, Visit
from swapboard.visits.bots import is_bot, is_prefetch
from swapboard.visits.hosts import host_of, is_any_of
from swapboard.visits.place import region_of
from swapboard.visits.source import classify
from swapboard.web.bodies import Refused
from swapboard.web.handover import handed_over, handover_word, without_word, word_in
from swapboard.web.limits import RateLimit

BURST = 20

MOST_TARGETS = 50
MOST_COOKIES = 20
_ONE_OF_MANY = ("_ga_", "_pk_id", "ph_")
"""How cookies are called of which a site may have one for each of its properties."""
_NUMBER = re.compile(r"\+\d{1,15}")


class Dropped(StrEnum):
    """Why a visit was answered without a number."""

    CRAWLER = "crawler"
    PREFETCH = "prefetch"
    NO_CONSENT = "no_consent"
    DECLINED = "declined"
    FOREIGN_ORIGIN = "foreign_origin"
    TOO_MANY = "too_many"
    OVERLOADED = "overloaded"


def as_list(value: object) -> object:
    """A list that came as a text: so scripts write it on pages where an old library changed `Array.prototype`."""
    return from_json(value) if isinstance(value, str) and value.startswith("[") else value


def as_numbers(value: object) -> object:
    """The E.164 numbers in a text, whatever stands between them: a list as JSON, or parted by spaces or commas."""
    return _NUMBER.findall(value) if isinstance(value, str) else value


def _first_targets(value: object) -> object:
    """As many as one visit may hold numbers for: a page that shows more (a list of branches) gets those."""
    numbers = as_numbers(value)
    return numbers[:MOST_TARGETS] if isinstance(numbers, list) else numbers


def _first_cookies(value: object) -> object:
    """As many as a visit keeps: a visitor's own ids (`_ga`, click ids) go before one property's among many."""
    if not isinstance(value, dict) or len(value) <= MOST_COOKIES:
        return value
    return dict(sorted(value.items(), key=lambda each: str(each[0]).startswith(_ONE_OF_MANY))[:MOST_COOKIES])


class VisitMessage(BaseModel):
    """What the tracker says of a page view."""

    visitor: str | None = Field(None, max_length=64)
    session: str | None = Field(None, max_length=64)
    url: str
    referrer: str = ""
    title: str = ""
    targets: Annotated[list[str], BeforeValidator(_first_targets)] = Field(default_factory=list)
    time_zone: str = Field("", max_length=64)
    cookies: Annotated[dict[str, str], BeforeValidator(_first_cookies)] = Field(default_factory=dict)
    consent: str | None = Field(None, max_length=20)
    visible: bool | None = None
    """Whether somebody looks at the page; None from who cannot know, such as a website's server."""


class Welcome(NamedTuple):
    """What a visit is answered with; a dropped one has no ids and no swaps."""

    visitor_id: str | None = None
    session_id: str | None = None
    swaps: tuple[Swap, ...] = ()

    def document(self, site: Site) -> dict[str, object]:
        """The JSON of DESIGN 5.1."""
        return {
            "visitor": self.visitor_id,
            "session": self.session_id,
            "swaps": shown(self.swaps),
            "beat": site.beat_seconds,
        }


_NOBODY = Welcome()


class Visits:
    """Takes visits in; the doors of one server share it, and with it the limits and the counters."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        per_second = exchange.settings.visits_per_second
        self._limit = RateLimit(per_second, BURST * per_second)
        self._key = exchange.vault.signing_key("handover")
        self.dropped: Counter[Dropped] = Counter()

    def check_origin(self, site: Site, origin: str | None) -> None:
        """Refuse another site's page (403)."""
        if not is_own(origin, site.hosts):
            self.dropped[Dropped.FOREIGN_ORIGIN] += 1
            raise Refused(403, "This page's host is not one of the site's; add it to the site's hosts.")

    def check_rate(self, site: Site, address: str, now: Millis) -> None:
        """Refuse an address that comes too often (429)."""
        if not self._limit.allows(f"{site.site_key} {address}", now):
            self.dropped[Dropped.TOO_MANY] += 1
            raise Refused(429, "Too many requests from this address.", {"Retry-After": "1"})

    async def receive(
        self,
        entry: SiteEntry,
        headers: Mapping[str, str],
        message: VisitMessage,
        now: Millis,
        beat_seconds: int | None = None,
    ) -> Welcome:
        """Lease what the visit is to see, unless it is none; `headers` are its browser's, by lower-case name.

        A lease is live for three beats of `beat_seconds`, which are the site's where nothing else is said.
        Raises Overloaded and Unavailable, as the writer does.
        """
        if drop := self._drop(headers, entry.site, message):
            self.dropped[drop] += 1
            return declined(entry, message) if drop is Dropped.DECLINED else _NOBODY
        message = self._handed_over(entry.site, headers, message, now)
        visit = _as_visit(headers, entry, message, now, beat_seconds or entry.site.beat_seconds)
        if named := self._exchange.settings.place_headers:
            visit = visit._replace(region=region_of(*(headers.get(name, "") for name in named)))
        admitted = await self._exchange.writer.submit(ADMIT, visit)
        if entry.site.first_seen_at is None:
            await self._note_first(entry.site, now)
        self._exchange.live.ring(entry.site.company_id)
        return Welcome(admitted.visitor_id, admitted.session_id, admitted.swaps)

    def _drop(self, headers: Mapping[str, str], site: Site, message: VisitMessage) -> Dropped | None:
        """Why this visit gets no number and leaves no trace, if so."""
        user_agent = headers.get("user-agent", "")
        if self._exchange.settings.headless_visitors:
            user_agent = user_agent.replace("HeadlessChrome", "Chrome")
        if is_bot(user_agent):
            return Dropped.CRAWLER
        # A page that was prepared and is looked at now knows better than its request's headers (Chromium 156).
        if is_prefetch(headers) and not message.visible:
            return Dropped.PREFETCH
        if message.consent == "denied":
            return Dropped.DECLINED
        if site.consent is Consent.WAIT and message.consent != "granted":
            return Dropped.NO_CONSENT
        return None

    def document(
        self, entry: SiteEntry, headers: Mapping[str, str], welcome: Welcome, now: Millis
    ) -> dict[str, object]:
        """What the script is answered; with a word for links where the site has hosts to hand sessions over to."""
        told = welcome.document(entry.site)
        if welcome.session_id:
            told |= self.link(entry.site, headers, welcome.session_id, now)
        return told

    def link(self, site: Site, headers: Mapping[str, str], session_id: str, now: Millis) -> dict[str, object]:
        """A fresh word for links, where the site has hosts to hand sessions over to."""
        if not site.page.linked_hosts:
            return {}
        return {"link": handover_word(self._key, site.company_id, _browser(headers), session_id, now)}

    def _handed_over(
        self, site: Site, headers: Mapping[str, str], message: VisitMessage, now: Millis
    ) -> VisitMessage:
        """The visit as that of the session which a link brought here; the link's word is not kept."""
        word = word_in(message.url)
        if word is None:
            return message
        handed = handed_over(self._key, site.company_id, _browser(headers), word, now)
        update = {"url": without_word(message.url), "referrer": without_word(message.referrer)}
        return message.model_copy(update=update | ({"session": handed} if handed else {}))

    async def _note_first(self, site: Site, now: Millis) -> None:
        await self._exchange.configure(
            site.company_id,
            lambda connection: mark_site_seen(connection, site.company_id, site.site_id, now),
        )


def declined(entry: SiteEntry, message: VisitMessage) -> Welcome:
    """Their channel's static number for a visitor who declined, where the owner wants that; nothing is stored."""
    if entry.site.page.declined is not Declined.CHANNEL_STATIC:
        return _NOBODY
    source = classify(message.url, message.referrer, own_hosts=entry.site.hosts)
    targets = (entry.plan.targets.get(number) for number in dict.fromkeys(message.targets))
    swaps = (
        Swap(target.number, static.number)
        for target in targets
        for static in entry.plan.statics.values()
        if target and static.channel == source.channel and static.target_id == target.target_id
    )
    return Welcome(swaps=tuple(swaps))


def shown(swaps: tuple[Swap, ...]) -> dict[str, dict[str, str]]:
    """Swaps as a page reads them.

    A number of another shape cannot take the page's format: then we say how people write it.
    """
    return {swap.target: _number(swap) for swap in swaps}


def _number(swap: Swap) -> dict[str, str]:
    if same_shape(swap.number, swap.target):
        return {"number": swap.number}
    return {"number": swap.number, "display": national(swap.number)}


def is_own(origin: str | None, hosts: tuple[str, ...]) -> bool:
    """True for addresses on the site's own hosts and those beneath them, and for senders that are no browser."""
    return origin is None or not hosts or is_any_of(host_of(origin), hosts)


def _browser(headers: Mapping[str, str]) -> str:
    return headers.get("user-agent", "")[:500]


def _as_visit(
    headers: Mapping[str, str], entry: SiteEntry, message: VisitMessage, now: Millis, beat_seconds: int
) -> Visit:
    return Visit(
        company_id=entry.site.company_id,
        session_seconds=entry.session_seconds,
        site_id=entry.site.site_id,
        beat_seconds=beat_seconds,
        visitor_id=message.visitor,
        session_id=message.session,
        url=message.url,
        referrer=message.referrer,
        own_hosts=entry.site.hosts,
        title=message.title,
        targets=tuple(dict.fromkeys(message.targets)),
        user_agent=_browser(headers),
        time_zone=message.time_zone,
        # Who asked not to be sold is told to no ad platform (Sec-GPC: https://w3c.github.io/gpc/).
        cookies={} if headers.get("sec-gpc") == "1" else message.cookies,
        opted_out=headers.get("sec-gpc") == "1",
        visible=message.visible is not False,
        now=now,
    )
