"""People are found by what they are called, their numbers and addresses, each in its own company."""

from collections.abc import Mapping
from random import Random

import pytest
from sqlalchemy import Connection, Engine, insert

from swapboard.leads.listing import list_leads
from swapboard.leads.searching import who_mentions
from swapboard.storage.engine import reading, writing
from swapboard.storage.schema import calls, forms, lead_contacts, lead_keys, leads, sessions
from tests.building import NOW, Business, open_business
from tests.reports.random_business import a_call_at, a_form_at, session_at

CALLED: Mapping[str, Mapping[str, str]] = {
    "ann": {"caller_number": "+442079460111", "caller_name": "Ann MEYER"},
    # Several people share this number, so that it is no key of theirs.
    "cy": {"caller_number": "+442079460122"},
}
WROTE: Mapping[str, Mapping[str, str]] = {
    "bob": {"name": "Bob O'Hara", "note": "50% off_season", "E-mail": "Bob@Example.com"},
    "cy": {"name": "Cy Young", "town": "Évreux"},
}
KEYS = (("ann", "phone", "+442079460111"), ("bob", "email", "bob@example.com"), ("bob", "visitor", "meyer"))


def _lead_id(business: Business, who: str) -> str:
    return f"{who}{business.company_id}"[:32]


def people(connection: Connection, business: Business) -> None:
    """Ann called, Bob wrote, Cy did both."""
    own = {"company_id": business.company_id}
    visit = session_at(business, Random(1), NOW)
    connection.execute(insert(sessions), visit)
    for who in ("ann", "bob", "cy"):
        lead = {**own, "lead_id": _lead_id(business, who)}
        connection.execute(insert(leads), {**lead, "created_at": NOW, "last_at": NOW, "began_as": "call"})
        contact = {**lead, "happened_at": NOW}
        if who in CALLED:
            call = a_call_at(business, Random(2), NOW) | CALLED[who]
            connection.execute(insert(calls), call)
            connection.execute(insert(lead_contacts), {**contact, "kind": "call", "contact_id": call["call_id"]})
        if who in WROTE:
            form = a_form_at(business, visit, NOW) | {"fields": WROTE[who]}
            connection.execute(insert(forms), form)
            connection.execute(insert(lead_contacts), {**contact, "kind": "form", "contact_id": form["form_id"]})
    for who, kind, value in KEYS:
        row = {**own, "lead_id": _lead_id(business, who), "kind": kind, "value": value}
        connection.execute(insert(lead_keys), row)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "ann bob cy"),
        ("meyer", "ann"),
        ("  ANN   mey ", "ann"),
        ("ann bob", ""),
        ("020 7946 0111", "ann"),
        ("(020) 7946-01", "ann cy"),
        ("cy 79460122", "cy"),
        ("évreux (020) 7946 YOUNG", "cy"),
        ("évreux (020) 7946 meyer", ""),
        ("bob@example.com", "bob"),
        ("o'hara example", "bob"),
        ("50%", "bob"),
        ("off_s", "bob"),
        ("Évreux", "cy"),
        ("ÉVREUX", "cy"),
        ("offxs", ""),
        # What fields are called says nothing of anybody.
        ("note", ""),
        ("nobody", ""),
    ],
)
def test_all_words_occur_wherever_it_is(engine: Engine, text: str, expected: str) -> None:
    with writing(engine) as connection:
        business, stranger = open_business(connection), open_business(connection)
        people(connection, business)
        people(connection, stranger)
    with reading(engine) as connection:
        only = who_mentions(business.company_id, text, "GB")
        found = list_leads(connection, business.company_id, only=only).rows
    assert {each.lead.lead_id for each in found} == {_lead_id(business, who) for who in expected.split()}


def test_a_search_goes_on_page_by_page(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection)
        people(connection, business)
    with reading(engine) as connection:
        only = who_mentions(business.company_id, "79460", "GB")
        first = list_leads(connection, business.company_id, 1, None, only)
        second = list_leads(connection, business.company_id, 1, first.next_cursor, only)
    found = [each.lead.lead_id for page in (first, second) for each in page.rows]
    assert sorted(found) == [_lead_id(business, "ann"), _lead_id(business, "cy")]
    assert second.next_cursor is None
