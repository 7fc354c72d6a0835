"""What is older than a company keeps: nobody can tell any more whose it was, and reports count what they did."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, update

from swapboard.accounts.store import change_company, company_by_id
from swapboard.clock import DAY, MINUTE, Millis
from swapboard.letter import Letter
from swapboard.mail.outbox import KEPT_FOR, claim_email, drop_letters, end_email, over_until, put_out
from swapboard.storage.engine import reading, writing
from swapboard.storage.schema import deliveries
from swapboard.switchboard import ageing
from swapboard.switchboard.ageing import forget_contacts, forget_visits, old_contacts, old_visits
from swapboard.switchboard.visiting import admit
from swapboard.visits.words import words_of
from tests.building import NOW, Business, a_visit, open_business, rows_of
from tests.switchboard.test_forgetting import CALLER, a_secret_visit, business, kept_of, ring

__all__ = ["business"]

DAYS = 90
TOO_OLD = NOW + DAYS * DAY + MINUTE
OF_THE_VISIT = (
    "Secret-Click-1",
    "SecretBrowser",
    "Secret title",
    "Secret/Zone",
    "?q=",
    "GA1.1.secret",
    "secret-next",
    "SECRET",
)
OF_THE_PERSON = (CALLER, CALLER[2:], "Secret Name", "secret@example.com")


def keeps(connection: Connection, company_id: str, **days: int) -> None:
    company = company_by_id(connection, company_id)
    assert company
    change_company(connection, replace(company, **days))


def a_past(engine: Engine, business: Business) -> str:
    """A visit, the call and the form that came of it, and what was told of them; the visit's id."""
    with writing(engine) as connection:
        admitted = a_secret_visit(connection, business)
        ring(connection, business, admitted.swaps[0].number)
        # Whoever was to be told has been.
        connection.execute(update(deliveries).values(state="sent", ended_at=NOW))
    return admitted.session_id


def age(engine: Engine, company_id: str, now: Millis) -> int:
    """Both chores, until there is nothing left to do; says in how many steps."""
    for step in range(100):
        with reading(engine) as connection:
            visits, contacts = old_visits(connection, company_id, now), old_contacts(connection, company_id, now)
        if not visits and not (contacts and contacts.calls) and step:
            return step
        with writing(engine) as connection:
            forget_visits(connection, company_id, visits)
            forget_contacts(connection, company_id, contacts)
    raise AssertionError("it never ends")


def counted(engine: Engine, session_id: str, company_id: str) -> dict[str, Any]:
    """What reports go by."""
    with reading(engine) as connection:
        words = words_of(connection, company_id, [session_id])
    (call,) = rows_of(engine, "calls")
    of_call = ("channel", "source", "medium", "campaign", "keyword", "referrer", "ad_group", "ad", "device")
    tables = (
        "sessions",
        "calls",
        "forms",
        "leads",
        "lead_contacts",
        "call_candidates",
        "deliveries",
        "visit_days",
    )
    return {
        "words": words,
        "call": {name: call[name] for name in of_call}
        | {name: call[name].partition("?")[0] for name in ("landing_page", "referrer")},
        "rows": {table: len(rows_of(engine, table)) for table in tables},
        "changes": [row["changes"] for row in rows_of(engine, "visit_days")],
    }


def test_an_old_visit_says_no_more_whose_it_was_and_counts_for_what_it_did(
    engine: Engine, business: Business
) -> None:
    session_id = a_past(engine, business)
    before = counted(engine, session_id, business.company_id)
    assert all(kept_of(engine, word) for word in OF_THE_VISIT)
    with writing(engine) as connection:
        keeps(connection, business.company_id, visits_kept_days=DAYS)

    age(engine, business.company_id, NOW + DAYS * DAY - MINUTE)
    assert all(kept_of(engine, word) for word in OF_THE_VISIT)

    age(engine, business.company_id, TOO_OLD)
    assert kept_of(engine, *OF_THE_VISIT) == []
    assert counted(engine, session_id, business.company_id) == before
    assert all(kept_of(engine, word) for word in OF_THE_PERSON)


def test_an_old_contact_says_no_more_who_it_was_and_still_counts(engine: Engine, business: Business) -> None:
    session_id = a_past(engine, business)
    before = counted(engine, session_id, business.company_id)
    with writing(engine) as connection:
        keeps(connection, business.company_id, contacts_kept_days=DAYS)
    assert all(kept_of(engine, word) for word in OF_THE_PERSON)

    age(engine, business.company_id, TOO_OLD)
    assert kept_of(engine, *OF_THE_PERSON) == []
    assert counted(engine, session_id, business.company_id) == before
    (call,) = rows_of(engine, "calls")
    assert (call["caller_withheld"], call["search_text"]) == (False, "paid search google cpc spring secret-search")


def test_all_is_kept_where_nobody_set_days(engine: Engine, business: Business) -> None:
    a_past(engine, business)
    before = kept_of(engine, *OF_THE_VISIT, *OF_THE_PERSON)
    age(engine, business.company_id, NOW + 5_000 * DAY)
    assert kept_of(engine, *OF_THE_VISIT, *OF_THE_PERSON) == before


def test_who_called_again_since_is_known_by_the_later_call(engine: Engine, business: Business) -> None:
    a_past(engine, business)
    with writing(engine) as connection:
        keeps(connection, business.company_id, contacts_kept_days=DAYS)
        ring(connection, business, business.targets[0].number, NOW + 2 * DAY, "c2")
    age(engine, business.company_id, TOO_OLD)
    called = {row["call_ref"]: row["caller_number"] for row in rows_of(engine, "calls")}
    assert called == {"c1": None, "c2": CALLER}
    assert CALLER in {row["value"] for row in rows_of(engine, "lead_keys")}


def test_it_goes_on_where_it_stopped(engine: Engine, business: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ageing, "_VISITS_AT_ONCE", 2)
    with writing(engine) as connection:
        admit(connection, [a_visit(business, now=NOW + each % 2) for each in range(5)])
        keeps(connection, business.company_id, visits_kept_days=DAYS)
    assert age(engine, business.company_id, TOO_OLD) == 3
    assert all(row["visitor_id"] == row["session_id"] for row in rows_of(engine, "sessions"))

    with writing(engine) as connection:
        admit(connection, [a_visit(business, now=NOW + DAY)])
        assert old_visits(connection, business.company_id, TOO_OLD) == []
        assert len(old_visits(connection, business.company_id, TOO_OLD + DAY)) == 1


def test_another_company_keeps_its_own(engine: Engine, business: Business) -> None:
    with writing(engine) as connection:
        other = open_business(connection)
        [theirs] = admit(connection, [a_visit(other)])
        keeps(connection, business.company_id, visits_kept_days=DAYS, contacts_kept_days=DAYS)
    a_past(engine, business)
    age(engine, business.company_id, TOO_OLD)
    assert kept_of(engine, theirs.visitor_id)


def test_letters_that_are_over_are_kept_for_a_season(engine: Engine, business: Business) -> None:
    company_id = business.company_id
    with writing(engine) as connection:
        for about in ("sent", "waits"):
            put_out(connection, company_id, about, ["ann@example.com"], Letter("Hello", "plain", "html"), NOW)
    (sent,) = [row["email_id"] for row in rows_of(engine, "emails") if row["about"] == "sent"]
    with writing(engine) as connection:
        email = claim_email(connection, company_id, sent, NOW)
        assert email
        end_email(connection, email, trouble=None, permanent=False, now=NOW)
        assert over_until(connection, company_id, NOW + KEPT_FOR) is None
        drop_letters(connection, company_id, over_until(connection, company_id, NOW + KEPT_FOR + DAY))
    assert [row["about"] for row in rows_of(engine, "emails")] == ["waits"]
