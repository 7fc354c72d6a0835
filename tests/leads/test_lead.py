"""Who is the same person, as a rule without a database."""

from hypothesis import given
from hypothesis import strategies as st

from swapboard.leads.lead import (
    SURE_ENOUGH,
    Contact,
    ContactKind,
    KeyKind,
    Lead,
    LeadKey,
    begun_by,
    keys_of,
    unite,
)

leads = st.builds(
    Lead,
    lead_id=st.uuids().map(lambda each: each.hex),
    began_as=st.sampled_from(ContactKind),
    created_at=st.integers(0, 1000),
    last_at=st.integers(1000, 2000),
    qualified_at=st.none() | st.integers(0, 2000),
)
contacts = st.builds(
    Contact,
    kind=st.sampled_from(ContactKind),
    contact_id=st.just("c"),
    happened_at=st.integers(0, 2000),
    keys=st.just(()),
)


@given(st.lists(leads, min_size=1, unique_by=lambda lead: lead.lead_id), contacts, st.randoms())
def test_it_does_not_matter_which_lead_is_found_first(found: list[Lead], contact: Contact, random: object) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one = unite(shuffled, contact)
    assert one == unite(found, contact)
    assert one.lead_id in {lead.lead_id for lead in found}
    assert one.created_at == min(contact.happened_at, *(lead.created_at for lead in found))
    assert one.last_at == max(contact.happened_at, *(lead.last_at for lead in found))


def test_the_oldest_goes_on() -> None:
    older = Lead("b", ContactKind.FORM, 10, 20)
    newer = Lead("a", ContactKind.CALL, 30, 90, qualified_at=95)
    contact = Contact(ContactKind.CALL, "c", 50, ())
    assert unite([newer, older], contact) == Lead("b", ContactKind.FORM, 10, 90, 95)


def test_a_contact_that_was_told_of_late_may_be_the_first() -> None:
    known = Lead("a", ContactKind.FORM, 100, 100)
    assert unite([known], Contact(ContactKind.CALL, "c", 50, ())) == Lead("a", ContactKind.CALL, 50, 100)


def test_a_stranger_begins_a_lead() -> None:
    assert begun_by(Contact(ContactKind.CALL, "c", 50, ()), "new") == Lead("new", ContactKind.CALL, 50, 50)


def test_what_a_person_is_recognised_by() -> None:
    assert keys_of("+12125550111", " Ann@Example.com ", "v1") == (
        LeadKey(KeyKind.PHONE, "+12125550111"),
        LeadKey(KeyKind.EMAIL, "ann@example.com"),
        LeadKey(KeyKind.VISITOR, "v1"),
    )
    assert keys_of() == ()


def test_a_visitor_who_is_not_sure_tells_nothing() -> None:
    assert keys_of(visitor_id="v1", confidence=SURE_ENOUGH) != ()
    assert keys_of(visitor_id="v1", confidence=SURE_ENOUGH - 0.01) == ()
