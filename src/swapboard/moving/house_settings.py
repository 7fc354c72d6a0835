"""The settings of a company and of its sites in a set-up: told, and changed as it says."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from swapboard.accounts.company import Company, Site
from swapboard.moving.difference import numbered, over
from swapboard.moving.settings_check import faults_of_company, faults_of_site
from swapboard.moving.toml_text import BadSetup

_COMPANY = TypeAdapter(Company)
_SITE = TypeAdapter(Site)
_OF_COMPANY_ITSELF = {"company_id", "account_id", "name", "created_at"}
_OF_SITE_ITSELF = {"site_id", "company_id", "site_key", "first_seen_at", "created_at"}


def settings_of_company(company: Company) -> dict[str, Any]:
    """What the set-up says of the company itself."""
    return _settings(_COMPANY, company, _OF_COMPANY_ITSELF)


def settings_of_sites(sites: Sequence[Site]) -> list[dict[str, Any]]:
    """What it says of each site; what bears one name twice is numbered."""
    names = numbered([site.name for site in sites])
    return [
        {**_settings(_SITE, site, _OF_SITE_ITSELF), "name": name} for site, name in zip(sites, names, strict=True)
    ]


def changed_company(company: Company, settings: Mapping[str, Any]) -> Company:
    """The company with these settings in place of its own. Raises BadSetup."""
    changed: Company = _changed(_COMPANY, company, settings, _OF_COMPANY_ITSELF, "company")
    _refuse(faults_of_company(changed))
    return changed


def changed_site(site: Site, settings: Mapping[str, Any]) -> Site:
    """The site with these settings in place of its own. Raises BadSetup."""
    changed: Site = _changed(_SITE, site, settings, _OF_SITE_ITSELF, "site")
    _refuse(faults_of_site(changed))
    return changed


def _settings(adapter: TypeAdapter[Any], thing: Company | Site, own: set[str]) -> dict[str, Any]:
    told: dict[str, Any] = adapter.dump_python(thing, mode="json", exclude_none=True)
    return {name: value for name, value in told.items() if name not in own}


def _changed(adapter: TypeAdapter[Any], thing: Any, settings: Mapping[str, Any], own: set[str], what: str) -> Any:
    """The thing with other settings. Raises BadSetup for one that it does not have, or a value that it cannot."""
    names = {field.name for field in fields(thing)} - own
    if unknown := sorted(set(settings) - names):
        raise BadSetup(f"{what}: there is no setting {unknown[0]!r}; there are {', '.join(sorted(names))}.")
    try:
        checked = adapter.validate_python(over(adapter.dump_python(thing), settings))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise BadSetup(f"{what}.{'.'.join(map(str, first['loc']))}: {first['msg']}.") from error
    return replace(thing, **{name: getattr(checked, name) for name in settings})


def _refuse(wrong: Iterable[str]) -> None:
    """Raises BadSetup if there is anything wrong."""
    if told := list(wrong):
        raise BadSetup("\n".join(told))
