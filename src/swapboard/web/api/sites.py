"""`/api/v1/sites`: websites whose visitors see numbers, and the line to paste into each."""

import secrets
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AfterValidator, BaseModel, Field, StringConstraints
from sqlalchemy import Connection
from starlette.responses import Response

from swapboard.accounts.company import BEAT_SECONDS, Consent, Site
from swapboard.accounts.page import PLAIN
from swapboard.accounts.rights import Resource
from swapboard.accounts.store import add_site, change_site, list_sites, remove_site, site_by_id
from swapboard.clock import iso
from swapboard.visits.hosts import host_of
from swapboard.web.api.desk import AtDesk, Desk, ToCreate
from swapboard.web.api.fields import Change, ListQuery, Message, Moment, Name, PageDocument, found, moment
from swapboard.web.api.page_options import AS_USUAL, PageOptionsDocument, page_document, page_options
from swapboard.web.api.route import ApiRoute
from swapboard.web.script import line_to_paste

router = APIRouter(prefix="/sites", tags=[Resource.SITES], route_class=ApiRoute)

SITE_KEY_BYTES = 8


def _host(text: str) -> str:
    host = host_of(text if "//" in text else f"//{text}")
    if not host:
        raise ValueError("Write a host name, such as www.example.com.")
    return host


Host = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=300),
    Field(json_schema_extra={"pattern": r"^\s*[^\s\u0085\u0000]+\s*$"}),
    AfterValidator(_host),
]
Hosts = Annotated[
    list[Host],
    Field(max_length=100, description="The site's own hosts, those beneath them included; empty accepts any."),
]
BeatSeconds = Annotated[
    int, Field(ge=BEAT_SECONDS[0], le=BEAT_SECONDS[-1], description="How often an open page gives a sign.")
]


class NewSite(Message):
    """A website to add."""

    name: Name
    hosts: Hosts = Field(default_factory=list)
    consent: Consent = Consent.ALWAYS
    beat_seconds: BeatSeconds = 20
    page: PageOptionsDocument = AS_USUAL


class SiteChange(Change):
    """What to change; a field that is left out stays."""

    name: Name = ""
    hosts: Hosts = Field(default_factory=list)
    consent: Consent = Consent.ALWAYS
    beat_seconds: BeatSeconds = 0
    page: Annotated[PageOptionsDocument, Field(description="Of it, too, what is left out stays.")] = AS_USUAL


class SiteDocument(BaseModel):
    """A website; `snippet` is the line to paste into its pages."""

    id: str
    company_id: str
    site_key: str
    name: str
    hosts: list[str]
    consent: Consent
    beat_seconds: int
    page: PageOptionsDocument = Field(description="How the script treats the site's pages.")
    snippet: str
    first_seen_at: Moment | None = Field(description="When the line on the site was first heard of.")
    created_at: Moment


@router.get("", summary="List sites")
async def list_(query: Annotated[ListQuery, Query()], desk: AtDesk) -> PageDocument[SiteDocument]:
    """A page of sites, oldest first."""
    page = await desk.read(lambda connection: list_sites(connection, desk.company_id, query.limit, query.cursor))
    return PageDocument(data=[_document(site, desk) for site in page.rows], next_cursor=page.next_cursor)


@router.post("", status_code=201, response_model=SiteDocument, summary="Add a site")
async def create(new: NewSite, desk: ToCreate) -> Response:
    """The answer has the line to paste."""
    site = Site(
        site_id=desk.new_id(),
        company_id=desk.company_id,
        site_key=secrets.token_hex(SITE_KEY_BYTES),
        name=new.name,
        hosts=tuple(dict.fromkeys(new.hosts)),
        consent=new.consent,
        beat_seconds=new.beat_seconds,
        first_seen_at=None,
        created_at=desk.now,
        page=page_options(PLAIN, new.page),
    )

    def write(connection: Connection) -> SiteDocument:
        add_site(connection, site)
        return _document(site, desk)

    return await desk.create(write)


@router.get("/{site_id}", summary="One site")
async def get(site_id: str, desk: AtDesk) -> SiteDocument:
    """The site with this id."""
    return _document(await desk.read(lambda connection: _site(connection, desk, site_id)), desk)


@router.patch("/{site_id}", summary="Change a site")
async def change(site_id: str, message: SiteChange, desk: AtDesk) -> SiteDocument:
    """Change what is given; the rest stays."""

    def write(connection: Connection) -> Site:
        changed = changed_by(message, _site(connection, desk, site_id))
        change_site(connection, changed)
        return changed

    return _document(await desk.change(write), desk)


@router.delete("/{site_id}", status_code=204, summary="Remove a site")
async def remove(site_id: str, desk: AtDesk) -> None:
    """Its pages keep their own numbers from now on; its visits and calls stay."""

    def write(connection: Connection) -> None:
        _site(connection, desk, site_id)
        remove_site(connection, desk.company_id, site_id)

    await desk.change(write)


def _site(connection: Connection, desk: Desk, site_id: str) -> Site:
    return found(site_by_id(connection, desk.company_id, site_id), "site")


def changed_by(message: SiteChange, site: Site) -> Site:
    """The site with what the message gives; the rest stays."""
    given = message.model_dump(include=message.model_fields_set)
    if "hosts" in given:
        given["hosts"] = tuple(dict.fromkeys(message.hosts))
    if "page" in given:
        given["page"] = page_options(site.page, message.page)
    return replace(site, **given)


def _document(site: Site, desk: Desk) -> SiteDocument:
    return SiteDocument(
        id=site.site_id,
        company_id=site.company_id,
        site_key=site.site_key,
        name=site.name,
        hosts=list(site.hosts),
        consent=site.consent,
        beat_seconds=site.beat_seconds,
        page=page_document(site.page),
        snippet=line_to_paste(desk.exchange.settings, site.site_key),
        first_seen_at=moment(site.first_seen_at),
        created_at=iso(site.created_at),
    )
