"""`/api/v1/sites/{site_id}/visit`: a website's own server tells of a visit and writes the numbers into its page.

The rules are the page's own (`web/visits.py`): crawlers see the original number and hold no lease, consent and
limits count, and whatever fails leaves the original number standing.
"""

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field, StringConstraints

from swapboard.accounts.company import Consent
from swapboard.accounts.rights import Resource
from swapboard.clock import DAY, SECOND, Millis
from swapboard.numbers.e164 import calling_code, national
from swapboard.switchboard.directory import SiteEntry
from swapboard.visits.hosts import host_of, registrable_domain
from swapboard.web.api.desk import AtDesk
from swapboard.web.api.fields import E164Text, Message, found
from swapboard.web.api.route import ApiRoute
from swapboard.web.visits import MOST_TARGETS, VisitMessage, Visits, Welcome

router = APIRouter(prefix="/sites", tags=[Resource.VISITS], route_class=ApiRoute)

COOKIE = "_swb"
"""What the script on the page keeps `visitor/session/time` in: tracker/src/session.ts."""
# Browsers keep no cookie longer (RFC 6265bis, 5.5).
COOKIE_SECONDS = 400 * DAY // SECOND
# Analytics' and ad platforms' own ids, as the script reads them; nobody else's cookies are kept.
_PLATFORMS = re.compile(
    r"_ga(?:_\w+)?|_fb[pc]|_gcl_aw|_gcl_gb|_uetmsclkid|_ttp|li_fat_id|_pk_id[.\w]*|ph_\w+_posthog"
)

LongText = Annotated[str, StringConstraints(max_length=8_000)]
CookieText = Annotated[str, StringConstraints(max_length=4_096)]
Id = Annotated[str, StringConstraints(max_length=64)]


class NewVisit(Message):
    """A page view, as the website's server saw it."""

    url: LongText = Field(description="The page's whole address.", examples=["https://www.example.com/?gclid=x"])
    user_agent: LongText = Field(description="The visitor's `User-Agent`; without one it is a program's.")
    address: str = Field("", max_length=64, description="The visitor's IP address, for the limits.")
    referrer: LongText = ""
    title: str = Field("", max_length=1_000)
    targets: list[str] | None = Field(
        None,
        description="The numbers that the page shows, E.164; all of them if left out. "
        f"Of more than {MOST_TARGETS} the first are swapped.",
    )
    cookies: dict[str, CookieText] = Field(
        default_factory=dict,
        description="The visitor's cookies. Ours and those of ad platforms are read, the rest is dropped.",
    )
    visitor: Id | None = Field(None, description="Our id of the visitor, where there is no cookie to tell it.")
    session: Id | None = Field(None, description="Our id of the session, where there is no cookie to tell it.")
    time_zone: str = Field("", max_length=64)
    consent: str | None = Field(None, max_length=20, description="`granted` or `denied`, where the site asks.")
    sec_gpc: bool = Field(False, description="Whether the visitor's browser sent `Sec-GPC: 1`.")
    sec_purpose: str = Field("", max_length=200, description="The visitor's `Sec-Purpose`: a page loaded ahead.")


class SwapDocument(BaseModel):
    """What to show in place of a number."""

    number: E164Text
    display: str = Field(description="How people of the number's country write it.", examples=["(202) 555-0143"])
    calling_code: str = Field(description="Of the number's country.", examples=["1"])


class CookieDocument(BaseModel):
    """Set it for the path `/`, readable by scripts: then the script on the page goes on with the session."""

    name: str
    value: str
    max_age: int = Field(description="Seconds.")
    domain: str | None = Field(description="The site's registrable domain; without one, the host's alone.")


class WelcomeDocument(BaseModel):
    """The answer; with empty `swaps` and no session, leave the page as it is."""

    visitor: str | None
    session: str | None
    swaps: dict[str, SwapDocument] = Field(description="By the original number, E.164.")
    beat: int = Field(description="Seconds between two signs of life; the script on the page gives them.")
    cookie: CookieDocument | None


def _entry(site_id: str, desk: AtDesk) -> SiteEntry:
    return found(desk.exchange.directory.site_of(desk.company_id, site_id), "site")


@router.post("/{site_id}/visit", summary="Tell of a visit")
async def receive(
    new: NewVisit, entry: Annotated[SiteEntry, Depends(_entry)], desk: AtDesk, request: Request
) -> WelcomeDocument:
    """The numbers that this visitor is to see. Ask before the page is written, and give it 300 ms at most."""
    visits: Visits = request.app.state.visits
    visits.check_origin(entry.site, new.url)
    if new.address:  # Those of whom it is not known are not one visitor.
        visits.check_rate(entry.site, new.address, desk.now)
    if entry.site.consent is Consent.COOKIELESS:
        # Without a cookie the script could not go on with the session: it would take a second number.
        return _document(Welcome(), entry, None, desk.now)
    welcome = await visits.receive(entry, _headers(new), _message(new, entry, desk.now), desk.now)
    return _document(welcome, entry, registrable_domain(host_of(new.url)), desk.now)


def _headers(new: NewVisit) -> dict[str, str]:
    gpc = {"sec-gpc": "1"} if new.sec_gpc else {}
    return {"user-agent": new.user_agent, "sec-purpose": new.sec_purpose, **gpc}


def _message(new: NewVisit, entry: SiteEntry, now: Millis) -> VisitMessage:
    visitor, session = _ids(new.cookies.get(COOKIE, ""), now, entry.session_seconds)
    told = VisitMessage(
        visitor=new.visitor or visitor,
        session=new.session or session,
        url=new.url,
        referrer=new.referrer,
        title=new.title,
        targets=new.targets or [],
        time_zone=new.time_zone,
        cookies={name: value for name, value in new.cookies.items() if _PLATFORMS.fullmatch(name)},
        consent=new.consent,
    )
    # All of them may be more than a page may name.
    return told.model_copy(update={"targets": list(entry.plan.targets)}) if new.targets is None else told


def _ids(cookie: str, now: Millis, session_seconds: int) -> tuple[str | None, str | None]:
    """Visitor and session of the script's cookie; a session that is over by its time is not told."""
    visitor, session, at = [*cookie.split("/", 3), "", "", ""][:3]
    if len(visitor) > 64 or len(session) > 64:
        return None, None
    is_fresh = at.isascii() and at.isdecimal() and len(at) < 20 and now - int(at) < session_seconds * SECOND
    return visitor or None, (session or None) if is_fresh else None


def _document(welcome: Welcome, entry: SiteEntry, domain: str | None, now: Millis) -> WelcomeDocument:
    cookie = None
    if welcome.visitor_id and welcome.session_id:
        value = f"{welcome.visitor_id}/{welcome.session_id}/{now}"
        cookie = CookieDocument(name=COOKIE, value=value, max_age=COOKIE_SECONDS, domain=domain)
    return WelcomeDocument(
        visitor=welcome.visitor_id,
        session=welcome.session_id,
        swaps={swap.target: _swap(swap.number) for swap in welcome.swaps},
        beat=entry.site.beat_seconds,
        cookie=cookie,
    )


def _swap(number: str) -> SwapDocument:
    return SwapDocument(number=number, display=national(number), calling_code=calling_code(number))
