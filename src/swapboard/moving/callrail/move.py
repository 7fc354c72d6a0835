"""One of an account's companies at CallRail, made ready to be written here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from swapboard.moving.callrail.pages import Export
from swapboard.moving.callrail.shapes import Company, Tracker
from swapboard.moving.callrail.trackers import move_trackers
from swapboard.moving.exported import BadExport
from swapboard.moving.setup import RuleSetup, Setup
from swapboard.numbers.inventory import NumberStatus

Shape = TypeVar("Shape", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which company of the account, and whether its numbers are shown at once."""

    company: str | None
    status: NumberStatus


@dataclass(frozen=True, slots=True)
class MovedCompany:
    """Its set-up (None when the export has calls only), its calls as told, and what stays behind."""

    setup: Setup | None
    calls: Sequence[Mapping[str, Any]]
    notes: Sequence[str]


def move_company(export: Export, choice: Choice, country: str, here: Setup) -> MovedCompany:
    """The chosen company. What `here` has already stays; its rules are asked first. Raises BadExport."""
    companies = _shapes(Company, export.companies, "company")
    trackers = _shapes(Tracker, export.trackers, "tracker")
    owner = _owner(companies, trackers, export.calls, choice.company)
    own = [tracker for tracker in trackers if owner is None or tracker.owner in {None, owner}]
    calls = [call for call in export.calls if owner is None or _owner_of(call) in {None, owner}]
    moved = move_trackers(own, country, choice.status)
    notes = [*export.notes, *moved.notes]
    if others := len(export.calls) - len(calls):
        notes.append(f"{others} calls are of other companies, and stay behind.")
    if moved.setup.numbers and choice.status is NumberStatus.PAUSED:
        notes.append(
            "The numbers are paused here, for they still ring at CallRail. Port them to your own carrier, or buy "
            "others, then set them active."
        )
    return MovedCompany(_beside(here, moved.setup, own, companies, owner), calls, notes)


def _beside(
    here: Setup, moved: Setup, trackers: Sequence[Tracker], companies: Sequence[Company], owner: str | None
) -> Setup | None:
    zone = next((company.time_zone for company in companies if company.id == owner or len(companies) == 1), None)
    if not trackers and zone is None:
        return None
    known = {rule.name for rule in here.rules}
    rules: list[RuleSetup] = [*here.rules, *(rule for rule in moved.rules if rule.name not in known)]
    return moved.model_copy(update={"rules": rules, "company": {"time_zone": zone} if zone else {}})


def _owner(
    companies: Sequence[Company],
    trackers: Sequence[Tracker],
    calls: Sequence[Mapping[str, Any]],
    wanted: str | None,
) -> str | None:
    """The company's id: numeric in older exports, with a prefix in newer ones. Raises BadExport."""
    if wanted is not None:
        named = [company.id for company in companies if wanted in {company.id, company.name}]
        named += [
            each.company.id for each in trackers if each.company and wanted in each.company.model_dump().values()
        ]
        named += [wanted] if any(_owner_of(call) == wanted for call in calls) else []
        if named:
            return named[0]
        raise BadExport(f"There is no company {wanted!r} in this export.")
    owners = {tracker.owner for tracker in trackers if tracker.owner}
    owners |= {owner for call in calls if (owner := _owner_of(call))}
    owners |= {company.id for company in companies}
    if len(owners) > 1:
        names = ", ".join(f"{company.name} ({company.id})" for company in companies) or ", ".join(sorted(owners))
        raise BadExport(f"This export has several companies: {names}. Say which with --from-company.")
    return next(iter(owners), None)


def _owner_of(call: Mapping[str, Any]) -> str | None:
    return str(call["company_id"]) if call.get("company_id") else None


def _shapes(shape: type[Shape], rows: Sequence[Mapping[str, Any]], what: str) -> list[Shape]:
    try:
        return [shape.model_validate(row) for row in rows]
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise BadExport(f"A {what} is not as CallRail's API tells it: {where}: {first['msg']}.") from error
