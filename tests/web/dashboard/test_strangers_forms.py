"""Every form that a company's pages offer, sent by a stranger; and a stranger's own, with that company's ids."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode
from sqlalchemy import Connection, select
from starlette.routing import Route

from swapboard.storage.engine import reading
from swapboard.storage.schema import metadata
from swapboard.switchboard.exchange import Exchange
from swapboard.web.dashboard import dashboard
from tests.building import ON_SQLITE
from tests.web.api.house import House
from tests.web.dashboard.shop import Browser
from tests.web.dashboard.test_rights import MAY, all_ids, as_, ask, house

__all__ = ["house"]
pytestmark = [pytest.mark.anyio, ON_SQLITE]

_ID = re.compile(r"\b[0-9a-f]{32}\b")
_ENDLESS = {"GET /live/events"}
BY_CHOICE = ("GET /destinations/new?kind=webhook", "GET /setup/carriers/new?kind=sandbox")
"""Pages that show a form only once something is chosen."""
_BY_SCRIPT = "The browser's own script sends it."
_NOTHING_TO = "There is nothing of the kind here to do it with."
NOT_OFFERED: Mapping[str, str] = {
    "POST /access": "The form of a new access is of a provider that is chosen first.",
    "POST /calls/{call_id}/recording": "Only while a call is on.",
    "POST /calls/{call_id}/recordings/{recording_id}/again": "Only of a recording that could not be fetched.",
    "POST /calls/{call_id}/recordings/{recording_id}/words": "Only where words can be written down.",
    "POST /companies/open": "Only for whoever belongs to several.",
    "POST /costs/accounts/remove": _NOTHING_TO,
    "POST /costs/feeds": _NOTHING_TO,
    "POST /costs/names": _NOTHING_TO,
    "POST /destinations/deliveries/{delivery_id}/again": "Only of what failed.",
    "POST /destinations/{destination_id}/password": "Only of a destination whose file is fetched.",
    "POST /leads/rules/order": "Only with two rules.",
    "POST /me/log-ins/end": _NOTHING_TO,
    "POST /me/log-ins/end-others": _NOTHING_TO,
    "POST /me/passkeys": _BY_SCRIPT,
    "POST /me/passkeys/new": "Only where browsers make passkeys.",
    "POST /me/passkeys/remove": _NOTHING_TO,
    "POST /me/second-step/off": _NOTHING_TO,
    "POST /numbers/buy": "Only of a number that was found for sale.",
    "POST /numbers/inventory/point": "Only of a number whose calls go elsewhere.",
    "POST /numbers/inventory/return": "Only of a number that was released.",
    "POST /numbers/placements/{number_id}": "Only of a static number.",
    "POST /reports/saved/{view_id}/schedules": "Only with a mail server.",
    "POST /reports/saved/{view_id}/schedules/remove": "Only with a mail server.",
    "POST /reports/saved/{view_id}/send": "Only with a mail server.",
    "POST /setup/start/carrier": "Only without a carrier.",
    "POST /trust/recredit": "Only of calls of before.",
}
"""Forms that no page offers here, and why; those with an id in their address are tried in `test_rights`."""
BY_HAND: Mapping[str, Mapping[str, str]] = {
    "POST /reports/saved/{view_id}/schedules/remove": {"schedule_id": "{schedule_id}"},
    "POST /numbers/inventory/point": {"number_id": "{number_id}"},
    "POST /numbers/inventory/return": {"number_id": "{number_id}", "action": "back"},
    "POST /numbers/buy": {"number": "+12025550177", "carrier": "{carrier_id}", "where": "pool:{pool_id}"},
    "POST /leads/rules/order": {"rule_id": "{lead_rule_id}", "do": "up"},
    "POST /companies/open": {"company": "{company_id}"},
}
"""Of those, the ones that say in a field what they are about: a stranger's address, with our ids in the fields."""
SOME_FIELDS = {
    "POST /numbers/inventory/act where",
    "POST /numbers/inventory/add carrier",
    "POST /numbers/rules/new gives",
    "POST /numbers/rules/order rule",
    "POST /people/withdraw invitation",
    "POST /reports/saved/{view_id}/links/revoke share_id",
    "POST /spam/remove word_id",
    "POST /words phrase_id",
}
SECRETS = ("grace@example.com", "Grace", "555-0111", "Emergency", "Visitors", "Booked", "Closed")


@dataclass(frozen=True)
class Offered:
    """A form as it stands on a page, with what is chosen in it."""

    door: str
    path: str
    fields: Mapping[str, Sequence[str]]


async def offered(browser: Browser, ids: Mapping[str, str], exchange: Exchange) -> Sequence[Offered]:
    """Each form of every page that there is, once for each of its buttons."""
    routes = [route for route in dashboard(exchange).routes if isinstance(route, Route)]
    posted = [route for route in routes if f"POST {route.path}" in MAY]
    found: dict[str, Offered] = {}
    asked = [door for door in MAY if door.startswith("GET ") and door not in _ENDLESS]
    for door in [*asked, *BY_CHOICE]:
        page = await ask(browser, door, ids)
        if page.status_code == 200 and "html" in page.headers["content-type"]:
            for path, fields in _forms(page):
                to = next((f"POST {each.path}" for each in posted if each.path_regex.match(path)), None)
                if to:
                    found.setdefault(f"{path} {fields}", Offered(to, path, fields))
    return list(found.values())


def _forms(page: httpx.Response) -> Iterator[tuple[str, Mapping[str, Sequence[str]]]]:
    for form in LexborHTMLParser(page.text).css("form[method=post]"):
        fields = _filled(form)
        for button in form.css("button:not([type=button])") or [None]:
            said = button.attributes if button else {}
            action = said.get("formaction") or form.attributes.get("action") or ""
            chosen = {said["name"]: [said.get("value") or ""]} if said.get("name") else {}
            yield urlsplit(urljoin(str(page.url), action)).path, {**fields, **chosen}


def _filled(form: LexborNode) -> Mapping[str, Sequence[str]]:
    fields: dict[str, list[str]] = {}
    for field in form.css("input[name], select[name], textarea[name]"):
        said, name = field.attributes, field.attributes["name"] or ""
        if field.tag == "select":
            options = field.css("option[selected]") or field.css("option")[:1]
            fields.setdefault(name, []).extend(each.attributes.get("value") or each.text() for each in options)
        elif field.tag == "textarea":
            fields.setdefault(name, []).append(field.text())
        elif said.get("type") not in {"checkbox", "radio"} or "checked" in said:
            fields.setdefault(name, []).append(said.get("value") or "x")
    return fields


def of_company(house: House, company_id: str) -> dict[str, list[tuple[object, ...]]]:
    """Its rows of all tables."""

    def rows(connection: Connection, name: str) -> list[tuple[object, ...]]:
        table = metadata.tables[name]
        return [tuple(row) for row in connection.execute(select(table).where(table.c.company_id == company_id))]

    with reading(house.exchange.engine) as connection:
        return {name: rows(connection, name) for name in metadata.tables}


def ids_by_table(house: House, company_id: str) -> dict[str, str]:
    """Each id that stands for a row of the company's, and of which table."""
    found: dict[str, str] = {}
    for name, rows in of_company(house, company_id).items():
        table = metadata.tables[name]
        keys = [column.name for column in table.primary_key if column.name != "company_id"]
        own = [place for place, column in enumerate(table.columns) if column.name in keys]
        if len(own) == 1:
            found |= {str(row[own[0]]): name for row in rows}
    return {known: name for known, name in found.items() if _ID.fullmatch(known)}


def links(pages: Sequence[httpx.Response]) -> set[str]:
    """Addresses with an id in them, of this server."""
    found = {
        urljoin(str(page.url), each.attributes["href"] or "")
        for page in pages
        for each in LexborHTMLParser(page.text).css("a[href], link[href], area[href]")
    }
    return {f"{at.path}?{at.query}" for at in map(urlsplit, found) if _ID.search(f"{at.path}?{at.query}")}


async def test_what_our_pages_offer_does_nothing_for_a_stranger(house: House, exchange: Exchange) -> None:
    ids = await all_ids(house)
    forms = await offered(await as_(house, "owner"), ids, exchange)
    us, them, stranger = house.ids["us"], house.ids["them"], await as_(house, "stranger")
    before, ours = of_company(house, us), set(ids_by_table(house, us))
    # What would log the stranger out, or have another answer everything from then on, comes last.
    for form in sorted(forms, key=lambda form: form.path.startswith(("/me/", "/companies/"))):
        answer = await stranger.send_fields(form.path, form.fields)
        if _ID.search(form.path):
            assert answer.status_code in {400, 404, 422}, (form, answer.text)
        assert answer.status_code < 500, (form, answer.text)
        assert not answer.headers.get("location", "").startswith("/login"), form
    assert of_company(house, us) == before
    assert not {each for rows in of_company(house, them).values() for row in rows for each in named_in(row)} & ours
    # Whatever is not offered as a form is said here, so that none is left out unseen.
    assert {door for door in MAY if door.startswith("POST ")} - {form.door for form in forms} == set(NOT_OFFERED)


async def test_what_our_pages_link_to_shows_a_stranger_nothing(house: House) -> None:
    ids = await all_ids(house)
    owner, stranger = await as_(house, "owner"), await as_(house, "stranger")
    doors = [door for door in MAY if door.startswith("GET ") and door not in _ENDLESS]
    pages = [await ask(owner, door, ids) for door in doors]
    followed = links([each for each in pages if "html" in each.headers.get("content-type", "")])
    assert len(followed) >= 25
    for link in sorted(followed):
        answer = await stranger.get(link)
        assert answer.status_code in {200, 303, 404, 422} or link.startswith("/logos/"), (link, answer.text)
        shown = answer.text.replace(link, "")
        assert not [each for each in SECRETS if each in shown], link


async def test_a_strangers_own_forms_take_no_ids_of_ours(house: House, exchange: Exchange) -> None:
    us, them = house.ids["us"], house.ids["them"]
    our_ids = await all_ids(house)
    theirs = replace(house, keys={"owner": house.keys["stranger"]})
    their_ids = await all_ids(theirs)
    stranger = await as_(house, "stranger")
    forms = await offered(stranger, their_ids, exchange)
    kinds, ours = ids_by_table(house, them), ids_by_table(house, us)
    one_of_ours = {table: each for each, table in ours.items()}
    before, tried = of_company(house, us), set()
    for form in sorted(forms, key=lambda form: form.path.startswith(("/me/", "/companies/"))):
        for name, values in form.fields.items():
            ids = {each for value in values for each in _ID.findall(value) if kinds.get(each) in one_of_ours}
            if not ids:
                continue
            swapped = [_ID.sub(lambda at: one_of_ours.get(kinds.get(at[0], ""), at[0]), value) for value in values]
            answer = await stranger.send_fields(form.path, {**form.fields, name: swapped})
            assert answer.status_code < 500, (form, name, answer.text)
            assert not answer.headers.get("location", "").startswith("/login"), form
            tried.add(f"{form.door} {name}")
            named = {each for rows in of_company(house, them).values() for row in rows for each in named_in(row)}
            assert not named & set(ours), (form, name, answer.status_code)
    for door, fields in BY_HAND.items():
        path = door.removeprefix("POST ").replace("{view_id}", their_ids["{view_id}"])
        sent = {name: _ours(value, our_ids) for name, value in fields.items()}
        assert (await stranger.send_form(path, sent)).status_code < 500, door
    named = {each for rows in of_company(house, them).values() for row in rows for each in named_in(row)}
    assert not named & set(ours)
    assert of_company(house, us) == before
    assert SOME_FIELDS - tried == set(), tried


def _ours(value: str, ids: Mapping[str, str]) -> str:
    for name, known in ids.items():
        value = value.replace(name, known)
    return value


def named_in(row: Sequence[object]) -> set[str]:
    return set(_ID.findall(repr(row)))
