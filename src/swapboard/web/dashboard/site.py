"""What a site's owner decides of it: hosts, consent, and how the script treats its pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from pydantic import ValidationError
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from swapboard.accounts.company import Consent, Site
from swapboard.accounts.page import Declined
from swapboard.accounts.store import change_site, site_by_id
from swapboard.amount import whole_of
from swapboard.web.api.sites import SiteChange, changed_by
from swapboard.web.dashboard.forms import Form, read_form, require_change
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.stamp import FIELD, is_overtaken, overtaken_words, stamp_of
from swapboard.web.dashboard.translation import Words, _
from swapboard.web.sentences import said_of

LABELS: Mapping[str, str] = Words(
    {
        "name": _("Name"),
        "hosts": _("Hosts"),
        "consent": _("Consent"),
        "beat_seconds": _("Sign of life"),
        "declined": _("Visitors who decline"),
        "form_fields": _("Fields that may be kept"),
        "attributes": _("More attributes"),
        "skip": _("Never touched"),
        "vanity": _("Numbers in letters"),
        "linked_hosts": _("Your other hosts"),
    }
)
DECLINED: Mapping[Declined, str] = Words(
    {
        Declined.ORIGINAL: _("your own number"),
        Declined.CHANNEL_STATIC: _("their channel's number, so that their call still counts for it"),
    }
)


@dataclass(frozen=True, slots=True)
class SiteView:
    """Everything the page shows: the site as it is, or as it was just sent."""

    site: Site
    typed: Mapping[str, str]
    """By field, what stands in each text."""
    ticked: Mapping[str, bool]
    stamp: str
    faults: Sequence[str] = ()
    is_saved: bool = False


async def site_page(request: Request, desk: Desk) -> Response:
    """The site's settings."""
    site = await exchange_of(request).read(partial(_found, desk=desk, site_id=request.path_params["site_id"]))
    return _page(desk, replace(_as_kept(site), is_saved=request.query_params.get("saved") == "1"))


async def save_site(request: Request, desk: Desk) -> Response:
    """Keep them, or show what is wrong beside what was typed."""
    require_change(desk)
    site_id, form = request.path_params["site_id"], await read_form(request)
    try:
        message = SiteChange.model_validate(_told(form))
    except ValidationError as error:
        site = await exchange_of(request).read(partial(_found, desk=desk, site_id=site_id))
        return _page(desk, replace(_as_typed(site, form), faults=_faults(error)), 422)

    def write(connection: Connection) -> Site | None:
        known = _found(connection, desk, site_id)
        if is_overtaken(form, _stamp(known)):
            return known
        change_site(connection, changed_by(message, known))
        return None

    if others := await exchange_of(request).configure(desk.company_id, write):
        view = replace(_as_typed(others, form), stamp=_stamp(others), faults=[overtaken_words()])
        return _page(desk, view, 409)
    return RedirectResponse(f"/setup/sites/{site_id}?saved=1", 303)


def _page(desk: Desk, view: SiteView, status: int = 200) -> Response:
    return page("site.html", status, desk=desk, view=view, consents=Consent, declined=DECLINED)


def _found(connection: Connection, desk: Desk, site_id: str) -> Site:
    site = site_by_id(connection, desk.company_id, site_id)
    if site is None:
        raise HTTPException(404)
    return site


def _told(form: Form) -> dict[str, object]:
    """The form as the API would be told it."""
    return {
        "name": form.one("name"),
        "hosts": _lines(form, "hosts"),
        "consent": form.one("consent"),
        "beat_seconds": _whole(form.one("beat_seconds")),
        "page": {
            "declined": form.one("declined"),
            **{name: form.one(name) == "on" for name in _TICKS},
            **{name: _lines(form, name) for name in ("form_fields", "attributes", "skip", "linked_hosts")},
            "vanity": [_vanity(line) for line in _lines(form, "vanity")],
        },
    }


def _whole(text: str) -> int | str:
    """As a number, where it is one; else the API's check says what to write."""
    number = whole_of(text, 999_999_999)
    return text if number is None else number


def _vanity(line: str) -> dict[str, str]:
    """`1-800-FLOWERS = +18005550100`, and behind a bar what is written instead: `| Call {number}`."""
    text, _equals, rest = line.partition("=")
    target, bar, template = rest.partition("|")
    return {"text": text.strip(), "target": target.strip(), **({"template": template.strip()} if bar else {})}


def _lines(form: Form, name: str) -> list[str]:
    return [line.strip() for line in form.one(name).splitlines() if line.strip()]


def _as_kept(site: Site) -> SiteView:
    options = site.page
    typed = {
        "name": site.name,
        "hosts": "\n".join(site.hosts),
        "consent": site.consent.value,
        "beat_seconds": str(site.beat_seconds),
        "declined": options.declined.value,
        "form_fields": "\n".join(options.form_fields),
        "attributes": "\n".join(options.attributes),
        "skip": "\n".join(options.skip),
        "linked_hosts": "\n".join(options.linked_hosts),
        "vanity": "\n".join(
            f"{each.text} = {each.target}" + (f" | {each.template}" if each.template != "{number}" else "")
            for each in options.vanity
        ),
    }
    return SiteView(site, typed, {name: bool(getattr(options, name)) for name in _TICKS}, _stamp(site))


def _as_typed(site: Site, form: Form) -> SiteView:
    typed = {name: form.one(name) for name in LABELS}
    return SiteView(site, typed, {name: form.one(name) == "on" for name in _TICKS}, form.one(FIELD))


def _stamp(site: Site) -> str:
    """Of what the form changes: when a site was heard of first is none of it."""
    return stamp_of(site.name, site.hosts, site.consent, site.beat_seconds, site.page)


def _faults(error: ValidationError) -> list[str]:
    """What is wrong, with the label and the line that it is in."""
    return [_fault(each["loc"], said_of(each)) for each in error.errors(include_url=False, include_input=False)]


def _fault(where: tuple[int | str, ...], words: str) -> str:
    named = [part for part in where if part != "page"]
    label = LABELS.get(str(named[0]), str(named[0])) if named else ""
    line = next((part + 1 for part in named if isinstance(part, int)), None)
    return f"{label}, {_('line')} {line}: {words}" if line else f"{label}: {words}"


_TICKS = ("forms", "whatsapp", "microdata", "calltrk")
