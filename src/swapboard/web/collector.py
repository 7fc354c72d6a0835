"""The door for pages: the script, visits and beats (DESIGN 5.1).

A visit goes through named steps; each that stops it has a reason, which is counted. Whatever goes wrong, the
page is answered in a way that leaves its own number standing.
"""

from collections import Counter
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import TypeAlias, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from swapboard.accounts.company import Consent, Site
from swapboard.accounts.store import mark_site_seen
from swapboard.clock import DAY, Millis
from swapboard.numbers.e164 import national, same_shape
from swapboard.storage.commit import Unavailable
from swapboard.storage.writer import Overloaded
from swapboard.switchboard.beating import HEAR, Beat, Happening
from swapboard.switchboard.directory import SiteEntry
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.leasing import Swap
from swapboard.switchboard.visiting import ADMIT, Visit
from swapboard.visits.bots import is_bot, is_prefetch
from swapboard.visits.device import device_of
from swapboard.visits.source import classify
from swapboard.visits.visit import EventKind, Presence
from swapboard.web.bodies import Refused, json_answer, read_body, refusal
from swapboard.web.limits import RateLimit
from swapboard.web.script import Scripts

MAX_BODY_BYTES = 8 * 1024
BURST = 20


class Dropped(StrEnum):
    """Why a visit was answered without a number."""

    CRAWLER = "crawler"
    PREFETCH = "prefetch"
    NO_CONSENT = "no_consent"
    FOREIGN_ORIGIN = "foreign_origin"
    TOO_MANY = "too_many"
    OVERLOADED = "overloaded"


class VisitMessage(BaseModel):
    """What the tracker says of a page view."""

    visitor: str | None = Field(None, max_length=64)
    session: str | None = Field(None, max_length=64)
    url: str
    referrer: str = ""
    title: str = ""
    targets: list[str] = Field(default_factory=list, max_length=50)
    time_zone: str = Field("", max_length=64)
    cookies: dict[str, str] = Field(default_factory=dict, max_length=20)
    consent: str | None = Field(None, max_length=20)
    visible: bool = True


class EventMessage(BaseModel, extra="allow"):
    """Something the visitor did; what belongs to it beside these is kept as it is."""

    kind: EventKind
    age_ms: int = Field(0, ge=0, le=DAY)
    url: str = ""
    title: str = ""


class BeatMessage(BaseModel):
    """What the tracker says every few seconds."""

    session: str = Field(max_length=64)
    state: Presence
    events: list[EventMessage] = Field(default_factory=list, max_length=100)


_Headers: TypeAlias = dict[str, str]
Message = TypeVar("Message", bound=BaseModel)

_VISIT = TypeAdapter(VisitMessage)
_BEAT = TypeAdapter(BeatMessage)


class Collector:
    """The routes below the path prefix."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        per_second = exchange.settings.visits_per_second
        self._limit = RateLimit(per_second, BURST * per_second)
        self._scripts = Scripts()
        self.dropped: Counter[Dropped] = Counter()

    def routes(self) -> list[Route]:
        """Script, visit and beat."""
        prefix = self._exchange.settings.path_prefix
        return [
            Route(f"{prefix}/{{site_key}}/visit", self._guarded(self._visit), methods=["POST"]),
            Route(f"{prefix}/{{site_key}}/beat", self._guarded(self._beat), methods=["POST"]),
            Route(f"{prefix}/{{site_key}}.js", self._guarded(self._script), methods=["GET"]),
        ]

    def _guarded(
        self, door: Callable[[Request, SiteEntry], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            try:
                return await door(request, self._site(request))
            except Refused as refused:
                return refusal(refused)
            except (Overloaded, Unavailable) as busy:
                self.dropped[Dropped.OVERLOADED] += 1
                wait = {"Retry-After": str(busy.retry_after_seconds)}
                return refusal(Refused(503, "The server is busy; the page keeps its number.", wait))

        return answer

    def _site(self, request: Request) -> SiteEntry:
        site_key: str = request.path_params["site_key"]
        entry = self._exchange.directory.site(site_key)
        if entry is None:
            raise Refused(404, "No site has this key; copy the line from the set-up page once more.")
        return entry

    async def _script(self, request: Request, entry: SiteEntry) -> Response:
        return self._scripts.answer(entry, request.headers)

    async def _visit(self, request: Request, entry: SiteEntry) -> Response:
        now = self._exchange.clock()
        headers = _headers(request)
        self._check_sender(request, headers, entry.site, now)
        message = parse_visit(await read_body(request, MAX_BODY_BYTES))
        if drop := self._drop(headers, entry.site, message):
            self.dropped[drop] += 1
            return json_answer(_welcome(None, None, (), entry.site))
        admitted = await self._exchange.writer.submit(ADMIT, _as_visit(headers, entry, message, now))
        await self._note_first(entry.site, now)
        self._exchange.live.ring(entry.site.company_id)
        return json_answer(_welcome(admitted.visitor_id, admitted.session_id, admitted.swaps, entry.site))

    async def _beat(self, request: Request, entry: SiteEntry) -> Response:
        now = self._exchange.clock()
        self._check_sender(request, _headers(request), entry.site, now)
        message = _parse(_BEAT, await read_body(request, MAX_BODY_BYTES))
        heard = await self._exchange.writer.submit(HEAR, _as_beat(entry, message, now))
        if not heard.alive:
            raise Refused(410, "This session has ended; send a new visit.")
        if message.state is not Presence.VISIBLE or message.events:
            self._exchange.live.ring(entry.site.company_id)
        if heard.swaps:
            return json_answer({"swaps": _swaps(heard.swaps)})
        return Response(status_code=204, headers={"Access-Control-Allow-Origin": "*"})

    def _check_sender(self, request: Request, headers: _Headers, site: Site, now: Millis) -> None:
        if not _is_own(headers.get("origin"), site.hosts):
            self.dropped[Dropped.FOREIGN_ORIGIN] += 1
            raise Refused(403, "This page's host is not one of the site's; add it to the site's hosts.")
        address = request.client.host if request.client else ""
        if not self._limit.allows(f"{site.site_key} {address}", now):
            self.dropped[Dropped.TOO_MANY] += 1
            raise Refused(429, "Too many requests from this address.", {"Retry-After": "1"})

    def _drop(self, headers: _Headers, site: Site, message: VisitMessage) -> Dropped | None:
        """Why this visit gets no number and leaves no trace, if so."""
        user_agent = headers.get("user-agent", "")
        if self._exchange.settings.headless_visitors:
            user_agent = user_agent.replace("HeadlessChrome", "Chrome")
        if is_bot(user_agent):
            return Dropped.CRAWLER
        if is_prefetch(headers):
            return Dropped.PREFETCH
        if site.consent is Consent.WAIT and message.consent != "granted":
            return Dropped.NO_CONSENT
        return None

    async def _note_first(self, site: Site, now: Millis) -> None:
        if site.first_seen_at is None:
            await self._exchange.configure(
                site.company_id,
                lambda connection: mark_site_seen(connection, site.company_id, site.site_id, now),
            )


def _headers(request: Request) -> _Headers:
    """As one dictionary: Starlette's own look-up goes through all headers each time."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in request.scope["headers"]}


def parse_visit(body: bytes) -> VisitMessage:
    """The tracker's message. Raises Refused (400) that names what is wrong."""
    return _parse(_VISIT, body)


def _parse(adapter: TypeAdapter[Message], body: bytes) -> Message:
    # PostgreSQL cannot hold a NUL in a text, and no page has a use for one.
    if b"\\u0000" in body:
        raise Refused(400, "The body must not contain a NUL character.")
    try:
        return adapter.validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "body"
        raise Refused(400, f"{where}: {first['msg']}.") from None


def _as_visit(headers: _Headers, entry: SiteEntry, message: VisitMessage, now: Millis) -> Visit:
    user_agent = headers.get("user-agent", "")[:500]
    return Visit(
        company_id=entry.site.company_id,
        session_seconds=entry.session_seconds,
        site_id=entry.site.site_id,
        beat_seconds=entry.site.beat_seconds,
        visitor_id=message.visitor,
        session_id=message.session,
        source=classify(message.url, message.referrer, own_hosts=entry.site.hosts),
        url=message.url,
        title=message.title,
        targets=tuple(dict.fromkeys(message.targets)),
        user_agent=user_agent,
        device=device_of(user_agent).kind,
        time_zone=message.time_zone,
        cookies=message.cookies,
        opted_out=headers.get("sec-gpc") == "1",
        visible=message.visible,
        now=now,
    )


def _as_beat(entry: SiteEntry, message: BeatMessage, now: Millis) -> Beat:
    return Beat(
        company_id=entry.site.company_id,
        session_seconds=entry.session_seconds,
        beat_seconds=entry.site.beat_seconds,
        session_id=message.session,
        presence=message.state,
        happenings=tuple(
            Happening(each.kind, each.age_ms, each.url, each.title, each.model_extra or {})
            for each in message.events
        ),
        now=now,
    )


def _welcome(
    visitor_id: str | None, session_id: str | None, swaps: tuple[Swap, ...], site: Site
) -> dict[str, object]:
    return {"visitor": visitor_id, "session": session_id, "swaps": _swaps(swaps), "beat": site.beat_seconds}


def _swaps(swaps: tuple[Swap, ...]) -> dict[str, dict[str, str]]:
    return {swap.target: _shown(swap) for swap in swaps}


def _shown(swap: Swap) -> dict[str, str]:
    """A number of another shape cannot take the page's format: then we say how people write it."""
    if same_shape(swap.number, swap.target):
        return {"number": swap.number}
    return {"number": swap.number, "display": national(swap.number)}


def _is_own(origin: str | None, hosts: tuple[str, ...]) -> bool:
    """True for the site's own hosts and those beneath them, and for senders that are no browser."""
    if origin is None or not hosts:
        return True
    host = (urlsplit(origin).hostname or "") if origin != "null" else ""
    return any(host == own or host.endswith(f".{own}") for own in hosts)
