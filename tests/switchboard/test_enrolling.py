"""Senders of forms are leads, and the same person as the caller with their number."""

import pytest
from sqlalchemy import Engine

from swapboard.leads.lead import Contact, ContactKind, KeyKind, keys_of
from swapboard.leads.listing import LeadRecord, list_leads
from swapboard.leads.store import join
from swapboard.storage.engine import reading, writing
from swapboard.switchboard.enrolling import enroll
from swapboard.visits.forms import SentForm
from tests.building import Business, open_business

NOW = 1_790_000_000_000


@pytest.fixture
def business(engine: Engine) -> Business:
    with writing(engine) as connection:
        return open_business(connection)


def a_form(form_id: str, visitor_id: str = "v1", **fields: str) -> SentForm:
    return SentForm(form_id, "s1", visitor_id, "site", NOW, "contact", "https://www.example.com/", fields)


def people(engine: Engine, business: Business, *sent: SentForm) -> tuple[LeadRecord, ...]:
    with writing(engine) as connection:
        enroll(connection, business.company_id, sent)
        return list_leads(connection, business.company_id).rows


def test_a_sender_is_the_caller_with_that_number(engine: Engine, business: Business) -> None:
    call = Contact(ContactKind.CALL, "c1", NOW - 1, keys_of("+12125550111"))
    with writing(engine) as connection:
        join(connection, business.company_id, call, NOW - 1)
    (person,) = people(engine, business, a_form("f1", phone="+1 (212) 555-0111", email="Ann@example.com"))
    assert person.values(KeyKind.PHONE) == ("+12125550111",)
    assert person.values(KeyKind.EMAIL) == ("ann@example.com",)
    assert person.values(KeyKind.VISITOR) == ("v1",)
    assert [contact.contact_id for contact in person.contacts] == ["c1", "f1"]


def test_two_forms_of_one_visitor_are_one_person(engine: Engine, business: Business) -> None:
    assert len(people(engine, business, a_form("f1", email="ann@example.com"), a_form("f2"))) == 1


@pytest.mark.parametrize(
    "fields", [{"phone": "call me"}, {"email": "ann"}, {"email": f"{'a' * 300}@example.com"}, {}]
)
def test_nonsense_is_no_way_to_recognise_anybody(
    engine: Engine, business: Business, fields: dict[str, str]
) -> None:
    (person,) = people(engine, business, a_form("f1", **fields))
    assert {key.kind for key in person.keys} == {KeyKind.VISITOR}


def test_nothing_sent_is_nobody(engine: Engine, business: Business) -> None:
    assert people(engine, business) == ()
    with reading(engine) as connection:
        assert list_leads(connection, business.company_id).rows == ()
