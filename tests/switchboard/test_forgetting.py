"""A visitor wants to be forgotten: no table says who it was, and what counts still counts."""

import pytest
from sqlalchemy import Connection, Engine

from swapboard.calls.call import CallEvent, Facts
from swapboard.calls.call import EventKind as CallEventKind
from swapboard.clock import MINUTE, SECOND, Millis
from swapboard.conversions.conversion import Rule
from swapboard.conversions.event import Event
from swapboard.conversions.store import DestinationRecord, add_destination
from swapboard.storage.engine import writing
from swapboard.storage.schema import metadata
from swapboard.switchboard.beating import Happening, hear
from swapboard.switchboard.forgetting import Wish, forget_visitors, hear_wishes
from swapboard.switchboard.leasing import Swap
from swapboard.switchboard.ringing import Told, receive
from swapboard.switchboard.visiting import Admitted, admit
from swapboard.visits.visit import EventKind, Presence
from tests.building import NOW, Business, a_beat, a_visit, doubly_live, open_business, rows_of

AD = (
    "https://www.example.com/secret-page?utm_source=google&utm_medium=cpc&utm_campaign=spring&gclid=Secret-Click-1"
)
SECRETS = ("secret", "Secret", "SECRET")
CALLER = "+12125550111"


@pytest.fixture
def business(engine: Engine) -> Business:
    with writing(engine) as connection:
        business = open_business(connection, numbers=3)
        everything = DestinationRecord(
            "d" * 32, business.company_id, "webhook", "Ours", {}, "", Rule(answered=False), True, NOW
        )
        add_destination(connection, everything)
        return business


def a_secret_visit(connection: Connection, business: Business) -> Admitted:
    """A visit with something of its own wherever there is a place for it."""
    [admitted] = admit(
        connection,
        [
            a_visit(
                business,
                url=AD,
                referrer="https://www.google.com/?q=secret-search",
                title="Secret title",
                user_agent="Mozilla/5.0 SecretBrowser/1.0",
                time_zone="Secret/Zone",
                cookies={"_ga": "GA1.1.secret"},
            )
        ],
    )
    fields = {"name": "Secret Name", "email": "secret@example.com"}
    done = (
        Happening(EventKind.PAGE, 0, "https://www.example.com/secret-next", "Secret next"),
        Happening(EventKind.CUSTOM, 0, properties={"name": "SECRET", "props": {"plan": "secret"}}),
        Happening(EventKind.FORM, 0, "https://www.example.com/secret-form", "", {"name": "secret"}, fields),
    )
    hear(connection, [a_beat(business, admitted.session_id, Presence.VISIBLE, NOW + SECOND, done)])
    return admitted


def ring(
    connection: Connection, business: Business, number: str, at: Millis = NOW + 30 * SECOND, call_ref: str = "c1"
) -> None:
    facts = Facts(dialled=number, caller=CALLER)
    arrived = CallEvent(call_ref, "", CallEventKind.ARRIVED, 0, at, facts)
    receive(connection, [Told(business.company_id, business.carrier_id, (arrived,), {}, at)])


def kept_of(engine: Engine, *words: str) -> list[str]:
    """All rows of all tables in which one of the words stands."""
    rows = (f"{table} {row}" for table in metadata.tables for row in rows_of(engine, table))
    return [row for row in rows if any(word in row for word in words)]


def test_no_table_knows_anything_of_them_any_more(engine: Engine, business: Business) -> None:
    with writing(engine) as connection:
        admitted = a_secret_visit(connection, business)
        ring(connection, business, admitted.swaps[0].number)
    assert all(kept_of(engine, secret) for secret in (*SECRETS, admitted.visitor_id))

    with writing(engine) as connection:
        assert forget_visitors(connection, business.company_id, [admitted.visitor_id], NOW + MINUTE) == 1
    assert kept_of(engine, *SECRETS, admitted.visitor_id) == []


def test_whoever_was_told_of_their_call_is_told_that_they_are_forgotten(
    engine: Engine, business: Business
) -> None:
    with writing(engine) as connection:
        events = Rule(calls=False, forms=False, events=(Event.FORGOTTEN,))
        hears = DestinationRecord("e" * 32, business.company_id, "webhook", "Hears", {}, "", events, True, NOW)
        add_destination(connection, hears)
        admitted = a_secret_visit(connection, business)
        ring(connection, business, admitted.swaps[0].number)
        forget_visitors(connection, business.company_id, [admitted.visitor_id], NOW + MINUTE)
    (told,) = rows_of(engine, "deliveries")
    message = told["message"]
    assert (told["destination_id"], told["saying"]) == (hears.destination_id, "call.forgotten")
    assert message["details"] == {"forgotten": "visitor"}
    (call,) = rows_of(engine, "calls")
    assert (message["contact"]["contact_id"], message["contact"]["phone"]) == (call["call_id"], None)
    assert message["contact"]["origin"]["session_id"] == admitted.session_id
    assert kept_of(engine, *SECRETS, admitted.visitor_id) == []


def test_channel_and_call_still_count(engine: Engine, business: Business) -> None:
    with writing(engine) as connection:
        admitted = a_secret_visit(connection, business)
        ring(connection, business, admitted.swaps[0].number)
        forget_visitors(connection, business.company_id, [admitted.visitor_id], NOW + MINUTE)

    (session,) = rows_of(engine, "sessions")
    assert (session["channel"], session["campaign"], session["click_ids"]) == ("Paid Search", "spring", {})
    (call,) = rows_of(engine, "calls")
    assert (call["channel"], call["caller_number"], call["session_id"]) == (
        "Paid Search",
        CALLER,
        admitted.session_id,
    )
    # The call is its caller's; the form is nobody's any more, nor is what it said of its sender.
    assert [row["value"] for row in rows_of(engine, "lead_keys")] == [CALLER]
    assert len(rows_of(engine, "leads")) == 1


def test_a_lead_that_was_only_a_form_is_gone(engine: Engine, business: Business) -> None:
    with writing(engine) as connection:
        admitted = a_secret_visit(connection, business)
        forget_visitors(connection, business.company_id, [admitted.visitor_id], NOW + MINUTE)
    assert rows_of(engine, "leads") + rows_of(engine, "lead_keys") + rows_of(engine, "lead_contacts") == []


def test_their_number_rests_and_is_not_held_twice(engine: Engine, business: Business) -> None:
    with writing(engine) as connection:
        admitted = a_secret_visit(connection, business)
        forget_visitors(connection, business.company_id, [admitted.visitor_id], NOW + MINUTE)
        others = admit(connection, [a_visit(business, now=NOW + MINUTE + each) for each in range(2)])
    shown = [other.swaps[0].number for other in others]
    assert admitted.swaps[0].number not in shown
    assert doubly_live(engine) == []


def test_another_tab_shows_the_original_and_leaves_no_trace(engine: Engine, business: Business) -> None:
    target = business.targets[0].number
    with writing(engine) as connection:
        admitted = a_secret_visit(connection, business)
        hear_wishes(connection, [Wish(business.company_id, (), admitted.session_id, NOW + MINUTE)])
        done = (Happening(EventKind.PAGE, 0, "https://www.example.com/later"),)
        beat = a_beat(business, admitted.session_id, Presence.VISIBLE, NOW + 2 * MINUTE, done)
        [heard] = hear(connection, [beat])
    assert heard.alive
    assert heard.swaps == (Swap(target, target),)
    assert rows_of(engine, "visit_events") == []
    assert rows_of(engine, "leases", state="live") == []


def test_who_comes_again_is_new(engine: Engine, business: Business) -> None:
    with writing(engine) as connection:
        first = a_secret_visit(connection, business)
        wish = Wish(business.company_id, (first.visitor_id,), "", NOW + MINUTE)
        assert hear_wishes(connection, [wish, wish]) == [1, 0]
        [again] = admit(
            connection,
            [
                a_visit(
                    business,
                    visitor_id=first.visitor_id,
                    session_id=first.session_id,
                    now=NOW + 2 * MINUTE,
                )
            ],
        )
    assert {first.visitor_id, first.session_id}.isdisjoint({again.visitor_id, again.session_id})
    assert not rows_of(engine, "sessions", session_id=again.session_id)[0]["is_returning"]


def test_another_companys_visitor_is_not_forgotten(engine: Engine, business: Business) -> None:
    with writing(engine) as connection:
        other = open_business(connection)
        theirs = a_secret_visit(connection, other)
        wish = Wish(business.company_id, (theirs.visitor_id,), theirs.session_id, NOW + MINUTE)
        assert hear_wishes(connection, [wish]) == [0]
    assert rows_of(engine, "sessions", session_id=theirs.session_id)[0]["visitor_id"] == theirs.visitor_id
