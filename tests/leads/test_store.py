"""Leads on both engines: contacts find their person, and leads that are one person become one."""

import itertools

import pytest
from sqlalchemy import Engine

from swapboard.leads.lead import Contact, ContactKind, KeyKind, LeadKey, keys_of
from swapboard.leads.listing import LeadRecord, lead_by_id, list_leads
from swapboard.leads.store import join, lead_of, qualify
from swapboard.storage.engine import reading, writing
from swapboard.storage.paging import BadCursor
from tests.building import Business, open_business, rows_of

ANN, BOB = "+12125550111", "+12125550122"


@pytest.fixture
def business(engine: Engine) -> Business:
    with writing(engine) as connection:
        return open_business(connection)


def get_in_touch(engine: Engine, business: Business, *contacts: Contact) -> list[str]:
    with writing(engine) as connection:
        return [join(connection, business.company_id, each, each.happened_at).lead_id for each in contacts]


def a_call(call_id: str, at: int, phone: str | None = None, visitor: str | None = None) -> Contact:
    return Contact(ContactKind.CALL, call_id, at, keys_of(phone, visitor_id=visitor))


def a_form(form_id: str, at: int, phone: str | None = None, email: str | None = None) -> Contact:
    return Contact(ContactKind.FORM, form_id, at, keys_of(phone, email))


def everybody(engine: Engine, business: Business) -> tuple[LeadRecord, ...]:
    with reading(engine) as connection:
        return list_leads(connection, business.company_id).rows


def test_the_same_caller_is_one_lead(engine: Engine, business: Business) -> None:
    first, other, again = get_in_touch(
        engine, business, a_call("c1", 100, ANN), a_call("c2", 200, BOB), a_call("c3", 300, ANN)
    )
    assert first == again != other
    ann, bob = everybody(engine, business)
    assert (ann.lead.created_at, ann.lead.last_at) == (100, 300)
    assert ann.contact_ids(ContactKind.CALL) == ("c1", "c3")
    assert bob.values(KeyKind.PHONE) == (BOB,)


def test_a_call_told_of_again_changes_nothing(engine: Engine, business: Business) -> None:
    get_in_touch(engine, business, a_call("c1", 100, ANN, "v1"))
    before = everybody(engine, business)
    get_in_touch(engine, business, a_call("c1", 100, ANN, "v1"))
    assert everybody(engine, business) == before


def test_callers_who_withhold_their_number_are_not_taken_for_one(engine: Engine, business: Business) -> None:
    first, second = get_in_touch(engine, business, a_call("c1", 100), a_call("c2", 200))
    assert first != second


def test_a_withheld_call_that_is_told_of_again_stays_one_lead(engine: Engine, business: Business) -> None:
    first, again = get_in_touch(engine, business, a_call("c1", 100), a_call("c1", 100))
    assert first == again
    (only,) = everybody(engine, business)
    assert only.contact_ids(ContactKind.CALL) == ("c1",)


THREE = (
    a_call("c1", 100, ANN),
    a_form("f1", 200, email="ann@example.com"),
    a_form("f2", 300, ANN, "ann@example.com"),
)


@pytest.mark.parametrize("order", list(itertools.permutations(THREE)))
def test_leads_that_turn_out_to_be_one_person_become_one(
    engine: Engine, business: Business, order: tuple[Contact, ...]
) -> None:
    get_in_touch(engine, business, *order)
    (ann,) = everybody(engine, business)
    assert ann.lead.began_as is ContactKind.CALL
    assert (ann.lead.created_at, ann.lead.last_at) == (100, 300)
    assert [each.contact_id for each in ann.contacts] == ["c1", "f1", "f2"]
    assert ann.keys == (LeadKey(KeyKind.EMAIL, "ann@example.com"), LeadKey(KeyKind.PHONE, ANN))
    with reading(engine) as connection:
        found = {lead_of(connection, business.company_id, each.kind, each.contact_id) for each in THREE}
    assert found == {ann.lead.lead_id}


def test_another_company_knows_nothing_of_it(engine: Engine, business: Business) -> None:
    with writing(engine) as connection:
        other = open_business(connection)
    (ours,) = get_in_touch(engine, business, a_call("c1", 100, ANN))
    (theirs,) = get_in_touch(engine, other, a_call("c1", 100, ANN))
    assert ours != theirs
    with reading(engine) as connection:
        assert lead_by_id(connection, other.company_id, ours) is None
        assert lead_by_id(connection, other.company_id, theirs) is not None


def test_a_verdict_is_kept_and_can_be_taken_back(engine: Engine, business: Business) -> None:
    (lead_id,) = get_in_touch(engine, business, a_call("c1", 100, ANN))
    for at in (500, None):
        with writing(engine) as connection:
            qualify(connection, business.company_id, lead_id, at)
        assert everybody(engine, business)[0].lead.qualified_at == at


def test_the_list_comes_in_pages_latest_first(engine: Engine, business: Business) -> None:
    wanted = get_in_touch(engine, business, *(a_call(f"c{n}", n, f"+1212555{100 + n:04}") for n in range(5)))
    found: list[str] = []
    cursor = None
    with reading(engine) as connection:
        while True:
            page = list_leads(connection, business.company_id, 2, cursor)
            found += [each.lead.lead_id for each in page.rows]
            cursor = page.next_cursor
            if cursor is None:
                break
        with pytest.raises(BadCursor):
            list_leads(connection, business.company_id, 2, "rubbish")
    assert found == wanted[::-1]
    assert len(rows_of(engine, "leads")) == 5
