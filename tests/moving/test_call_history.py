"""Calls of the past, written beside ours: their callers are people as ours are."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from random import Random

import pytest
from sqlalchemy import Connection, Engine, insert

from swapboard.calls.call import Status
from swapboard.clock import DAY, Millis
from swapboard.leads import past
from swapboard.leads.beginning import unsettled
from swapboard.leads.lead import Contact, ContactKind, KeyKind, LeadKey
from swapboard.leads.listing import LeadRecord, count_new, list_leads
from swapboard.leads.store import join
from swapboard.moving.call_history import PastCall, write_history
from swapboard.storage.commit import carry_out
from swapboard.storage.engine import reading, writing
from swapboard.storage.schema import calls, shared_keys
from tests.building import NOW, ON_POSTGRESQL, Business, open_business, rows_of
from tests.reports.random_business import a_call_at

ANN, BOB, OFFICE = "+12125550101", "+12125550102", "+12125550103"


@pytest.fixture
def business(engine: Engine) -> Business:
    with writing(engine) as connection:
        return open_business(connection)


def _call(ref: str, at: Millis, caller: str | None) -> PastCall:
    return PastCall(ref, at, None, None, caller, caller is None, Status.ANSWERED, 60)


def _told(connection: Connection, business: Business) -> dict[str, list[Millis]]:
    """When each person got in touch, by their number."""
    return {
        _name(each): [contact.happened_at for contact in each.contacts]
        for each in list_leads(connection, business.company_id, limit=200).rows
    }


def _name(record: LeadRecord) -> str:
    return next(iter(record.values(KeyKind.PHONE)), record.lead.lead_id)


def _write(engine: Engine, business: Business, history: Sequence[PastCall]) -> int:
    with writing(engine) as connection:
        return write_history(connection, business.company_id, "callrail", history, NOW)


def test_callers_of_the_past_are_new_people_of_their_time(engine: Engine, business: Business) -> None:
    long_ago, later = NOW - 90 * DAY, NOW - 30 * DAY
    history = [_call("1", later, ANN), _call("2", long_ago, ANN), _call("3", later, BOB), _call("4", later, None)]
    assert _write(engine, business, history) == 4
    with reading(engine) as connection:
        told = _told(connection, business)
        assert (told.pop(ANN), told.pop(BOB)) == ([long_ago, later], [later])
        assert list(told.values()) == [[later]], "who withheld their number is somebody, too"
        assert len(unsettled(connection, business.company_id)) == 0
        for at, new in ((long_ago, 1), (later, 2)):
            assert count_new(connection, business.company_id, at - DAY, at + DAY) == new
    begun = {row["call_ref"] for row in rows_of(engine, "calls", begins_lead=True)}
    assert begun == {"2", "3", "4"}


def test_who_called_us_too_is_one_person_who_is_no_longer_new(engine: Engine, business: Business) -> None:
    row = a_call_at(business, Random(1), NOW)
    with writing(engine) as connection:
        connection.execute(insert(calls), [row])
        contact = Contact(ContactKind.CALL, row["call_id"], NOW, (LeadKey(KeyKind.PHONE, ANN),))
        lead_id = join(connection, business.company_id, contact, NOW).lead_id
    _write(engine, business, [_call("1", NOW - DAY, ANN)])
    with reading(engine) as connection:
        [record] = list_leads(connection, business.company_id, limit=200).rows
        assert (record.lead.lead_id, record.lead.created_at, record.lead.last_at) == (lead_id, NOW - DAY, NOW)
        assert len(unsettled(connection, business.company_id)) == 0
    assert [each["call_ref"] for each in rows_of(engine, "calls", begins_lead=True)] == ["1"]


def test_a_call_of_ours_is_no_first_one_where_its_caller_called_there_before(
    engine: Engine, business: Business
) -> None:
    ours = {"first_time_caller": True, "started_at": NOW}
    with writing(engine) as connection:
        for caller in (ANN, BOB):
            row = a_call_at(business, Random(caller), NOW) | ours | {"caller_number": caller}
            connection.execute(insert(calls), [row])
    there = [replace(_call(f"{at}", at, ANN), first_time_caller=True) for at in (NOW - DAY, NOW + DAY)]
    _write(engine, business, there)
    firsts = rows_of(engine, "calls", first_time_caller=True)
    assert {(row["caller_number"], row["started_at"]) for row in firsts} == {(ANN, NOW - DAY), (BOB, NOW)}


def test_a_number_that_several_people_use_tells_of_nobody(engine: Engine, business: Business) -> None:
    shared = {"company_id": business.company_id, "kind": KeyKind.PHONE, "value": OFFICE, "happened_at": NOW}
    with writing(engine) as connection:
        connection.execute(insert(shared_keys), [shared])
    _write(engine, business, [_call("1", NOW - DAY, OFFICE), _call("2", NOW - DAY, OFFICE)])
    with reading(engine) as connection:
        assert len(list_leads(connection, business.company_id, limit=200).rows) == 2


def test_calls_that_came_in_as_nobodys_are_somebodys_with_the_next_import(
    engine: Engine, business: Business
) -> None:
    row = {"carrier_id": "callrail", "call_ref": "1", "caller_number": ANN, "started_at": NOW - DAY}
    with writing(engine) as connection:
        connection.execute(insert(calls), [a_call_at(business, Random(1), NOW) | row])
    for _ in range(2):
        assert _write(engine, business, [_call("1", NOW - DAY, ANN)]) == 0
        with reading(engine) as connection:
            assert _told(connection, business) == {ANN: [NOW - DAY]}


@ON_POSTGRESQL
def test_who_rings_while_their_past_is_written_is_one_person(
    engine: Engine, business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, owners_of = a_call_at(business, Random(1), NOW), past._owners

    def owners(connection: Connection, company_id: str, callers: Collection[str]) -> dict[str, str]:
        found = owners_of(connection, company_id, callers)
        monkeypatch.setattr(past, "_owners", owners_of)
        with writing(engine) as other:
            other.execute(insert(calls), [row])
            contact = Contact(ContactKind.CALL, row["call_id"], NOW, (LeadKey(KeyKind.PHONE, ANN),))
            join(other, business.company_id, contact, NOW)
        return found

    monkeypatch.setattr(past, "_owners", owners)
    history = [_call("1", NOW - DAY, ANN)]
    assert carry_out(engine, write_history, business.company_id, "callrail", history, NOW) == 1
    with reading(engine) as connection:
        assert _told(connection, business) == {ANN: [NOW - DAY, NOW]}
