"""The door for pages: the script, visits and beats (DESIGN 5.1).

Whatever goes wrong, the page is answered in a way that leaves its own number standing.
"""

import json
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeAlias, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Discriminator,
    Field,
    Tag,
    TypeAdapter,
    ValidationError,
)
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from swapboard.accounts.company import Site
from swapboard.accounts.page import PageOptions
from swapboard.clock import DAY, Millis
from swapboard.storage.commit import Unavailable
from swapboard.storage.writer import Overloaded
from swapboard.switchboard.beating import HEAR, Beat, Happening
from swapboard.switchboard.directory import SiteEntry
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.forgetting import FORGET, Wish
from swapboard.visits.forms import allowed_fields
from swapboard.visits.store import sessions_by_id
from swapboard.visits.visit import EventKind, Presence, has_ended
from swapboard.web.bodies import Refused, json_answer, read_body, refusal
from swapboard.web.first_party import asked_host, forget_visitor, keep_visitor, kept_visitor, own_page_headers
from swapboard.web.methods import other_methods
from swapboard.web.script import Scripts, part_answer
from swapboard.web.script_config import is_first_party
from swapboard.web.visits import Dropped, VisitMessage, Visits, as_list, is_own, shown

MAX_BODY_BYTES = 8 * 1024
_LONGEST_ID = 64

ENDED = 205
"""Says that a session has ended, so that the page sends a new visit: "reset content" (RFC 9110, 15.3.6).

Not an error's status, of which a browser would complain in the page's console.
"""


def _at_most_a_day(age: int) -> int:
    """A page that slept tells of what was done before it did, and of what is yet to come where its clock was set
    back: that is no reason to refuse the rest of its beat."""
    return min(max(age, 0), DAY)


class EventMessage(BaseModel, extra="allow"):
    """Something the visitor did; what belongs to it beside these is kept as it is."""

    kind: EventKind
    age_ms: Annotated[int, AfterValidator(_at_most_a_day)] = 0
    url: str = ""
    title: str = ""


class BeatMessage(BaseModel):
    """What the tracker says every few seconds."""

    session: str = Field(max_length=64)
    state: Presence
    events: Annotated[list[EventMessage], BeforeValidator(as_list)] = Field(default_factory=list, max_length=100)


class ForgetMessage(BaseModel):
    """Said in a beat's place: `[visitor, session]`, as far as the page knows them, who want to be forgotten."""

    forget: Annotated[list[object], BeforeValidator(as_list)] = Field(max_length=3)

    def ids(self) -> tuple[str | None, str | None]:
        """The visitor's and the session's."""
        known = [each if isinstance(each, str) and 0 < len(each) <= _LONGEST_ID else None for each in self.forget]
        visitor_id, session_id, *_ = [*known, None, None]
        return visitor_id, session_id


class LinkMessage(BaseModel):
    """Said in a beat's place: a session that wants a new word for links to the company's other hosts."""

    link: str = Field(min_length=1, max_length=_LONGEST_ID)


_Headers: TypeAlias = dict[str, str]
Message = TypeVar("Message")


def _kind(told: object) -> str:
    """Which of the messages it is: a beat has neither of the other two's fields."""
    fields = told if isinstance(told, dict) else {}
    return "forget" if "forget" in fields else "link" if "link" in fields else "beat"


Said: TypeAlias = Annotated[
    Annotated[BeatMessage, Tag("beat")]
    | Annotated[ForgetMessage, Tag("forget")]
    | Annotated[LinkMessage, Tag("link")],
    Discriminator(_kind),
]
"""What a page may say at a beat's address."""
_VISIT = TypeAdapter(VisitMessage)
_SAID: TypeAdapter[Said] = TypeAdapter(Said)


class Collector:
    """The routes below the path prefix."""

    def __init__(self, exchange: Exchange, visits: Visits | None = None) -> None:
        self._exchange = exchange
        self._visits = visits or Visits(exchange)
        self._scripts = Scripts()

    @property
    def dropped(self) -> Counter[Dropped]:
        """How many visits were answered without a number, by the reason."""
        return self._visits.dropped

    def routes(self) -> list[Route]:
        """Script and its parts, visit and beat."""
        prefix = self._exchange.settings.path_prefix
        doors = [
            (f"{prefix}/{{site_key}}/visit", self._visit, ["POST"]),
            (f"{prefix}/{{site_key}}/beat", self._beat, ["POST"]),
            (f"{prefix}/{{site_key}}.js", self._script, ["GET"]),
            (f"{prefix}/{{site_key}}/{{part}}.js", self._part, ["GET"]),
        ]
        taken = [Route(path, self._guarded(door), methods=methods) for path, door, methods in doors]
        return [*taken, *(other_methods(path, methods) for path, _door, methods in doors)]

    def _guarded(
        self, door: Callable[[Request, SiteEntry], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            try:
                return await door(request, self._site(request))
            except Refused as refused:
                return refusal(self._readable(request, refused))
            except (Overloaded, Unavailable) as busy:
                self.dropped[Dropped.OVERLOADED] += 1
                wait = {"Retry-After": str(busy.retry_after_seconds)}
                return refusal(Refused(503, "The server is busy; the page keeps its number.", wait))

        return answer

    def _readable(self, request: Request, refused: Refused) -> Refused:
        """The refusal, readable by the site's own page: a browser complains of one that it may not read."""
        entry = self._exchange.directory.site(request.path_params["site_key"])
        headers = _headers(request)
        if entry and is_own(headers.get("origin"), entry.site.hosts):
            own = own_page_headers(asked_host(headers), headers, entry.site)
            refused.headers = {**refused.headers, **own}
        return refused

    def _site(self, request: Request) -> SiteEntry:
        site_key: str = request.path_params["site_key"]
        entry = self._exchange.directory.site(site_key)
        if entry is None:
            raise Refused(404, "No site has this key; copy the line from the set-up page once more.")
        return entry

    async def _script(self, request: Request, entry: SiteEntry) -> Response:
        return self._scripts.answer(entry, asked_host(request.headers), request.headers)

    async def _part(self, request: Request, _entry: SiteEntry) -> Response:
        part = part_answer(request.path_params["part"], request.headers)
        if part is None:
            raise Refused(404, "The script has no part of this name.")
        return part

    async def _visit(self, request: Request, entry: SiteEntry) -> Response:
        now = self._exchange.clock()
        headers = _headers(request)
        self._check_sender(request, headers, entry.site, now)
        message = parse_visit(await read_body(request, MAX_BODY_BYTES))
        message.visitor = message.visitor or kept_visitor(headers)
        welcome = await self._visits.receive(entry, headers, message, now)
        host = asked_host(headers)
        sent = own_page_headers(host, headers, entry.site)
        answer = json_answer(self._visits.document(entry, headers, welcome, now), headers=sent)
        if message.consent == "denied":
            forget_visitor(answer, host)
        elif welcome.visitor_id and is_first_party(entry.site, host):
            keep_visitor(answer, host, welcome.visitor_id, secure=request.scope["scheme"] == "https")
        return answer

    async def _beat(self, request: Request, entry: SiteEntry) -> Response:
        now, headers = self._exchange.clock(), _headers(request)
        self._check_sender(request, headers, entry.site, now)
        match _parse(_SAID, await read_body(request, MAX_BODY_BYTES), tags=1):
            case ForgetMessage() as message:
                return await self._forget(headers, entry, message, now)
            case LinkMessage() as message:
                return await self._link(headers, entry, message, now)
            case BeatMessage() as message:
                return await self._hear(headers, entry, message, now)

    async def _hear(self, headers: _Headers, entry: SiteEntry, message: BeatMessage, now: Millis) -> Response:
        heard = await self._exchange.writer.submit(HEAR, _as_beat(entry, message, now))
        sent = own_page_headers(asked_host(headers), headers, entry.site)
        if not heard.alive:
            return _nothing(sent, ENDED)
        if message.state is not Presence.VISIBLE or message.events:
            self._exchange.live.ring(entry.site.company_id)
        if heard.swaps:
            return json_answer({"swaps": shown(heard.swaps)}, headers=sent)
        return _nothing(sent)

    async def _link(self, headers: _Headers, entry: SiteEntry, message: LinkMessage, now: Millis) -> Response:
        """A fresh word for links to the company's other hosts; one lasts a few minutes only."""
        company_id, session_id = entry.site.company_id, message.link
        sent = own_page_headers(asked_host(headers), headers, entry.site)
        found = await self._exchange.read(lambda connection: sessions_by_id(connection, company_id, {session_id}))
        session = found.get(session_id)
        if session is None or session.is_forgotten or has_ended(session, now, entry.session_seconds):
            return _nothing(sent, ENDED)
        return json_answer(self._visits.link(entry.site, headers, session_id, now), headers=sent)

    async def _forget(self, headers: _Headers, entry: SiteEntry, message: ForgetMessage, now: Millis) -> Response:
        """Forget whoever the page, its session or its cookie names; nobody is told whether they were known."""
        visitor_id, session_id = message.ids()
        visitor_ids = tuple({each for each in (visitor_id, kept_visitor(headers)) if each})
        wish = Wish(entry.site.company_id, visitor_ids, session_id, now)
        await self._exchange.writer.submit(FORGET, wish)
        self._exchange.live.ring(entry.site.company_id)
        host = asked_host(headers)
        answer = _nothing(own_page_headers(host, headers, entry.site))
        forget_visitor(answer, host)
        return answer

    def _check_sender(self, request: Request, headers: _Headers, site: Site, now: Millis) -> None:
        self._visits.check_origin(site, headers.get("origin"))
        client = request.client
        self._visits.check_rate(site, client.host if client else "", now)


def _headers(request: Request) -> _Headers:
    """As one dictionary: Starlette's own look-up goes through all headers each time."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in request.scope["headers"]}


def parse_visit(body: bytes) -> VisitMessage:
    """The tracker's message. Raises Refused (400) that names what is wrong."""
    return _parse(_VISIT, body)


def _parse(adapter: TypeAdapter[Message], body: bytes, tags: int = 0) -> Message:
    """The message. What is wrong stands behind so many tags of unions, which its sender does not know."""
    # PostgreSQL cannot hold a NUL in a text, and no page has a use for one.
    if b"\\u0000" in body:
        raise Refused(400, "The body must not contain a NUL character.")
    try:
        return adapter.validate_json(_whole(body))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"][tags:]) or "body"
        raise Refused(400, f"{where}: {first['msg']}.") from None


def _whole(body: bytes) -> bytes:
    """The body with a question mark for each half of a character: pages cut titles and texts within an emoji.

    JavaScript writes only such halves as `\\ud83d` (well-formed JSON.stringify), so no other body is read twice.
    """
    if b"\\ud" not in body and b"\\uD" not in body:
        return body
    try:
        return json.dumps(json.loads(body), ensure_ascii=False).encode(errors="replace")
    except (ValueError, RecursionError):
        return body


def _nothing(headers: _Headers, status: int = 204) -> Response:
    return Response(status_code=status, headers={"Access-Control-Allow-Origin": "*", **headers})


def _as_beat(entry: SiteEntry, message: BeatMessage, now: Millis) -> Beat:
    return Beat(
        company_id=entry.site.company_id,
        session_seconds=entry.session_seconds,
        beat_seconds=entry.site.beat_seconds,
        session_id=message.session,
        presence=message.state,
        happenings=tuple(_happening(each, entry.site.page) for each in message.events),
        now=now,
        site_id=entry.site.site_id,
    )


def _happening(event: EventMessage, page: PageOptions) -> Happening:
    """A form's fields are kept apart from what happened, and only those that the site's owner allows."""
    told = dict(event.model_extra or {})
    fields = told.pop("fields", None) if event.kind is EventKind.FORM else None
    allowed = page.form_fields if page.forms or page.calltrk else ()
    return Happening(event.kind, event.age_ms, event.url, event.title, told, allowed_fields(fields, allowed))
