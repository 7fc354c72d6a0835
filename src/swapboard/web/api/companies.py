"""`/api/v1/companies`: the company a key belongs to; for an owner's key, all of the account."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AfterValidator, BaseModel, Field, StringConstraints
from pydantic.fields import FieldInfo
from sqlalchemy import Connection
from starlette.responses import Response

from swapboard.accounts.audit import JOURNAL_DAYS, KEPT_DAYS
from swapboard.accounts.brand import read_colour
from swapboard.accounts.company import (
    LOOK_BACK_DAYS,
    PEOPLE_KEPT_DAYS,
    QUARANTINE_DAYS,
    RING_SECONDS,
    SESSION_SECONDS,
    Company,
)
from swapboard.accounts.rights import Resource
from swapboard.accounts.store import add_company, change_company, companies_of_account
from swapboard.clock import iso
from swapboard.language import LANGUAGES
from swapboard.numbers.listing import owned_among
from swapboard.reports.schedule_store import follow_clocks
from swapboard.storage.paging import Page
from swapboard.web.api.caller import company_of_account
from swapboard.web.api.desk import AtDesk, Desk, ToCreate
from swapboard.web.api.fields import (
    Change,
    Country,
    E164Text,
    ListQuery,
    Message,
    Moment,
    Name,
    PageDocument,
    PhoneText,
    TimeZone,
    phone,
)
from swapboard.web.api.problem import invalid, not_found
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/companies", tags=[Resource.COMPANIES], route_class=ApiRoute)


def _within(allowed: range, description: str) -> FieldInfo:
    field: FieldInfo = Field(ge=allowed[0], le=allowed[-1], description=description)
    return field


SessionSeconds = Annotated[int, _within(SESSION_SECONDS, "A visit ends after so long without a sign.")]
RingSeconds = Annotated[int, _within(RING_SECONDS, "A call rings so long before it counts as missed.")]
LookBackDays = Annotated[int, _within(LOOK_BACK_DAYS, "Visits of so many days before a lead have a share in it.")]
QuarantineDays = Annotated[int, _within(QUARANTINE_DAYS, "A number that was taken off rings on for so many days.")]
JournalDays = Annotated[int, _within(JOURNAL_DAYS, "What people did stands so long in the journal.")]
VisitsKeptDays = Annotated[
    int | None,
    _within(PEOPLE_KEPT_DAYS, "So long it is known whose a visit was; null for good."),
]
ContactsKeptDays = Annotated[
    int | None,
    _within(PEOPLE_KEPT_DAYS, "So long it is known who called, wrote or sent a form; null for good."),
]
Currency = Annotated[
    str,
    StringConstraints(pattern="^[A-Z]{3}$"),
    Field(description="What amounts of money are in (ISO 4217). A change converts none: 100 USD become 100 EUR."),
]


def _colour(text: str) -> str:
    if not text.strip():
        raise ValueError("Write the colour like #0b5f54, or null for none.")
    return read_colour(text) or ""


Colour = Annotated[
    str,
    StringConstraints(max_length=20),
    Field(
        description="Its own, above pages and in reports; null for ours.",
        examples=["#0b5f54"],
        json_schema_extra={"pattern": "^#[0-9A-Fa-f]{6}$"},
    ),
    AfterValidator(_colour),
]
Language = Annotated[
    str,
    StringConstraints(pattern=f"^({'|'.join(LANGUAGES)})$"),
    Field(description="What its letters and reports are written in; null for English."),
]


class NewCompany(Message):
    """A company to make in the account."""

    name: Name
    time_zone: TimeZone = "UTC"
    country: Country = "US"
    default_destination: PhoneText | None = Field(None, description="Where calls go when nothing else says so.")
    session_seconds: SessionSeconds = 1_800
    ring_timeout_seconds: RingSeconds = 30
    look_back_days: LookBackDays = 90
    quarantine_days: QuarantineDays = 30
    currency: Currency = "USD"
    colour: Colour | None = None
    language: Language | None = None
    journal_days: JournalDays = KEPT_DAYS
    visits_kept_days: VisitsKeptDays = None
    contacts_kept_days: ContactsKeptDays = None


class CompanyChange(Change):
    """What to change; a field that is left out stays."""

    name: Name = ""
    time_zone: TimeZone = ""
    country: Country = ""
    default_destination: PhoneText | None = None
    session_seconds: SessionSeconds = 0
    ring_timeout_seconds: RingSeconds = 0
    look_back_days: LookBackDays = 0
    quarantine_days: QuarantineDays = 0
    currency: Currency = ""
    colour: Colour | None = None
    language: Language | None = None
    journal_days: JournalDays = 0
    visits_kept_days: VisitsKeptDays = None
    contacts_kept_days: ContactsKeptDays = None


class CompanyDocument(BaseModel):
    """A company."""

    id: str
    account_id: str
    name: str
    time_zone: str
    country: str
    default_destination: E164Text | None
    session_seconds: int
    ring_timeout_seconds: int
    look_back_days: int
    quarantine_days: int
    currency: str
    colour: str | None
    language: str | None
    journal_days: int
    visits_kept_days: int | None
    contacts_kept_days: int | None
    created_at: Moment


@router.get("", summary="List companies")
async def list_(query: Annotated[ListQuery, Query()], desk: AtDesk) -> PageDocument[CompanyDocument]:
    """The key's company; with an owner's key, those of the account, oldest first."""
    page = await desk.read(lambda connection: _visible(connection, desk, query))
    return PageDocument(data=[_document(company) for company in page.rows], next_cursor=page.next_cursor)


@router.post("", status_code=201, response_model=CompanyDocument, summary="Make a company in the account")
async def create(new: NewCompany, desk: ToCreate) -> Response:
    """Only an owner's key may; it can act in the new company with the header `Swapboard-Company`."""
    destination = _destination(new.default_destination, new.country)
    company = Company(
        company_id=desk.new_id(),
        account_id=desk.company.account_id,
        name=new.name,
        time_zone=new.time_zone,
        country=new.country,
        default_destination=destination,
        session_seconds=new.session_seconds,
        ring_timeout_seconds=new.ring_timeout_seconds,
        look_back_days=new.look_back_days,
        quarantine_days=new.quarantine_days,
        currency=new.currency,
        colour=new.colour,
        language=new.language,
        journal_days=new.journal_days,
        visits_kept_days=new.visits_kept_days,
        contacts_kept_days=new.contacts_kept_days,
        created_at=desk.now,
    )

    def write(connection: Connection) -> CompanyDocument:
        add_company(connection, company)
        return _document(company)

    return await desk.create(write)


@router.get("/{company_id}", summary="One company")
async def get(company_id: str, desk: AtDesk) -> CompanyDocument:
    """The company with this id."""
    return _document(await desk.read(lambda connection: reachable(connection, desk, company_id)))


@router.patch("/{company_id}", summary="Change a company")
async def change(company_id: str, message: CompanyChange, desk: AtDesk) -> CompanyDocument:
    """Change what is given; the rest stays."""
    await desk.read(lambda connection: reachable(connection, desk, company_id))
    return await desk.change(lambda connection: _change(connection, desk, company_id, message), company_id)


def _change(connection: Connection, desk: Desk, company_id: str, message: CompanyChange) -> CompanyDocument:
    company = reachable(connection, desk, company_id)
    given = message.model_dump(include=message.model_fields_set)
    if "default_destination" in given:
        country = given.get("country", company.country)
        given["default_destination"] = _destination(message.default_destination, country)
    changed = replace(company, **given)
    wanted = changed.default_destination
    if wanted and owned_among(connection, company_id, [wanted]):
        raise invalid(
            "default_destination",
            "This is one of your tracking numbers; write the number of a phone that people answer.",
        )
    change_company(connection, changed)
    follow_clocks(connection, company_id, company.time_zone, changed.time_zone)
    return _document(changed)


def _visible(connection: Connection, desk: Desk, query: ListQuery) -> Page[Company]:
    if desk.caller.sees_account:
        return companies_of_account(connection, desk.company.account_id, query.limit, query.cursor)
    return Page((desk.company,), None)


def reachable(connection: Connection, desk: Desk, company_id: str) -> Company:
    """The company, if the caller may see it. Raises Problem (404)."""
    if company_id != desk.company_id and not desk.caller.sees_account:
        raise not_found("company")
    return company_of_account(connection, desk.company.account_id, company_id)


def _destination(text: str | None, country: str) -> str | None:
    return phone(text, country, "default_destination") if text is not None else None


def _document(company: Company) -> CompanyDocument:
    return CompanyDocument(
        id=company.company_id,
        account_id=company.account_id,
        name=company.name,
        time_zone=company.time_zone,
        country=company.country,
        default_destination=company.default_destination,
        session_seconds=company.session_seconds,
        ring_timeout_seconds=company.ring_timeout_seconds,
        look_back_days=company.look_back_days,
        quarantine_days=company.quarantine_days,
        currency=company.currency,
        colour=company.colour,
        language=company.language,
        journal_days=company.journal_days,
        visits_kept_days=company.visits_kept_days,
        contacts_kept_days=company.contacts_kept_days,
        created_at=iso(company.created_at),
    )
