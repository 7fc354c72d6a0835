"""Whatever becomes of leads, exactly one call or form of each says that they begin with it: the first."""

from collections.abc import Sequence
from random import Random

import pytest
from sqlalchemy import Connection, Engine, insert, select, text

from swapboard.leads.beginning import resettle, unsettled
from swapboard.leads.by_hand import join_by_hand, part_by_hand
from swapboard.leads.lead import Contact, ContactKind, KeyKind, LeadKey
from swapboard.leads.listing import LeadRecord, list_leads
from swapboard.leads.store import drop_contact, forget, join
from swapboard.storage.engine import reading, writing
from swapboard.storage.schema import calls, forms
from tests.building import NOW, Business, open_business
from tests.reports.random_business import a_call_at, a_form_at, session_at

KEYS = [
    *(LeadKey(KeyKind.PHONE, f"+1212555010{place}") for place in range(4)),
    *(LeadKey(KeyKind.VISITOR, f"v{place}") for place in range(3)),
]


@pytest.fixture
def business(engine: Engine) -> Business:
    with writing(engine) as connection:
        return open_business(connection)


def _everybody(connection: Connection, business: Business) -> Sequence[LeadRecord]:
    return list_leads(connection, business.company_id, limit=200).rows


def _begun(connection: Connection, business: Business) -> dict[str, str]:
    """The calls and forms that are marked."""
    found: dict[str, str] = {}
    for table, key, kind in ((calls, calls.c.call_id, "call"), (forms, forms.c.form_id, "form")):
        marked = select(key).where(table.c.company_id == business.company_id, table.c.begins_lead)
        found |= dict.fromkeys(connection.execute(marked).scalars(), kind)
    return found


def _expected(connection: Connection, business: Business) -> dict[str, str]:
    found = {}
    for each in _everybody(connection, business):
        first = min(each.contacts, key=lambda contact: (contact.happened_at, contact.contact_id))
        last_at = max(contact.happened_at for contact in each.contacts)
        assert (each.lead.created_at, each.lead.began_as) == (first.happened_at, first.kind)
        assert each.lead.last_at >= last_at
        found[first.contact_id] = first.kind.value
    return found


def _contacts(connection: Connection, business: Business, random: Random) -> list[Contact]:
    """Calls and forms that stand in the database, and are nobody's yet."""
    visit = session_at(business, random, NOW)
    rung = [a_call_at(business, random, NOW) for _ in range(12)]
    sent = [a_form_at(business, visit, NOW) for _ in range(6)]
    connection.execute(insert(calls), rung)
    connection.execute(insert(forms), sent)
    ids = [(ContactKind.CALL, row["call_id"]) for row in rung] + [
        (ContactKind.FORM, row["form_id"]) for row in sent
    ]
    return [
        Contact(kind, contact_id, random.randrange(6), tuple(random.sample(KEYS, random.choice((0, 1, 1, 2)))))
        for kind, contact_id in ids
    ]


@pytest.mark.parametrize("seed", range(4))
def test_each_lead_begins_with_its_first_contact_whatever_happens(
    engine: Engine, business: Business, seed: int
) -> None:
    random = Random(seed)
    with writing(engine) as connection:
        contacts = _contacts(connection, business, random)
    for _ in range(40):
        with writing(engine) as connection:
            _happens(connection, business, contacts, random)
            assert _begun(connection, business) == _expected(connection, business)
            assert not unsettled(connection, business.company_id)


def _happens(connection: Connection, business: Business, contacts: list[Contact], random: Random) -> None:
    company_id, everybody = business.company_id, list(_everybody(connection, business))
    place = random.randrange(len(contacts))
    each = contacts[place]
    match random.choice(("join", "join", "join", "move", "drop", "part", "unite", "forget")):
        case "move":
            contacts[place] = each = Contact(each.kind, each.contact_id, random.randrange(6), each.keys)
            join(connection, company_id, each, NOW)
        case "drop":
            drop_contact(connection, company_id, each.kind, each.contact_id)
        case "unite" if len(everybody) > 1:
            one, other = random.sample(everybody, 2)
            join_by_hand(connection, company_id, (one.lead.lead_id, other.lead.lead_id), (), "owner", NOW)
        case "part" if several := [one for one in everybody if len(one.contacts) > 1]:
            lead = random.choice(several)
            chosen = [(lead.contacts[0].kind, lead.contacts[0].contact_id)]
            part_by_hand(connection, company_id, lead.lead, lead.contacts, chosen, "owner", NOW)
        case "forget" if len(sent := [one.contact_id for one in contacts if one.kind is ContactKind.FORM]) > 2:
            gone = random.sample(sent, 2)
            connection.execute(forms.delete().where(forms.c.company_id == company_id, forms.c.form_id.in_(gone)))
            forget(connection, company_id, random.sample(KEYS, 2), gone)
            contacts[:] = [one for one in contacts if one.contact_id not in gone]
        case _:
            join(connection, company_id, each, NOW)


def test_what_does_not_agree_is_found_and_mended(engine: Engine, business: Business) -> None:
    random = Random(1)
    with writing(engine) as connection:
        contacts = _contacts(connection, business, random)
        for each in contacts[1:]:
            join(connection, business.company_id, each, NOW)
        right = _begun(connection, business)
        of_ours = {"it": business.company_id, "stray": contacts[0].contact_id}
        connection.execute(text("UPDATE leads SET created_at = created_at + 7 WHERE company_id = :it"), of_ours)
        connection.execute(text("UPDATE forms SET begins_lead = FALSE WHERE company_id = :it"), of_ours)
        stray = "UPDATE calls SET begins_lead = TRUE WHERE company_id = :it AND call_id = :stray"
        connection.execute(text(stray), of_ours)
    with reading(engine) as connection:
        found = unsettled(connection, business.company_id)
        assert len(found) == len(_everybody(connection, business)) + 1
    with writing(engine) as connection:
        resettle(connection, business.company_id, found)
        assert _begun(connection, business) == right == _expected(connection, business)
        assert not unsettled(connection, business.company_id)
