"""People join and part leads by hand, on both engines: what was parted stays apart until somebody joins it."""

import pytest
from sqlalchemy import Engine

from swapboard.leads.by_hand import ChangeKind, changes_of, join_by_hand, part_by_hand
from swapboard.leads.lead import Contact, ContactKind, KeyKind, Lead, LeadKey, keys_of, part, together
from swapboard.leads.listing import LeadRecord, list_leads
from swapboard.leads.store import forget, join
from swapboard.storage.engine import reading, writing
from tests.building import Business, open_business, rows_of

OFFICE, ANN = "+12125550111", "+12125550122"


@pytest.fixture
def business(engine: Engine) -> Business:
    with writing(engine) as connection:
        return open_business(connection)


def a_call(call_id: str, at: int, phone: str | None = OFFICE, visitor: str | None = None) -> Contact:
    return Contact(ContactKind.CALL, call_id, at, keys_of(phone, visitor_id=visitor))


def get_in_touch(engine: Engine, business: Business, *contacts: Contact) -> list[str]:
    with writing(engine) as connection:
        return [join(connection, business.company_id, each, each.happened_at).lead_id for each in contacts]


def take_out(engine: Engine, business: Business, contacts: tuple[Contact, ...], *call_ids: str) -> Lead:
    """The calls are another person's."""
    chosen = [(ContactKind.CALL, each) for each in call_ids]
    lead = next(each for each in everybody(engine, business) if call_ids[0] in each.contact_ids(ContactKind.CALL))
    with writing(engine) as connection:
        return part_by_hand(connection, business.company_id, lead.lead, contacts, chosen, "owner", 1_000)


def everybody(engine: Engine, business: Business) -> tuple[LeadRecord, ...]:
    with reading(engine) as connection:
        return list_leads(connection, business.company_id).rows


def test_a_shared_number_joins_nobody_any_more(engine: Engine, business: Business) -> None:
    two = (a_call("c1", 100, visitor="v1"), a_call("c2", 200, visitor="v2"))
    first, again = get_in_touch(engine, business, *two)
    assert first == again
    other = take_out(engine, business, two, "c2").lead_id
    assert other != first
    people = {each.lead.lead_id: each for each in everybody(engine, business)}
    assert people[first].contact_ids(ContactKind.CALL) == ("c1",)
    assert people[other].values(KeyKind.VISITOR) == ("v2",)
    assert (people[other].lead.created_at, people[first].lead.last_at) == (200, 100)
    # The visitor tells who it is; the office's number alone tells nobody.
    by_visitor, unknown = get_in_touch(engine, business, a_call("c3", 300, visitor="v2"), a_call("c4", 400))
    assert by_visitor == other
    assert unknown not in {first, other}
    # Told of again, each stays where it is.
    assert get_in_touch(engine, business, *two) == [first, other]


def test_what_was_parted_is_not_joined_by_itself(engine: Engine, business: Business) -> None:
    two = (a_call("c1", 100, OFFICE, "v1"), a_call("c2", 200, ANN, "v1"))
    first, again = get_in_touch(engine, business, *two)
    assert first == again
    other = take_out(engine, business, two, "c2").lead_id
    # Both a number of the one and a visitor of a third: the number tells most.
    third, mixed = get_in_touch(engine, business, a_call("c3", 300, None, "v3"), a_call("c4", 400, ANN, "v3"))
    assert mixed == other
    assert third not in {each.lead.lead_id for each in everybody(engine, business)}
    # A call that would make one person of the two goes to whom its number tells.
    (bridge,) = get_in_touch(engine, business, a_call("c5", 500, OFFICE, "v3"))
    assert bridge == first
    assert len(everybody(engine, business)) == 2


def test_joining_again_takes_the_parting_back(engine: Engine, business: Business) -> None:
    two = (a_call("c1", 100), a_call("c2", 200))
    first, _ = get_in_touch(engine, business, *two)
    other = take_out(engine, business, two, "c2").lead_id
    shared = [LeadKey(KeyKind.PHONE, OFFICE)]
    with writing(engine) as connection:
        lead = join_by_hand(connection, business.company_id, (first, other), shared, "owner", 2_000)
        assert lead.lead_id == first
        trail = changes_of(connection, business.company_id, first)
    assert [(each.kind, each.actor, each.happened_at) for each in trail] == [
        (ChangeKind.PARTED, "owner", 1_000),
        (ChangeKind.JOINED, "owner", 2_000),
    ]
    assert trail[0].detail["shared"] == ["phone"]
    assert trail[1].detail["contacts"] == [["call", "c2"]]
    assert get_in_touch(engine, business, a_call("c3", 300)) == [first]
    assert len(everybody(engine, business)) == 1


def test_who_is_parted_from_one_is_parted_from_whom_that_one_becomes(engine: Engine, business: Business) -> None:
    two = (a_call("c1", 100, OFFICE, "v1"), a_call("c2", 200, ANN, "v1"))
    first, _ = get_in_touch(engine, business, *two)
    other = take_out(engine, business, two, "c2").lead_id
    (oldest,) = get_in_touch(engine, business, a_call("c0", 50, None, "v0"))
    with writing(engine) as connection:
        join_by_hand(connection, business.company_id, (oldest, other), (), "owner", 2_000)
    assert get_in_touch(engine, business, a_call("c6", 600, OFFICE, "v0")) == [first]


def test_who_was_parted_can_be_forgotten(engine: Engine, business: Business) -> None:
    def a_form(form_id: str, at: int, email: str) -> Contact:
        return Contact(ContactKind.FORM, form_id, at, keys_of(email=email))

    two = (a_form("f1", 100, "family@example.com"), a_form("f2", 200, "family@example.com"))
    get_in_touch(engine, business, *two)
    with writing(engine) as connection:
        lead = everybody(engine, business)[0].lead
        part_by_hand(connection, business.company_id, lead, two, [(ContactKind.FORM, "f2")], "owner", 1_000)
    with writing(engine) as connection:
        forget(connection, business.company_id, two[0].keys, ["f1", "f2"])
    assert everybody(engine, business) == ()
    for table in ("lead_keys", "shared_keys", "lead_partings"):
        assert rows_of(engine, table) == []
    assert "family@example.com" not in str(rows_of(engine, "lead_changes"))


def test_nobody_and_everybody_cannot_be_taken_out() -> None:
    contacts = [a_call("c1", 100), a_call("c2", 200)]
    lead = Lead("one", ContactKind.CALL, 100, 200)
    for chosen in ([], [(ContactKind.CALL, "c9")], [(ContactKind.CALL, "c1"), (ContactKind.CALL, "c2")]):
        with pytest.raises(ValueError, match="Choose at least one"):
            part(lead, contacts, chosen, "other")


def test_a_call_of_another_lead_cannot_be_taken_out(engine: Engine, business: Business) -> None:
    """It went to the new lead, and left its own with nothing."""
    two = (a_call("c1", 100, visitor="v1"), a_call("c2", 200, visitor="v2"))
    get_in_touch(engine, business, *two)
    (stranger,) = get_in_touch(engine, business, a_call("c3", 300, ANN))
    with pytest.raises(ValueError, match="not this person's"):
        take_out(engine, business, two, "c2", "c3")
    people = {each.lead.lead_id: each.contact_ids(ContactKind.CALL) for each in everybody(engine, business)}
    assert people[stranger] == ("c3",)
    assert sorted(people.values()) == [("c1", "c2"), ("c3",)]


def test_a_lead_cannot_be_joined_with_nobody(engine: Engine, business: Business) -> None:
    (first,) = get_in_touch(engine, business, a_call("c1", 100))
    with writing(engine) as connection, pytest.raises(LookupError):
        join_by_hand(connection, business.company_id, (first, "0" * 32), (), "owner", 1_000)


def test_the_surest_comes_first_and_strangers_stay_out() -> None:
    a, b, c = (Lead(each, ContactKind.CALL, 1, 1) for each in "abc")
    assert together([a, b, c], {("a", "b"), ("b", "a")}) == [a, c]
    assert together([b, a, c], {("a", "b"), ("b", "a")}) == [b, c]
    assert together([a, b, c], set()) == [a, b, c]
