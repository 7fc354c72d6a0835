"""Customers' databases hold one person and one record for each call, however often and whatever they are told."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

import pytest

from swapboard.conversions.destinations.base import Destination
from swapboard.conversions.destinations.installed import destination_kind
from swapboard.conversions.destinations.request import Answer, shown
from swapboard.conversions.destinations.salesforce.kind import spellings
from swapboard.conversions.event import Event
from swapboard.conversions.message import Message, Saying
from swapboard.conversions.outbox import Outcome, Result
from tests.conversions.destinations.customer_databases import (
    REFRESH,
    TOKEN,
    Database,
    HubSpot,
    Pipedrive,
    Salesforce,
    reply,
)
from tests.conversions.people import CALL, FORM, MISSED, NOW, a_message

SETTINGS = {
    "hubspot": {"access_token": TOKEN},
    "salesforce": {
        "instance_url": "https://brightwater.my.salesforce.com",
        "client_id": "id",
        "client_secret": "very-secret",
        "refresh_token": REFRESH,
        "token_url": "https://login.salesforce.com/services/oauth2/token",
    },
    "pipedrive": {"url": "https://brightwater.pipedrive.com", "api_token": TOKEN},
}
THERE: dict[str, Callable[[], Database]] = {"hubspot": HubSpot, "salesforce": Salesforce, "pipedrive": Pipedrive}
Pair: TypeAlias = tuple[Destination, Database]
EACH = pytest.mark.parametrize("kind", list(SETTINGS))


def pair(kind: str, **changes: str) -> Pair:
    return destination_kind(kind).open(SETTINGS[kind] | changes), THERE[kind]()


def tell(pair: Pair, message: Message) -> Result:
    destination, there = pair
    (result,) = destination.send([message], NOW, there)
    return result


def people(there: Database) -> int:
    return len(there.people) + (len(there.leads) if isinstance(there, Salesforce) else 0)


def body(there: Database) -> str:
    (record,) = there.records.values()
    return str(record.get("hs_call_body") or record.get("Description") or record.get("note"))


@EACH
def test_a_call_makes_a_person_and_a_record_that_says_where_it_came_from(kind: str) -> None:
    both = pair(kind)
    assert tell(both, a_message()).outcome is Outcome.TAKEN
    assert people(both[1]) == 1
    said = body(both[1])
    for fact in ("Paid Search", "spring", "emergency plumber", "gclid Cj0example", "97%", "123.00 USD"):
        assert fact in said
    assert "Ann" in str(both[1].people or getattr(both[1], "leads", None))


@EACH
def test_told_twice_and_changed_later_it_is_the_same_record(kind: str) -> None:
    both = pair(kind)
    for message in (
        a_message(),
        a_message(),
        a_message(saying=Saying.RESTATE, value_cents=99_00),
        a_message(replace(CALL, tags=("sale",), qualified=True), Event.CHANGED),
    ):
        both[1].index()
        assert tell(both, message).outcome is Outcome.TAKEN
    assert (people(both[1]), len(both[1].records)) == (1, 1)
    assert "sale" in body(both[1])
    assert "Good lead: yes" in body(both[1])
    tell(both, a_message(saying=Saying.RETRACT))
    assert "Counts: no, after all" in body(both[1])
    assert len(both[1].records) == 1


@pytest.mark.parametrize("kind", ["hubspot", "salesforce"])
def test_two_calls_at_once_make_one_person_though_the_search_is_slow(kind: str) -> None:
    both = pair(kind)
    tell(both, a_message())
    assert tell(both, a_message(replace(CALL, contact_id="e" * 32))).outcome is Outcome.TAKEN
    assert (people(both[1]), len(both[1].records)) == (1, 2)


@EACH
def test_what_was_never_there_is_not_made_by_a_change(kind: str) -> None:
    both = pair(kind)
    for saying in (Event.CHANGED, Event.ATTRIBUTION_CHANGED, Saying.RETRACT):
        result = tell(both, a_message(saying=saying))
        assert (result.outcome, "did not count" in result.words) == (Outcome.WITHHELD, True)
    assert people(both[1]) == len(both[1].records) == 0


@EACH
def test_a_form_and_a_missed_call_are_there_too(kind: str) -> None:
    both = pair(kind)
    for contact in (FORM, MISSED):
        both[1].index()
        assert tell(both, a_message(contact)).outcome is Outcome.TAKEN
    assert (people(both[1]), len(both[1].records)) == (1, 2)
    said = str(both[1].records)
    assert "Form: Ann Lee" in said
    assert "not answered" in said


@EACH
def test_who_mistyped_their_address_is_there_by_their_number(kind: str) -> None:
    both = pair(kind)
    form = replace(FORM, phone="+12125550111", email="ann@example.con")
    assert tell(both, a_message(form)).outcome is Outcome.TAKEN
    assert (people(both[1]), len(both[1].records)) == (1, 1)
    nameless = tell(both, a_message(replace(form, lead_id="9" * 32, contact_id="9" * 32, phone=None)))
    is_refused = nameless.outcome is Outcome.REFUSED and "INVALID_EMAIL" in nameless.words
    assert is_refused is (kind != "pipedrive")


@EACH
@pytest.mark.parametrize("name", ["Ann Lee ", "  Ann  Lee\t", " "])
def test_a_name_with_blanks_around_it_is_a_name_all_the_same(kind: str, name: str) -> None:
    both = pair(kind)
    assert tell(both, a_message(replace(FORM, name=name))).outcome is Outcome.TAKEN
    (person,) = {**both[1].people, **getattr(both[1], "leads", {})}.values()
    called = " ".join(
        str(person.get(each, "")) for each in ("firstname", "lastname", "FirstName", "LastName", "name")
    )
    assert called.split() == (["Ann", "Lee"] if name.strip() else ["+1", "212-555-0111"])


@EACH
def test_killed_between_the_person_and_the_record_it_goes_on_from_there(kind: str) -> None:
    destination, there = pair(kind)
    before = len(there.records)

    def dies(request: object) -> Answer:
        answer = there(request)  # type: ignore[arg-type]
        if people(there) and "contacts" not in there.asked[-1] and before == len(there.records):
            return reply(503, {})
        return answer

    (result,) = destination.send([a_message()], NOW, dies)
    there.index()
    assert result.outcome in {Outcome.FAILED, Outcome.TAKEN}
    assert tell((destination, there), a_message()).outcome is Outcome.TAKEN
    assert (people(there), len(there.records)) == (1, 1)


@EACH
def test_too_many_requests_and_troubles_of_theirs_may_pass(kind: str) -> None:
    destination, there = pair(kind)
    for status, wait in ((429, 10.0), (502, None)):
        told = [{"errorCode": "X", "message": "busy"}] if kind == "salesforce" else {"message": "busy"}
        headers = {"retry-after": "10"} if wait else {}
        login = [reply(200, {"access_token": TOKEN})] if kind == "salesforce" else []
        there.busy = [*login, Answer(status, headers, reply(0, told).body)]
        result = tell((destination, there), a_message())
        assert (result.outcome, result.retry_after_seconds) == (Outcome.FAILED, wait)
    assert tell((destination, there), a_message()).outcome is Outcome.TAKEN


@EACH
def test_access_that_ran_out_refuses_nothing_for_good(kind: str) -> None:
    wrong = {"hubspot": "access_token", "salesforce": "refresh_token", "pipedrive": "api_token"}[kind]
    both = pair(kind, **{wrong: "old"})
    result = tell(both, a_message())
    assert result.outcome is Outcome.FAILED
    assert any(word in result.words.lower() for word in ("expired", "unauthorized"))
    assert both[0].test(NOW, both[1]).outcome is Outcome.FAILED


def test_an_account_that_is_not_paid_for_loses_no_call_meanwhile() -> None:
    destination, there = pair("pipedrive")
    unpaid = {"success": False, "error": "Company account is not open"}
    there.busy = [reply(402, unpaid)]
    result = tell((destination, there), a_message())
    assert (result.outcome, result.words) == (Outcome.FAILED, "HTTP 402: Company account is not open")
    assert tell((destination, there), a_message()).outcome is Outcome.TAKEN


@EACH
def test_a_try_leaves_nothing_there(kind: str) -> None:
    destination, there = pair(kind)
    assert destination.test(NOW, there).outcome is Outcome.TAKEN
    assert people(there) == len(there.records) == 0


@EACH
def test_who_is_not_known_by_anything_is_not_told(kind: str) -> None:
    destination, _there = pair(kind)
    nobody = replace(CALL, phone=None, email=None)
    assert "Neither a number nor" in str(destination.objection(a_message(nobody), NOW))
    assert destination.objection(a_message(), NOW) is None


@EACH
def test_a_preview_shows_both_and_no_secret(kind: str) -> None:
    destination, _there = pair(kind)
    requests = [shown(each) for each in destination.preview([a_message()], NOW)]
    assert len(requests) == 2
    assert TOKEN not in str(requests)
    assert "very-secret" not in str(requests)


def test_hubspot_knows_people_by_their_number_however_it_is_written() -> None:
    both = pair("hubspot")
    both[1].people["7"] = {"phone": "(212) 555-0111"}
    both[1].index()
    tell(both, a_message())
    assert list(both[1].people) == ["7"]
    assert both[1].people["7"]["swapboard_lead_id"] == "l" * 32


def test_whoever_signs_in_to_hubspot_needs_no_token_that_was_pasted_before() -> None:
    oauth = {"client_id": "app", "client_secret": "hush", "refresh_token": REFRESH}
    destination, there = pair("hubspot", access_token="old", **oauth)
    there.busy = [reply(200, {"access_token": TOKEN})]
    assert tell((destination, there), a_message()).outcome is Outcome.TAKEN
    assert there.asked[0] == "POST /oauth/2026-03/token"


def test_hubspot_says_who_has_the_address_already() -> None:
    both = pair("hubspot")
    both[1].people["7"] = {"email": "ann@example.com"}
    assert tell(both, a_message()).outcome is Outcome.TAKEN, "the search does not find them yet"
    assert list(both[1].people) == ["7"]


def test_hubspot_without_leave_to_add_a_property_says_which() -> None:
    both = pair("hubspot")
    assert isinstance(both[1], HubSpot)
    both[1].may_add_properties = False
    result = tell(both, a_message())
    assert (result.outcome, "crm.schemas.contacts.write" in result.words) == (Outcome.FAILED, True)


def test_salesforce_finds_contacts_first_in_each_spelling() -> None:
    for way in spellings("+12125550111"):
        both = pair("salesforce")
        both[1].people["003A"] = {"Phone": way}
        tell(both, a_message())
        (task,) = both[1].records.values()
        assert task["WhoId"] == "003A", way
    assert {"+12125550111", "(212) 555-0111", "212-555-0111", "2125550111"} <= set(spellings("+12125550111"))


def test_salesforce_takes_a_lead_that_is_like_another() -> None:
    both = pair("salesforce")
    for phone, email in (("+12125550111", None), (None, "ann.lee@example.com")):
        other = replace(CALL, contact_id=f"e{phone}", phone=phone, email=email)
        assert tell(both, a_message(other)).outcome is Outcome.TAKEN
    assert people(both[1]) == 2


def test_salesforce_s_quotes_are_quoted() -> None:
    both = pair("salesforce")
    odd = replace(CALL, email="o'neil@example.com", phone=None)
    assert tell(both, a_message(odd)).outcome is Outcome.TAKEN


@pytest.mark.parametrize(
    ("code", "outcome"),
    [("UNABLE_TO_LOCK_ROW", Outcome.FAILED), ("FIELD_CUSTOM_VALIDATION_EXCEPTION", Outcome.REFUSED)],
)
def test_what_salesforce_may_take_later_is_tried_again(code: str, outcome: Outcome) -> None:
    destination, there = pair("salesforce")
    there.busy = [reply(200, {"access_token": TOKEN}), reply(400, [{"errorCode": code, "message": "no"}])]
    result = tell((destination, there), a_message())
    assert (result.outcome, code in result.words) == (outcome, True)


@pytest.mark.parametrize(
    ("kind", "wrong", "words"),
    [
        ("hubspot", {"access_token": ""}, "Fill in the access token, or sign in."),
        ("salesforce", {"instance_url": "brightwater"}, "The address is like"),
        ("salesforce", {"refresh_token": ""}, "Fill in Refresh token."),
        ("pipedrive", {"url": "brightwater"}, "The address is like"),
    ],
)
def test_settings_that_cannot_be(kind: str, wrong: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        destination_kind(kind).open(SETTINGS[kind] | wrong)
