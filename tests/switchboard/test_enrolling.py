"""Senders of forms are leads, and the same person as the caller with their number."""

import pytest
from sqlalchemy import Engine

from swapboard.clock import MINUTE, SECOND, Millis
from swapboard.conversions.conversion import Rule
from swapboard.conversions.store import DestinationRecord, add_destination
from swapboard.leads.lead import Contact, ContactKind, KeyKind, keys_of
from swapboard.leads.listing import LeadRecord, list_leads
from swapboard.leads.store import join
from swapboard.storage.engine import reading, writing
from swapboard.switchboard.beating import Happening, hear
from swapboard.switchboard.enrolling import enroll
from swapboard.switchboard.visiting import admit
from swapboard.visits.forms import SentForm
from swapboard.visits.visit import EventKind
from tests.building import Business, a_beat, a_visit, open_business, rows_of

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


def test_a_form_whose_button_was_pressed_twice_was_sent_once(engine: Engine, business: Business) -> None:
    ann, bob = {"email": "ann@example.com"}, {"email": "bob@example.com"}
    everything = DestinationRecord(
        "d" * 32, business.company_id, "webhook", "Ours", {}, "", Rule(answered=False), True, NOW
    )

    def beat(at: Millis, *said: dict[str, str], ago: Millis = 0) -> None:
        done = tuple(Happening(EventKind.FORM, ago, "https://www.example.com/", "", {}, each) for each in said)
        with writing(engine) as connection:
            hear(connection, [a_beat(business, session_id, now=at, happenings=done)])

    with writing(engine) as connection:
        add_destination(connection, everything)
        session_id = admit(connection, [a_visit(business, now=NOW)])[0].session_id
    beat(NOW + SECOND, ann, ann)
    beat(NOW + 2 * SECOND, ann)
    beat(NOW + 30 * SECOND, ann, ago=29 * SECOND)
    assert len(rows_of(engine, "forms")) == 1
    assert len(rows_of(engine, "deliveries")) == 1
    beat(NOW + 40 * SECOND, bob)
    beat(NOW + 5 * MINUTE, ann)
    assert [row["fields"] for row in rows_of(engine, "forms")] == [ann, bob, ann]


def test_nothing_sent_is_nobody(engine: Engine, business: Business) -> None:
    assert people(engine, business) == ()
    with reading(engine) as connection:
        assert list_leads(connection, business.company_id).rows == ()
