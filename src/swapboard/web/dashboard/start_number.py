"""Step 1 of the assistant: the number on the site, where its calls ring, and the site's address."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from swapboard.accounts.company import Consent, Site
from swapboard.accounts.store import add_site, change_company, change_site, company_by_id, sites_of
from swapboard.numbers.e164 import NotANumber, parse_number
from swapboard.numbers.inventory import add_pool, add_target, change_target
from swapboard.numbers.listing import list_pools, owned_among
from swapboard.numbers.rule_listing import rules_in_order
from swapboard.numbers.rule_store import add_rule
from swapboard.numbers.rules import Outcome, Overflow, Pool, Rule, SwapTarget
from swapboard.numbers.target_listing import TargetRecord, list_targets, target_by_number
from swapboard.storage.ids import new_id
from swapboard.visits.hosts import host_of
from swapboard.web.api.sites import SITE_KEY_BYTES
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import Form, read_form
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.start_page import start_page
from swapboard.web.dashboard.start_steps import Step
from swapboard.web.dashboard.translation import _

BEAT_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Answers:
    """What was typed, with what it means: numbers in E.164, the bare host."""

    typed: Mapping[str, str]
    number: str = ""
    destination: str = ""
    host: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)


async def show_number(request: Request, desk: Desk) -> Response:
    """The form, filled with what is known."""

    def read(connection: Connection) -> dict[str, str]:
        target, site = _first(connection, desk)
        host = next(iter(site.hosts), "") if site else ""
        same = target is None or target.number == target.destination
        return {
            "number": target.number if target else "",
            "destination": "" if same or target is None else target.destination,
            "site": host,
        }

    typed = await exchange_of(request).read(read)
    return await start_page(request, desk, Step.NUMBER, answers=Answers(typed))


async def save_number(request: Request, desk: Desk) -> Response:
    """Keep it: a target, a pool for the site's visitors, the rule that gives everybody a number of it, a site."""
    answers = _answers(await read_form(request), desk.company.country)
    if not answers.faults:
        answers = await _kept(request, desk, answers)
    if answers.faults:
        return await start_page(request, desk, Step.NUMBER, 422, answers=answers)
    return RedirectResponse(Step.CARRIER.path, 303)


async def _kept(request: Request, desk: Desk, answers: Answers) -> Answers:
    try:
        await exchange_of(request).configure(desk.company_id, lambda connection: _write(connection, desk, answers))
    except Refused as refused:
        return replace(answers, faults={"number": refused.reason})
    return answers


def _answers(form: Form, country: str) -> Answers:
    typed = {name: form.one(name) for name in ("number", "destination", "site")}
    faults: dict[str, str] = {}

    def number(name: str) -> str:
        try:
            return parse_number(typed[name], country)
        except NotANumber:
            faults[name] = _(
                "This is no telephone number. Write it with its country code, such as +1 202 555 0100."
            )
            return ""

    ours = number("number")
    rings_at = number("destination") if typed["destination"] else ours
    text = typed["site"]
    host = host_of(text if "//" in text else f"//{text}") if text else ""
    if not host:
        faults["site"] = _("Write your website's address, such as www.example.com.")
    return Answers(typed, ours, rings_at, host, faults)


def _write(connection: Connection, desk: Desk, answers: Answers) -> None:
    target, site = _first(connection, desk)
    target_id = target.target_id if target else new_id(desk.now)
    known = target_by_number(connection, desk.company_id, answers.number)
    if known and known.target_id != target_id:
        raise Refused(409, _("Another line of yours has this number already."))
    if owned_among(connection, desk.company_id, [answers.number, answers.destination]):
        raise Refused(409, _("This is one of your tracking numbers: its calls would go in circles."))
    wanted = SwapTarget(target_id, answers.number, answers.destination, target.shares_with if target else None)
    if target:
        change_target(connection, desk.company_id, wanted, target.name)
    else:
        add_target(connection, desk.company_id, wanted, _("Main line"), desk.now)
    _give_everybody_a_number(connection, desk, target_id)
    company = company_by_id(connection, desk.company_id) or desk.company
    if company.default_destination is None or (target and company.default_destination == target.destination):
        change_company(connection, replace(company, default_destination=answers.destination))
    _keep_site(connection, desk, site, answers.host)


def _give_everybody_a_number(connection: Connection, desk: Desk, target_id: str) -> None:
    if not list_pools(connection, desk.company_id, 1).rows:
        pool = Pool(new_id(desk.now), target_id, Overflow.ORIGINAL)
        add_pool(connection, desk.company_id, pool, _("Website visitors"), desk.now)
        if not rules_in_order(connection, desk.company_id):
            rule = Rule(new_id(desk.now), _("Everybody"), Outcome.POOL, {}, pool_id=pool.pool_id)
            add_rule(connection, desk.company_id, rule, 1, desk.now)


def _keep_site(connection: Connection, desk: Desk, site: Site | None, host: str) -> None:
    if site is None:
        key = secrets.token_hex(SITE_KEY_BYTES)
        new = Site(
            new_id(desk.now), desk.company_id, key, host, (host,), Consent.ALWAYS, BEAT_SECONDS, None, desk.now
        )
        add_site(connection, new)
    elif host not in site.hosts:
        # The first host is the one that was typed here; others were added on the site's own page.
        name = host if site.name in site.hosts[:1] else site.name
        change_site(connection, replace(site, name=name, hosts=(host, *site.hosts[1:])))


def _first(connection: Connection, desk: Desk) -> tuple[TargetRecord | None, Site | None]:
    targets = list_targets(connection, desk.company_id, 1).rows
    return next(iter(targets), None), next(iter(sites_of(connection, desk.company_id)), None)
