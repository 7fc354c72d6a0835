"""A person's companies: which one is looked at, a new one, and how one is called and looks."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from zoneinfo import available_timezones

import phonenumbers
from sqlalchemy import Connection
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from swapboard.accounts.audit import JOURNAL_DAYS, Act, note
from swapboard.accounts.brand import MOST_LOGO_BYTES, Logo, NoLogo, keep_logo, logo_of, read_colour, read_logo
from swapboard.accounts.company import PEOPLE_KEPT_DAYS, Company, Role, User
from swapboard.accounts.people import add_user
from swapboard.accounts.store import add_company, change_company, company_by_id
from swapboard.language import LANGUAGES
from swapboard.reports.schedule_store import follow_clocks
from swapboard.storage.ids import new_id
from swapboard.web.dashboard.forms import Form, check_length, read_form
from swapboard.web.dashboard.guard import Desk, exchange_of, look_at_company, signed_in
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.stamp import FIELD, is_overtaken, overtaken_words, stamp_of
from swapboard.web.dashboard.translation import _

MOST_BYTES = MOST_LOGO_BYTES + 16 * 1024
ZONES = tuple(sorted(available_timezones()))
_DAYS = {
    "visits_kept_days": PEOPLE_KEPT_DAYS,
    "contacts_kept_days": PEOPLE_KEPT_DAYS,
    "journal_days": JOURNAL_DAYS,
}


@dataclass(frozen=True, slots=True)
class CompanyView:
    """The form of a company."""

    typed: Mapping[str, str]
    stamp: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)
    """What is wrong, by the field."""
    problem: str = ""
    """What is wrong with none of them."""
    is_new: bool = False
    is_saved: bool = False


def company_routes() -> list[Route]:
    """Every address of companies, and what their pages and reports show of them."""
    return [
        Route("/companies", signed_in(companies_page)),
        Route("/companies/open", signed_in(open_company), methods=["POST"]),
        Route("/companies/new", signed_in(new_company_page), methods=["GET"]),
        Route("/companies/new", signed_in(make_company), methods=["POST"]),
        Route("/company", signed_in(company_page), methods=["GET"]),
        Route("/company", signed_in(save_company), methods=["POST"]),
        Route("/logos/{company_id}/{digest}", logo),
        Route("/brand/{colour}.css", colours),
    ]


async def companies_page(_request: Request, desk: Desk) -> Response:
    """Everywhere that the person belongs."""
    return page("companies.html", desk=desk)


async def open_company(request: Request, desk: Desk) -> Response:
    """Look at another company from now on; one that is not theirs is not found."""
    wanted = (await read_form(request)).one("company")
    if wanted not in {place.company_id for place in desk.places}:
        raise HTTPException(404)
    look_at_company(request, wanted)
    return RedirectResponse("/", 303)


async def new_company_page(_request: Request, desk: Desk) -> Response:
    """The form, with what this company has already."""
    typed = {"name": "", "time_zone": desk.company.time_zone, "country": desk.company.country}
    return page("company_new.html", desk=desk, view=CompanyView(typed, is_new=True), zones=ZONES)


async def make_company(request: Request, desk: Desk) -> Response:
    """Make a company in the account, whose owner is whoever made it, and look at it."""
    form = await read_form(request)
    typed = {name: form.one(name) for name in ("name", "time_zone", "country")}
    view = CompanyView(typed, faults=company_faults(typed), is_new=True)
    if view.faults:
        return page("company_new.html", 422, desk=desk, view=view, zones=ZONES)
    company = replace(
        desk.company,
        company_id=new_id(desk.now),
        name=typed["name"],
        time_zone=typed["time_zone"],
        country=typed["country"].upper(),
        default_destination=None,
        colour=None,
        language=desk.person.language,
        created_at=desk.now,
    )
    owner = User(new_id(desk.now), company.company_id, desk.user.email, desk.user.name, Role.OWNER, desk.now)

    def write(connection: Connection) -> None:
        add_company(connection, company)
        add_user(connection, owner, None)
        said = f"{owner.email}, {owner.role.value}"
        note(connection, company.company_id, owner.email, Act.JOINED, said, desk.now)

    await exchange_of(request).configure(company.company_id, write)
    look_at_company(request, company.company_id)
    return RedirectResponse("/setup/start", 303)


async def company_page(request: Request, desk: Desk) -> Response:
    """What the company is called, and how it looks."""
    is_saved = request.query_params.get("saved") == "yes"
    return _show(desk, CompanyView(_kept(desk.company), _stamp(desk.company), is_saved=is_saved))


async def save_company(request: Request, desk: Desk) -> Response:
    """Change it as the form says; a logo comes in the same form."""
    too_long = _("The logo is larger than 200 KB. Save it smaller: 400 dots across are plenty.")
    check_length(request, MOST_BYTES, too_long)
    async with request.form(max_files=1, max_fields=20) as form:
        typed, stamp = {name: _text(form, name) for name in _kept(desk.company)}, _text(form, FIELD)
        faults = company_faults(typed)
        try:
            logo, is_new_logo = await _logo(form)
        except NoLogo as error:
            logo, is_new_logo, faults = None, False, {**faults, "logo": _(str(error))}
    if faults:
        return _show(desk, CompanyView(typed, stamp, faults))

    def write(connection: Connection) -> str:
        # As it is now: what other pages set meanwhile stays.
        company = company_by_id(connection, desk.company_id) or desk.company
        if is_overtaken(Form({FIELD: [stamp]}), _stamp(company)):
            return _stamp(company)
        changed = _as_typed(company, typed)
        change_company(connection, changed)
        follow_clocks(connection, company.company_id, company.time_zone, changed.time_zone)
        if is_new_logo:
            keep_logo(connection, desk.company_id, logo)
        return ""

    if overtaken_by := await exchange_of(request).configure(desk.company_id, write):
        return _show(desk, CompanyView(typed, overtaken_by, problem=overtaken_words()))
    return RedirectResponse("/company?saved=yes", 303)


async def logo(request: Request) -> Response:
    """A company's logo, for whoever knows its address: it stands on reports that are shared."""
    company_id, digest = request.path_params["company_id"], request.path_params["digest"]
    found = await exchange_of(request).read(lambda connection: logo_of(connection, company_id))
    if found is None or found.digest != digest:
        raise HTTPException(404)
    return Response(found.content, media_type=found.media_type)


async def colours(request: Request) -> Response:
    """A company's colour as a style sheet, because pages may not hold styles of their own (CSP)."""
    try:
        colour = read_colour(f"#{request.path_params['colour']}")
    except ValueError:
        raise HTTPException(404) from None
    style = f":root {{ --brand: {colour}; }}\n"
    return PlainTextResponse(style, media_type="text/css")


def _show(desk: Desk, view: CompanyView) -> Response:
    status = 422 if view.faults else 409 if view.problem else 200
    return page("company.html", status, desk=desk, view=view, zones=ZONES, days=_DAYS)


def _kept(company: Company) -> dict[str, str]:
    return {
        "name": company.name,
        "time_zone": company.time_zone,
        "country": company.country,
        "colour": company.colour or "",
        "language": company.language or "",
        "visits_kept_days": str(company.visits_kept_days or ""),
        "contacts_kept_days": str(company.contacts_kept_days or ""),
        "journal_days": str(company.journal_days),
    }


def _stamp(company: Company) -> str:
    """Of what the form changes, but for the logo, which is replaced by a file only."""
    return stamp_of(_kept(company))


def _as_typed(company: Company, typed: Mapping[str, str]) -> Company:
    return replace(
        company,
        name=typed["name"],
        time_zone=typed["time_zone"],
        country=typed["country"].upper(),
        colour=read_colour(typed["colour"]),
        language=typed["language"] or None,
        visits_kept_days=int(typed["visits_kept_days"] or 0) or None,
        contacts_kept_days=int(typed["contacts_kept_days"] or 0) or None,
        journal_days=int(typed["journal_days"] or company.journal_days),
    )


def company_faults(typed: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with a company's name, clock, country or colour, by the field."""
    faults = {}
    if not 0 < len(typed["name"]) <= 200 or "\0" in typed["name"]:
        faults["name"] = _("Write the company's name, in at most 200 letters.")
    if typed["time_zone"] not in ZONES:
        faults["time_zone"] = _("Choose a time zone of the list, such as America/New_York.")
    if typed["country"].upper() not in phonenumbers.SUPPORTED_REGIONS:
        faults["country"] = _("Write the country's two letters, such as US or GB.")
    if typed.get("language") and typed["language"] not in LANGUAGES:
        faults["language"] = _("Choose one of the languages of the list.")
    for name, allowed in _DAYS.items():
        if typed.get(name) and typed[name] not in map(str, allowed):
            fewest_and_most = {"fewest": allowed[0], "most": allowed[-1]}
            faults[name] = _("Write a number of days from %(fewest)s to %(most)s.") % fewest_and_most
    try:
        read_colour(typed.get("colour", ""))
    except ValueError as error:
        faults["colour"] = _(str(error))
    return faults


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


async def _logo(form: FormData) -> tuple[Logo | None, bool]:
    """The logo that was sent, and whether anything is to change. Raises NoLogo."""
    file = form.get("logo")
    if isinstance(file, UploadFile) and file.filename:
        return read_logo(await file.read()), True
    return None, _text(form, "remove_logo") == "yes"
